/** Kernels turned by half a circle, as transposed convolutions look at their input. */
import type { Weight } from "../model/weights.ts";

/** A kernel `[height, width, …]` turned by half a circle. */
export function turned({ shape, values }: Weight): Weight {
  const [height = 1, width = 1] = shape;
  const cells = height * width;
  const length = values.length / cells;
  const result = new Float32Array(values.length);
  for (let cell = 0; cell < cells; cell++) {
    result.set(values.subarray(cell * length, (cell + 1) * length), (cells - 1 - cell) * length);
  }
  return { shape, values: result };
}
