/** The table of operations: how each one shapes its output, how it is computed, how a gradient passes it. */
import type { Kind, Node, Shape } from "../graph.ts";
import { activation, softmax } from "./activation.ts";
import { conv, depthwise } from "./conv.ts";
import { affine, dense } from "./dense.ts";
import { add, concat, multiply } from "./merging.ts";
import type { Operation } from "./operation.ts";
import { averagePool, globalAveragePool, globalMaxPool, maxPool } from "./pooling.ts";
import { flatten, identity, input, pad, reshape } from "./shape.ts";
import { upsample } from "./upsampling.ts";

export type { Call, Operation, Pullback, Reads, Uploaded } from "./operation.ts";

/** The table of operations. */
export const OPERATIONS: { readonly [K in Kind]: Operation<K> } = {
  input,
  conv,
  depthwise,
  dense,
  affine,
  activation,
  softmax,
  add,
  multiply,
  concat,
  pad,
  "max-pool": maxPool,
  "average-pool": averagePool,
  "global-average-pool": globalAveragePool,
  "global-max-pool": globalMaxPool,
  upsample,
  flatten,
  reshape,
  identity,
};

/** Infers the shape of a node of any kind. */
export function shapeOf<K extends Kind>(
  node: Pick<Node<K>, "kind" | "attrs" | "weights">,
  inputs: readonly Shape[],
): Shape {
  return OPERATIONS[node.kind].shape(node, inputs);
}
