/** A decoded picture and what can be wrong with an encoded one. */
import { GradcastError } from "../../../shared/errors.ts";
import type { Picture } from "../../../shared/resample.ts";

export type { Picture };

/** Ground that transparent pixels lie on. */
export const WHITE = 255;

/** Sides that a picture's header gives, in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What is known of a picture before it is decoded. */
export interface Header extends Size {
  /** True where the file holds several pictures in time, of which the first is decoded. */
  readonly animated: boolean;
}

/** One channel of a pixel as it shows on white; `alpha` is 0 (nothing) to 255 (opaque). */
export function overWhite(value: number, alpha: number): number {
  return alpha === 255 ? value : Math.round((value * alpha + WHITE * (255 - alpha)) / 255);
}

/** Lays pixels of four values on white. */
export function flatten(rgba: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const rgb = new Uint8Array(rgba.length / 4 * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    const alpha = rgba[from + 3] ?? 0;
    rgb[to] = overWhite(rgba[from] ?? 0, alpha);
    rgb[to + 1] = overWhite(rgba[from + 1] ?? 0, alpha);
    rgb[to + 2] = overWhite(rgba[from + 2] ?? 0, alpha);
  }
  return rgb;
}

/** Lays a picture on a larger white one. */
export function placeOnWhite(picture: Picture, x: number, y: number, canvas: Size): Picture {
  const { width, height } = canvas;
  if (x === 0 && y === 0 && picture.width === width && picture.height === height) return picture;
  const rgb = new Uint8Array(width * height * 3).fill(WHITE);
  for (let row = 0; row < picture.height; row++) {
    const from = 3 * row * picture.width;
    rgb.set(picture.rgb.subarray(from, from + 3 * picture.width), 3 * ((y + row) * width + x));
  }
  return { width, height, rgb };
}

/** The refusal of a picture that does not decode (F5): what is expected, and what is there. */
export function corrupt(expected: string, given: unknown, options?: ErrorOptions): GradcastError {
  return new GradcastError(
    "frame-corrupt",
    `Cannot decode the picture: ${expected}, got ${given}`,
    options,
  );
}
