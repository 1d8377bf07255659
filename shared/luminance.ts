/** How light a picture is, pixel by pixel. Pure. */

/** Numbers of a pixel: red, green and blue. */
export const RGB = 3;

/** Weights of red, green and blue in the luminance (ITU-R BT.601). */
const LUMINANCE = [0.299, 0.587, 0.114] as const;

/** The luminance of `[pixels, 3]` red, green and blue, 0…255: `[pixels]`, 0…255. */
export function luminanceOf(rgb: Uint8Array): Float32Array {
  const [red, green, blue] = LUMINANCE;
  const luminance = new Float32Array(rgb.length / RGB);
  for (let at = 0; at < luminance.length; at++) {
    const from = RGB * at;
    luminance[at] = red * (rgb[from] ?? 0) + green * (rgb[from + 1] ?? 0) + blue * (rgb[from + 2] ?? 0);
  }
  return luminance;
}
