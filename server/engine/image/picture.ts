/** A decoded picture and what can be wrong with an encoded one. */
import { GradcastError } from "../../../shared/errors.ts";

/** Pixels of a picture, opaque. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** `[height, width, 3]`, red, green and blue, 0…255. */
  readonly rgb: Uint8Array<ArrayBuffer>;
}

/** Sides that a picture's header gives, in px. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The refusal of a picture that does not decode (F5): what is expected, and what is there. */
export function corrupt(expected: string, given: unknown, options?: ErrorOptions): GradcastError {
  return new GradcastError(
    "frame-corrupt",
    `Cannot decode the picture: ${expected}; given: ${given}`,
    options,
  );
}

/** Leaves out the fourth of each four values. */
export function withoutAlpha(rgba: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const rgb = new Uint8Array(rgba.length / 4 * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from] ?? 0;
    rgb[to + 1] = rgba[from + 1] ?? 0;
    rgb[to + 2] = rgba[from + 2] ?? 0;
  }
  return rgb;
}
