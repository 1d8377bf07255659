/**
 * CNN Fixations (Mopuri, Garg and Babu, "CNN fixations: an unraveling approach to visualize the discriminative image
 * regions", 2019): a class traced back through the network, without gradients, to positions in the input.
 */
import type { Graph } from "../../graph/graph.ts";
import { type Frontier, leading, readsValues, type Values } from "./_steps_back.ts";

/** Nodes whose values {@link trace} reads, the graph's input among them where it does. */
export function tracedNodes({ nodes }: Graph): readonly string[] {
  return [...new Set(nodes.filter(readsValues).flatMap(({ inputs }) => inputs))];
}

/**
 * Follows a class from the logits back to the input; values of the frontier that meet continue as one with its count.
 *
 * @param values of one row, by node
 * @returns `[points, 2]` row and column in pixels, row by row
 */
export function trace(graph: Graph, values: Values, classIndex: number): Float32Array {
  const shapes = new Map(graph.nodes.map(({ name, shape }) => [name, shape]));
  const frontiers = new Map<string, Map<number, number>>([[graph.logits, new Map([[classIndex, 1]])]]);
  for (const node of graph.nodes.toReversed()) {
    const frontier = frontiers.get(node.name);
    if (frontier === undefined || node.kind === "input") continue;
    const inputShapes = node.inputs.map((name) => shapes.get(name) ?? []);
    for (const { input, index, count } of leading(node, frontier, values, inputShapes)) {
      const name = node.inputs[input] ?? "";
      const next = frontiers.get(name) ?? new Map<number, number>();
      next.set(index, (next.get(index) ?? 0) + count);
      frontiers.set(name, next);
    }
  }
  return points(frontiers.get(graph.input) ?? new Map(), shapes.get(graph.input) ?? []);
}

function points(frontier: Frontier, [, width = 1, channels = 1]: readonly number[]): Float32Array {
  const places: number[] = [];
  for (const [index, count] of [...frontier].sort(([a], [b]) => a - b)) {
    const px = Math.floor(index / channels);
    for (let i = 0; i < count; i++) places.push(Math.floor(px / width), px % width);
  }
  return new Float32Array(places);
}
