/** The head that makes class activation maps cheap: global average pooling, then one dense layer. */
import { type Graph, nodeNamed } from "../../graph/graph.ts";
import type { Kernels, Value } from "../../graph/kernels.ts";
import type { Weight } from "../../model/weights.ts";
import type { Projection } from "../../port.ts";

/** Weights of such a head, and the layer whose features it pools. */
export interface Head {
  readonly layer: string;
  readonly classes: number;
  /** `[channels, classes]`; its numbers may move. */
  readonly kernel: Weight;
}

/** Finds the head of a graph, or null where it is another one. */
export function findHead(graph: Graph): Head | null {
  const dense = nodeNamed(graph, graph.logits);
  if (dense.kind !== "dense") return null;
  const pool = nodeNamed(graph, dense.inputs[0] ?? "");
  const [layer] = pool.inputs;
  if (pool.kind !== "global-average-pool" || layer === undefined) return null;
  return { layer, classes: dense.shape[0] ?? 0, kernel: dense.weights.kernel };
}

/**
 * Weights the features of one row of a batch: Σ_k W[k,c]·A_k for each class.
 *
 * A kernel call, as the same sums in JavaScript take 4 % of a forward.
 *
 * @param features `[rows, height, width, channels]`
 */
export function project(
  kernels: Kernels,
  head: Head,
  features: Value,
  row: number,
  classes: readonly number[],
): Projection {
  const [, height = 0, width = 0, channels = 0] = features.shape;
  const cells = height * width;
  const own = kernels.allocate([1, cells, channels]);
  kernels.view(own).set(
    kernels.view(features).subarray(row * cells * channels, (row + 1) * cells * channels),
  );
  const weights = kernels.upload([1, channels, classes.length], columns(head, channels, classes));
  const sums = kernels.run("BatchMatMul", { a: own, b: weights }, {
    transposeA: false,
    transposeB: false,
  });
  const values = transpose(kernels.view(sums), cells, classes.length);
  for (const value of [own, weights, sums]) kernels.free(value);
  return { classes, height, width, values };
}

/** The weights of some classes, `[channels, classes]`. */
function columns(head: Head, channels: number, classes: readonly number[]): Float32Array<ArrayBuffer> {
  const { values } = head.kernel;
  const weights = new Float32Array(channels * classes.length);
  for (const [place, c] of classes.entries()) {
    for (let channel = 0; channel < channels; channel++) {
      weights[channel * classes.length + place] = values[channel * head.classes + c] as number;
    }
  }
  return weights;
}

function transpose(values: Float32Array, rows: number, columns: number): Float32Array {
  const transposed = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      transposed[column * rows + row] = values[row * columns + column] as number;
    }
  }
  return transposed;
}
