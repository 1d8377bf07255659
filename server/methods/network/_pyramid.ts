/** A picture as the sum of pictures of falling size, and gradient ascent in all of them at once. */
import { type BilinearAxis, bilinearAxis } from "../../../shared/resize.ts";
import { type InputSize, RGB } from "../rows/input_size.ts";

/** Levels of the pyramid: each has half the sides of the one before, and 14×14 px on 224 are the last. */
const LEVELS = 5;

/** A short axis enlarged to a long one. */
interface Axis extends BilinearAxis {
  readonly short: number;
  readonly long: number;
}

/**
 * The direction of steepest ascent in the coefficients of a Laplacian pyramid, as it shows in the picture,
 * `[height, width, 3]`: the picture is the sum of all levels, enlarged bilinearly, and every level changes it by a step
 * of length 1. In pixels alone fine detail would take nearly all of a step.
 */
export function pyramidDirection(gradient: Float32Array, { height, width }: InputSize): Float32Array {
  const direction = new Float32Array(gradient.length);
  for (let level = 0; level < LEVELS; level++) {
    const down = axisOf(Math.ceil(height / 2 ** level), height);
    const across = axisOf(Math.ceil(width / 2 ** level), width);
    const coefficients = gather(gather(gradient, down, width * RGB, 1), across, RGB, down.short);
    const enlarged = spread(spread(coefficients, across, RGB, down.short), down, width * RGB, 1);
    const norm = normOf(enlarged);
    if (norm === 0) continue;
    for (let at = 0; at < direction.length; at++) {
      direction[at] = (direction[at] ?? 0) + (enlarged[at] ?? 0) / norm;
    }
  }
  return direction;
}

/** Length of a vector. */
export function normOf(values: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += (values[at] ?? 0) ** 2;
  return Math.sqrt(sum);
}

/** Enlarges one axis: `lines` stretches of `axis.short` positions of `numbers` numbers become longer. */
function spread(values: Float32Array, axis: Axis, numbers: number, lines: number): Float32Array {
  const enlarged = new Float32Array(lines * axis.long * numbers);
  for (let line = 0; line < lines; line++) {
    for (let place = 0; place < axis.long; place++) {
      const to = (line * axis.long + place) * numbers;
      const low = (line * axis.short + (axis.lower[place] ?? 0)) * numbers;
      const high = (line * axis.short + (axis.upper[place] ?? 0)) * numbers;
      const share = axis.share[place] ?? 0;
      for (let at = 0; at < numbers; at++) {
        const value = values[low + at] ?? 0;
        enlarged[to + at] = value + share * ((values[high + at] ?? 0) - value);
      }
    }
  }
  return enlarged;
}

/** The transpose of {@link spread}: what a gradient of the longer axis is for the shorter one. */
function gather(gradient: Float32Array, axis: Axis, numbers: number, lines: number): Float32Array {
  const gathered = new Float32Array(lines * axis.short * numbers);
  for (let line = 0; line < lines; line++) {
    for (let place = 0; place < axis.long; place++) {
      const from = (line * axis.long + place) * numbers;
      const low = (line * axis.short + (axis.lower[place] ?? 0)) * numbers;
      const high = (line * axis.short + (axis.upper[place] ?? 0)) * numbers;
      const share = axis.share[place] ?? 0;
      for (let at = 0; at < numbers; at++) {
        const value = gradient[from + at] ?? 0;
        gathered[low + at] = (gathered[low + at] ?? 0) + (1 - share) * value;
        gathered[high + at] = (gathered[high + at] ?? 0) + share * value;
      }
    }
  }
  return gathered;
}

function axisOf(short: number, long: number): Axis {
  return { short, long, ...bilinearAxis(short, long) };
}
