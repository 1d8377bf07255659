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

/** The refusal of a picture that does not decode (F5). */
export function corrupt(reason: string, current: unknown, options?: ErrorOptions): GradcastError {
  return new GradcastError(
    "frame-corrupt",
    `Cannot decode the picture as ${reason}: current value is ${current}`,
    options,
  );
}
