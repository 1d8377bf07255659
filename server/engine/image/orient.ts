/** The eight ways in which a picture can be stored, and turning it upright. */
import type { Picture } from "./picture.ts";

/** EXIF's orientation: what has to be done to the stored pixels; 1 = nothing. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** What a picture has that says nothing about it. */
export const UPRIGHT: Orientation = 1;

/** Turns and mirrors the stored pixels as the orientation demands. */
export function orient(picture: Picture, orientation: Orientation): Picture {
  if (orientation === UPRIGHT) return picture;
  const { width, height, rgb } = picture;
  // 5 to 8 exchange rows and columns; the stored pixel is then found by mirroring either axis.
  const swapped = orientation >= 5;
  const mirrorX = orientation === 2 || orientation === 3 || orientation === 7 || orientation === 8;
  const mirrorY = orientation === 3 || orientation === 4 || orientation === 6 || orientation === 7;
  const upright = {
    width: swapped ? height : width,
    height: swapped ? width : height,
    rgb: new Uint8Array(rgb.length),
  };
  for (let row = 0, to = 0; row < upright.height; row++) {
    for (let column = 0; column < upright.width; column++, to += 3) {
      const x = swapped ? row : column;
      const y = swapped ? column : row;
      const from = 3 * ((mirrorY ? height - 1 - y : y) * width + (mirrorX ? width - 1 - x : x));
      upright.rgb[to] = rgb[from] ?? 0;
      upright.rgb[to + 1] = rgb[from + 1] ?? 0;
      upright.rgb[to + 2] = rgb[from + 2] ?? 0;
    }
  }
  return upright;
}
