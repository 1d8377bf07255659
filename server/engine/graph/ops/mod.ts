/** The table of operations: how each one shapes its output, how it is computed, how a gradient passes it. */
import type { Kind, Node, Shape } from "../graph.ts";
import { ACTIVATIONS } from "./activation.ts";
import { CONVOLUTIONS } from "./conv.ts";
import { DENSE } from "./dense.ts";
import { LOCAL_NORM } from "./local_norm.ts";
import { MERGING } from "./merging.ts";
import { MOVING } from "./moving.ts";
import { NORMALISING } from "./normalising.ts";
import type { Operation } from "./operation.ts";
import { POOLING } from "./pooling.ts";
import { PRODUCTS } from "./products.ts";
import { SHAPING } from "./shape.ts";
import { SPREADING } from "./spreading.ts";
import { UPSAMPLING } from "./upsampling.ts";

export type { Call, Operation, Pullback, Reads, Uploaded } from "./operation.ts";

/** The table of operations, put together from the families' own; a kind without a line does not compile. */
export const OPERATIONS: { readonly [K in Kind]: Operation<K> } = {
  ...SHAPING,
  ...CONVOLUTIONS,
  ...DENSE,
  ...ACTIVATIONS,
  ...MERGING,
  ...POOLING,
  ...UPSAMPLING,
  ...SPREADING,
  ...NORMALISING,
  ...LOCAL_NORM,
  ...PRODUCTS,
  ...MOVING,
};

/** Infers the shape of a node of any kind. */
export function shapeOf<K extends Kind>(
  node: Pick<Node<K>, "kind" | "attrs" | "weights">,
  inputs: readonly Shape[],
): Shape {
  return OPERATIONS[node.kind].shape(node, inputs);
}
