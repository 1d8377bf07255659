/** Copies of what lies in the WebAssembly memory, one row of a batch each. */
import type { Kernels, Value } from "../../graph/kernels.ts";
import type { Grid } from "../../graph/places.ts";
import type { FormOutline } from "../network/forms.ts";
import type { Volume } from "../../port.ts";

/** One of `count` equal parts of an array, in place. */
export function part(values: Float32Array, index: number, count: number): Float32Array {
  const length = values.length / count;
  return values.subarray(index * length, (index + 1) * length);
}

/** A row of a batch's value where it lies; only until the next allocation. */
export function rowOf(kernels: Kernels, value: Value, index: number): Float32Array {
  return part(kernels.view(value), index, value.shape[0] ?? 1);
}

/** A row's logits, copied: the numbers of the graph's own node, or what a head behind it makes of them. */
export function logitsAt(
  kernels: Kernels,
  { logitsOf }: Pick<FormOutline, "logitsOf">,
  value: Value,
  index: number,
): Float32Array {
  const own = rowOf(kernels, value, index).slice();
  return logitsOf?.(own) ?? own;
}

/** Copies what lies on the picture of a row of a value `[batch, …, channels]`. */
export function copyVolume(kernels: Kernels, value: Value, index: number, grid: Grid): Volume {
  const channels = value.shape.at(-1) ?? 1;
  const { height, width } = grid;
  return { height, width, channels, values: onGrid(rowOf(kernels, value, index), channels, grid).slice() };
}

/** The numbers of a row's value that lie on the picture, in place. */
export function onGrid(values: Float32Array, channels: number, { height, width, skip }: Grid): Float32Array {
  return values.subarray(skip * channels, (skip + height * width) * channels);
}

/** The grid of a node whose values are read as a picture's. */
export function gridAt({ grids }: { readonly grids: ReadonlyMap<string, Grid> }, node: string): Grid {
  const grid = grids.get(node);
  if (grid !== undefined) return grid;
  throw new Error(`Cannot read a layer: expected one that lies on the picture, got ${node}`);
}
