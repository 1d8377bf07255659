/** From points to a map: outliers dropped, the rest blurred. */
import type { InputSize } from "../rows/input_size.ts";
import { mirror } from "../numerics/mirror.ts";

/** A point has company within this share of the diagonal … */
const NEAR_SHARE = 0.1;

/** … where more than this share of all points, itself included, lie. */
const COMPANY_SHARE = 0.05;

/** Standard deviation of the blur, in pixels. */
export const BLUR_SIGMA_PX = 20;

/** Standard deviations at which the blur is cut off. */
const BLUR_REACH = 4;

/** How many points lie on each pixel, `[height, width]`; `points` are `[points, 2]`, row and column. */
export function countPoints(points: Float32Array, { height, width }: InputSize): Float64Array {
  const counts = new Float64Array(height * width);
  for (let at = 0; at + 1 < points.length; at += 2) {
    const row = Math.min(height - 1, Math.max(0, Math.round(points[at] ?? 0)));
    const column = Math.min(width - 1, Math.max(0, Math.round(points[at + 1] ?? 0)));
    counts[row * width + column] = (counts[row * width + column] ?? 0) + 1;
  }
  return counts;
}

/** Keeps the counts of pixels with enough company: more than 5 % of all points within 10 % of the diagonal. */
export function dropOutliers(counts: Float64Array, { height, width }: InputSize): Float64Array {
  const stride = width + 1;
  const sums = new Float64Array(height * stride);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      sums[row * stride + column + 1] = (sums[row * stride + column] ?? 0) +
        (counts[row * width + column] ?? 0);
    }
  }
  const radius = NEAR_SHARE * Math.hypot(height, width);
  const total = counts.reduce((a, b) => a + b, 0);
  return counts.map((count, px) => {
    if (count === 0) return 0;
    const [row, column] = [Math.floor(px / width), px % width];
    let near = 0;
    for (let y = Math.max(0, Math.ceil(row - radius)); y <= Math.min(height - 1, row + radius); y++) {
      const half = Math.floor(Math.sqrt(radius ** 2 - (y - row) ** 2));
      const [first, end] = [Math.max(0, column - half), Math.min(width, column + half + 1)];
      near += (sums[y * stride + end] ?? 0) - (sums[y * stride + first] ?? 0);
    }
    return near > COMPANY_SHARE * total ? count : 0;
  });
}

/** Blurs with a Gaussian whose weights sum up to 1, the map mirrored at its borders, so that no point gets lost. */
export function blur(values: Float64Array, { height, width }: InputSize, sigma: number): Float64Array {
  const reach = Math.round(BLUR_REACH * sigma);
  const bell = Float64Array.from(
    { length: 2 * reach + 1 },
    (_, at) => Math.exp(-((at - reach) ** 2) / (2 * sigma ** 2)),
  );
  const sum = bell.reduce((a, b) => a + b, 0);
  const kernel = bell.map((weight) => weight / sum);
  const down = blurLines(values, kernel, { count: width, length: height, next: 1, step: width });
  return blurLines(down, kernel, { count: height, length: width, next: width, step: 1 });
}

/** The lines of one direction: where the next line begins and how far apart its numbers are. */
interface Lines {
  readonly count: number;
  readonly length: number;
  readonly next: number;
  readonly step: number;
}

function blurLines(
  values: Float64Array,
  kernel: Float64Array,
  { count, length, next, step }: Lines,
): Float64Array {
  const reach = (kernel.length - 1) / 2;
  const mirrored = Int32Array.from({ length: length + 2 * reach }, (_, at) => mirror(at - reach, length));
  const line = new Float64Array(mirrored.length);
  const blurred = new Float64Array(values.length);
  for (let index = 0; index < count; index++) {
    let sum = 0;
    for (let at = 0; at < line.length; at++) {
      const value = values[index * next + (mirrored[at] ?? 0) * step] ?? 0;
      line[at] = value;
      sum += value;
    }
    // Before the second direction most lines are empty.
    if (sum === 0) continue;
    for (let at = 0; at < length; at++) {
      const middle = at + reach;
      let total = (kernel[reach] ?? 0) * (line[middle] ?? 0);
      for (let tap = 1; tap <= reach; tap++) {
        total += (kernel[reach + tap] ?? 0) * ((line[middle - tap] ?? 0) + (line[middle + tap] ?? 0));
      }
      blurred[index * next + at * step] = total;
    }
  }
  return blurred;
}
