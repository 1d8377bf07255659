/** Normalisation by the value's own mean and deviation, forwards and back. */
import type { Kernels, Value } from "../kernels.ts";

/** What is normalised together: of each block `[positions, channels]` the channels of one group. */
export interface Blocks {
  readonly count: number;
  readonly positions: number;
  readonly channels: number;
  readonly groups: number;
  readonly epsilon: number;
}

/** Mean, and 1/√(variance + epsilon), of what is normalised together. */
interface Moments {
  readonly mean: number;
  readonly inverse: number;
}

/** (x − mean)/√(variance + epsilon)·scale + shift; the caller's to free. */
export function normalise(
  kernels: Kernels,
  x: Value,
  weights: { readonly scale: Value; readonly shift: Value },
  blocks: Blocks,
): Value {
  if (kernels.native !== null && byPosition(blocks)) {
    return kernels.native.layerNorm(x, weights.scale, weights.shift, blocks.epsilon);
  }
  const result = kernels.allocate(x.shape);
  const [from, to] = [kernels.view(x), kernels.view(result)];
  const [scale, shift] = [kernels.view(weights.scale), kernels.view(weights.shift)];
  const { channels } = blocks;
  for (const { start, end, first, width } of parts(blocks)) {
    const { mean, inverse } = momentsOf(from, { start, end, width, channels }, blocks.epsilon);
    for (let row = start; row < end; row += channels) {
      for (let i = 0; i < width; i++) {
        to[row + i] = ((from[row + i] as number) - mean) * inverse * (scale[first + i] as number) +
          (shift[first + i] as number);
      }
    }
  }
  return result;
}

/**
 * The gradient at the input: with h = g·scale and x̂ the normalised value, (h − mean h − x̂·mean(h·x̂))/√(variance + epsilon).
 *
 * @param gradient in the input's shape; stays the caller's
 * @returns in the input's shape, the caller's to free
 */
export function normaliseVjp(
  kernels: Kernels,
  gradient: Value,
  x: Value,
  scaleValue: Value,
  blocks: Blocks,
): Value {
  if (kernels.native !== null && byPosition(blocks)) {
    return kernels.native.layerNormBack(gradient, x, scaleValue, blocks.epsilon);
  }
  const result = kernels.allocate(x.shape);
  const [from, at, to] = [kernels.view(gradient), kernels.view(x), kernels.view(result)];
  const scale = kernels.view(scaleValue);
  const { channels } = blocks;
  for (const { start, end, first, width } of parts(blocks)) {
    const { mean, inverse } = momentsOf(at, { start, end, width, channels }, blocks.epsilon);
    let [sum, along] = [0, 0];
    for (let row = start; row < end; row += channels) {
      for (let i = 0; i < width; i++) {
        const h = (from[row + i] as number) * (scale[first + i] as number);
        sum += h;
        along += h * ((at[row + i] as number) - mean);
      }
    }
    const count = (end - start) / channels * width;
    const [meanH, slope] = [sum / count, along * inverse * inverse / count];
    for (let row = start; row < end; row += channels) {
      for (let i = 0; i < width; i++) {
        const h = (from[row + i] as number) * (scale[first + i] as number);
        to[row + i] = (h - meanH - ((at[row + i] as number) - mean) * slope) * inverse;
      }
    }
  }
  return result;
}

/**
 * What the normalisation adds on its own, y − y′(x)·x, in the input's shape: all of it but the share that epsilon leaves
 * of the value's size.
 */
export function normalisedBias(
  x: Float32Array,
  y: Float32Array,
  shift: Float32Array,
  blocks: Blocks,
): Float32Array {
  const result = new Float32Array(y.length);
  const { channels, epsilon } = blocks;
  for (const { start, end, first, width } of parts(blocks)) {
    const { inverse } = momentsOf(x, { start, end, width, channels }, epsilon);
    const share = epsilon * inverse * inverse;
    for (let row = start; row < end; row += channels) {
      for (let i = 0; i < width; i++) {
        const value = y[row + i] as number;
        result[row + i] = value - (value - (shift[first + i] as number)) * share;
      }
    }
  }
  return result;
}

/** Whether each position is normalised by itself: a row of numbers that lie side by side. */
function byPosition({ positions, groups }: Blocks): boolean {
  return positions === 1 && groups === 1;
}

/** Places of what is normalised together: every `channels` from `start` to `end`, `width` numbers from channel `first` on. */
function* parts({ count, positions, channels, groups }: Blocks) {
  const width = channels / groups;
  for (let block = 0; block < count; block++) {
    for (let group = 0; group < groups; group++) {
      const start = block * positions * channels + group * width;
      yield { start, end: start + positions * channels, first: group * width, width };
    }
  }
}

function momentsOf(
  values: Float32Array,
  { start, end, width, channels }: {
    readonly start: number;
    readonly end: number;
    readonly width: number;
    readonly channels: number;
  },
  epsilon: number,
): Moments {
  const count = (end - start) / channels * width;
  let sum = 0;
  for (let row = start; row < end; row += channels) {
    for (let i = row; i < row + width; i++) sum += values[i] as number;
  }
  const mean = sum / count;
  let squares = 0;
  for (let row = start; row < end; row += channels) {
    for (let i = row; i < row + width; i++) {
      const difference = (values[i] as number) - mean;
      squares += difference * difference;
    }
  }
  return { mean, inverse: 1 / Math.sqrt(squares / count + epsilon) };
}
