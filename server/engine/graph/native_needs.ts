/** What a graph needs of Gradcast's own kernels, forwards and in the backward pass. */
import { depthwiseShape } from "../native/calls.ts";
import type { DepthwiseShape } from "../native/depthwise.ts";
import { type Needs, shapeKey } from "../native/needs.ts";
import type { Graph, Node, Shape } from "./graph.ts";
import { axes, transposedPadding } from "./vjp/window.ts";

/** Collects the sizes that code has to be written for. */
export function needsOf(graph: Graph): Needs {
  const shapes = new Map(graph.nodes.map(({ name, shape }) => [name, shape]));
  const depths = new Set<number>();
  const depthwise = new Map<string, DepthwiseShape>();
  for (const node of graph.nodes) {
    if (node.kind === "conv") {
      if (node.attrs.groups !== 1) continue;
      const [height = 1, width = 1, from = 1, to = 1] = node.weights.kernel.shape;
      for (const depth of [height * width * from, height * width * to, to]) depths.add(depth);
    } else if (node.kind === "depthwise") {
      for (const shape of depthwiseShapes(node, shapes.get(node.inputs[0] ?? "") ?? [])) {
        depthwise.set(shapeKey(shape), shape);
      }
    }
  }
  return { depths, depthwise };
}

/** The shapes of a depthwise layer: forwards and back. */
function depthwiseShapes({ attrs, weights, shape }: Node<"depthwise">, from: Shape): DepthwiseShape[] {
  const input = [1, ...from];
  const output = [1, ...shape];
  const [height = 1, width = 1] = weights.kernel.shape;
  if (attrs.dilations.some((dilation) => dilation !== 1)) return [];
  const [rows, columns] = axes(input, output, { ...attrs, size: [height, width] });
  const forwards = depthwiseShape(input, {
    filter: weights.kernel,
    strides: attrs.strides,
    spread: [1, 1],
    before: [rows.before, columns.before],
    output: [rows.output, columns.output],
  });
  const back = depthwiseShape(output, {
    filter: weights.kernel,
    strides: [1, 1],
    spread: attrs.strides,
    before: [transposedPadding(rows)[0], transposedPadding(columns)[0]],
    output: [rows.input, columns.input],
  });
  return [forwards, back].filter((shape) => shape !== null);
}
