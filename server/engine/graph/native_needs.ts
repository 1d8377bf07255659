/** What a graph needs of Gradcast's own kernels, forwards and in the backward pass. */
import { depthwiseShape } from "../native/calls.ts";
import type { DepthwiseShape } from "../native/depthwise.ts";
import { type Needs, shapeKey } from "../native/needs.ts";
import { mergeGroups } from "../native/groups.ts";
import type { Graph, Node, Shape } from "./graph.ts";
import { axes, transposedPadding } from "./vjp/window.ts";

/** Collects the sizes that code has to be written for. */
export function needsOf(graph: Graph): Needs {
  const shapes = new Map(graph.nodes.map(({ name, shape }) => [name, shape]));
  const depths = new Set<number>();
  const depthwise = new Map<string, DepthwiseShape>();
  for (const node of graph.nodes) {
    if (node.kind === "conv") {
      for (const depth of convolutionDepths(node)) depths.add(depth);
    } else if (node.kind === "matmul") {
      for (const depth of productDepths(node, shapes)) depths.add(depth);
    } else if (node.kind === "dense" && hasPositions(node)) {
      for (const depth of node.weights.kernel.shape) depths.add(depth);
    } else if (node.kind === "depthwise") {
      for (const shape of depthwiseShapes(node, shapes.get(node.inputs[0] ?? "") ?? [])) {
        depthwise.set(shapeKey(shape), shape);
      }
    }
  }
  return { depths, depthwise };
}

/** Whether a dense layer is applied to several positions, so that its products are of matrices. */
export function hasPositions({ shape }: Node<"dense">): boolean {
  return shape.length > 1;
}

/** Depths of the products of a convolution: forwards, and back with a stride of 1 and with others. */
function convolutionDepths({ attrs: { groups }, weights: { kernel } }: Node<"conv">): readonly number[] {
  const [height = 1, width = 1, from = 1, to = 1] = kernel.shape;
  if (groups === 1) return [height * width * from, height * width * to, to];
  const turned = [height, width, to / groups, from * groups];
  return [kernel.shape, turned].map((shape) => height * width * mergeGroups(shape, groups).from);
}

/** Depths of a product of two values: its inner side, and back to each of the two a side of the result. */
function productDepths(
  { attrs, inputs, shape }: Node<"matmul">,
  shapes: ReadonlyMap<string, Shape>,
): readonly number[] {
  const inner = shapes.get(inputs[0] ?? "")?.at(attrs.transposeA ? -2 : -1) ?? 1;
  return [inner, ...shape.slice(-2)];
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
