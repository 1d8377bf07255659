/** Copies of what lies in the WebAssembly memory, one row of a batch each. */
import type { Kernels, Value } from "../../graph/kernels.ts";
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

/** Copies a row of a value `[batch, height, width, channels]`. */
export function copyVolume(kernels: Kernels, value: Value, index: number): Volume {
  const [, height = 1, width = 1, channels = 1] = value.shape;
  return { height, width, channels, values: rowOf(kernels, value, index).slice() };
}
