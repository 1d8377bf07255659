/** A frame out of focus, as the insertion metric of RISE starts from it (Petsiuk et al. 2018). */
import type { InputSize } from "./frame.ts";

/** Width of the kernel, in pixels. */
const TAPS = 11;

/** Standard deviation of the Gaussian, in pixels. */
const SIGMA_PX = 5;

/** The reference cuts the Gaussian off at this many standard deviations. */
const CUT_AT_SIGMAS = 4;

const RADIUS = (TAPS - 1) / 2;
const RGB = 3;

/**
 * One axis of the kernel, `[TAPS]`, adding up to 1.
 *
 * The reference blurs a dot in a picture of 11×11 px whose border mirrors (`scipy.ndimage.gaussian_filter`, σ 5) and
 * takes the result for its kernel. So what of the Gaussian lies beyond the 11 px is folded back: tap i is the sum of
 * the Gaussian at i − 5 + 22·m and at i + 6 + 22·m for every whole m, as far as it reaches.
 */
export const BLUR_KERNEL: Float64Array = makeKernel();

/** Blurs `[height, width, 3]`, columns then rows; what lies outside counts as 0, which is grey. */
export function blur(pixels: Float32Array, { height, width }: InputSize): Float32Array<ArrayBuffer> {
  const across = new Float32Array(pixels.length);
  for (let y = 0; y < height; y++) blurLine(pixels, across, y * RGB * width, width);
  const both = new Float32Array(pixels.length);
  for (let y = 0; y < height; y++) {
    for (let from = Math.max(0, y - RADIUS); from <= Math.min(height - 1, y + RADIUS); from++) {
      addLine(across, both, { from, to: y, length: RGB * width }, BLUR_KERNEL[from - y + RADIUS] as number);
    }
  }
  return both;
}

/** Convolves one line of pixels with the kernel. */
function blurLine(source: Float32Array, target: Float32Array, start: number, width: number): void {
  for (let x = 0; x < width; x++) {
    const first = Math.max(0, x - RADIUS);
    const last = Math.min(width - 1, x + RADIUS);
    for (let channel = 0; channel < RGB; channel++) {
      let sum = 0;
      for (let from = first; from <= last; from++) {
        sum += (BLUR_KERNEL[from - x + RADIUS] as number) * (source[start + from * RGB + channel] as number);
      }
      target[start + x * RGB + channel] = sum;
    }
  }
}

/** Adds a line's numbers, weighted, to another line's. */
function addLine(
  source: Float32Array,
  target: Float32Array,
  { from, to, length }: { readonly from: number; readonly to: number; readonly length: number },
  weight: number,
): void {
  for (let i = 0; i < length; i++) {
    target[to * length + i] = (target[to * length + i] as number) +
      weight * (source[from * length + i] as number);
  }
}

function makeKernel(): Float64Array {
  const reach = CUT_AT_SIGMAS * SIGMA_PX;
  const kernel = new Float64Array(TAPS);
  for (let distance = -reach; distance <= reach; distance++) {
    const place = mirror(RADIUS + distance);
    kernel[place] = (kernel[place] as number) + Math.exp(-(distance ** 2) / (2 * SIGMA_PX ** 2));
  }
  const sum = kernel.reduce((total, weight) => total + weight, 0);
  return kernel.map((weight) => weight / sum);
}

/** Where a place outside 0…10 is seen in a border that mirrors. */
function mirror(place: number): number {
  const period = 2 * TAPS;
  const within = ((place % period) + period) % period;
  return within < TAPS ? within : period - 1 - within;
}
