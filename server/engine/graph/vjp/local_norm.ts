/** Local response normalisation, forwards and back. */
import type { LocalNorm } from "../graph.ts";
import type { Kernels, Value } from "../kernels.ts";

/** bias + alpha/size·Σx² around each number, the sum over its neighbours along the last side. */
export function divisorsOf(
  x: Float32Array,
  channels: number,
  { size, alpha, bias }: LocalNorm,
): Float32Array {
  const squares = Float32Array.from(x, (value) => value * value);
  return neighbourSums(squares, channels, reach(size)).map((sum) => bias + alpha / size * sum);
}

/** x / divisor^beta, the caller's to free. */
export function localNorm(kernels: Kernels, x: Value, divisors: Float32Array, { beta }: LocalNorm): Value {
  const result = kernels.allocate(x.shape);
  const [from, to] = [kernels.view(x), kernels.view(result)];
  for (let i = 0; i < to.length; i++) to[i] = (from[i] as number) * (divisors[i] as number) ** -beta;
  return result;
}

/**
 * The gradient at the input: g·d^−β − 2αβ/size·x·Σ g·x·d^(−β−1), the sum over the outputs whose neighbour the input is.
 *
 * @param gradient in the input's shape; stays the caller's
 * @returns in the input's shape, the caller's to free
 */
export function localNormVjp(kernels: Kernels, gradient: Value, x: Value, attrs: LocalNorm): Value {
  const { size, alpha, beta } = attrs;
  const channels = x.shape.at(-1) ?? 1;
  const result = kernels.allocate(x.shape);
  const [from, at, to] = [kernels.view(gradient), kernels.view(x), kernels.view(result)];
  const divisors = divisorsOf(at, channels, attrs);
  const shares = new Float32Array(to.length);
  for (let i = 0; i < to.length; i++) {
    const passed = (from[i] as number) * (divisors[i] as number) ** -beta;
    to[i] = passed;
    shares[i] = passed * (at[i] as number) / (divisors[i] as number);
  }
  const [before, behind] = reach(size);
  const sums = neighbourSums(shares, channels, [behind, before]);
  const factor = 2 * alpha * beta / size;
  for (let i = 0; i < to.length; i++) {
    to[i] = (to[i] as number) - factor * (at[i] as number) * (sums[i] as number);
  }
  return result;
}

/** What the normalisation adds on its own, y − y′(x)·x: 2β·y·(1 − bias/divisor), in the input's order. */
export function localNormBias(
  x: Float32Array,
  y: Float32Array,
  channels: number,
  attrs: LocalNorm,
): Float32Array {
  const divisors = divisorsOf(x, channels, attrs);
  return y.map((value, i) => 2 * attrs.beta * value * (1 - attrs.bias / (divisors[i] as number)));
}

/** Neighbours before and behind a channel. */
function reach(size: number): readonly [number, number] {
  return [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)];
}

/** Sums over each number and its neighbours among so many channels. */
function neighbourSums(
  values: Float32Array,
  channels: number,
  [before, behind]: readonly [number, number],
): Float32Array {
  const sums = new Float32Array(values.length);
  for (let start = 0; start < values.length; start += channels) {
    for (let c = 0; c < channels; c++) {
      const end = Math.min(channels - 1, c + behind);
      let sum = 0;
      for (let other = Math.max(0, c - before); other <= end; other++) sum += values[start + other] as number;
      sums[start + c] = sum;
    }
  }
  return sums;
}
