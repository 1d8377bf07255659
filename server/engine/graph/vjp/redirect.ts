/** Gradients past rectifiers that let nothing through: Lucid's redirected ReLU (https://github.com/tensorflow/lucid). */
import type { Kernels, Value } from "../kernels.ts";

/** Where a rectifier lets no gradient through: below what it passes (−1), above it (1), or nowhere (0). */
export type DeadSide = -1 | 0 | 1;

/**
 * Amends a gradient that the plain rule has passed through a rectifier. In each row of the batch of which it passed
 * nothing at all, the incoming gradient passes where it leads back to where the rectifier is alive: upwards below its
 * range, downwards above it. Any other row stays as it is.
 *
 * @param gradient incoming, `[batch, …]`
 * @param read the rectifier's output, or its input where that decides its slope; the gradient's shape
 * @param passed what the plain rule has made of the gradient; changed in place
 */
export function redirect(
  kernels: Kernels,
  { gradient, read, passed }: { readonly gradient: Value; readonly read: Value; readonly passed: Value },
  sideOf: (value: number) => DeadSide,
): void {
  const [from, at, to] = [kernels.view(gradient), kernels.view(read), kernels.view(passed)];
  const length = to.length / (passed.shape[0] ?? 1);
  for (let start = 0; start < to.length; start += length) {
    if (to.subarray(start, start + length).some((value) => value !== 0)) continue;
    for (let i = start; i < start + length; i++) {
      const incoming = from[i] as number;
      if (incoming * sideOf(at[i] as number) < 0) to[i] = incoming;
    }
  }
}
