/** How light a picture is, pixel by pixel. Pure. */

/** Numbers of a pixel: red, green and blue. */
export const RGB = 3;

/** Weights of red, green and blue in the luminance (ITU-R BT.601). */
const LUMINANCE = [0.299, 0.587, 0.114] as const;

/** The luminance of `[pixels, 3]` red, green and blue, 0…255: `[pixels]`, 0…255. */
export function luminanceOf(rgb: Uint8Array): Float32Array {
  const luminance = new Float32Array(rgb.length / RGB);
  for (let at = 0; at < luminance.length; at++) luminance[at] = luminanceAt(rgb, RGB * at);
  return luminance;
}

/** The luminance of the pixel whose red is at `from`, in the unit of the values. */
export function luminanceAt(values: ArrayLike<number>, from: number): number {
  const [red, green, blue] = LUMINANCE;
  return red * (values[from] ?? 0) + green * (values[from + 1] ?? 0) + blue * (values[from + 2] ?? 0);
}
