/** Total variation (Rudin, Osher and Fatemi 1992): how much a picture changes from pixel to pixel. */
import { type InputSize, RGB } from "../rows/input_size.ts";

/** Keeps the root's gradient finite where neighbours are equal. */
const SMOOTHING = 1e-6;

/**
 * Gradient of Σ √(right² + down² + 1e-6), `[height, width, 3]`, with the differences of each value from its neighbours
 * to the right and below, 0 beyond the border.
 */
export function totalVariationGradient(input: Float32Array, { height, width }: InputSize): Float32Array {
  const gradient = new Float32Array(input.length);
  const line = width * RGB;
  for (let at = 0; at < input.length; at++) {
    const value = input[at] ?? 0;
    const inLine = at % line;
    const hasRight = inLine < line - RGB;
    const hasDown = at < (height - 1) * line;
    const right = hasRight ? (input[at + RGB] ?? 0) - value : 0;
    const down = hasDown ? (input[at + line] ?? 0) - value : 0;
    const root = Math.sqrt(right * right + down * down + SMOOTHING);
    gradient[at] = (gradient[at] ?? 0) - (right + down) / root;
    if (hasRight) gradient[at + RGB] = (gradient[at + RGB] ?? 0) + right / root;
    if (hasDown) gradient[at + line] = (gradient[at + line] ?? 0) + down / root;
  }
  return gradient;
}
