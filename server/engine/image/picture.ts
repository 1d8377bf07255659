/** A decoded picture and what can be wrong with an encoded one. */
import { GradcastError } from "../../../shared/errors.ts";

export type { Picture } from "../../../shared/resample.ts";

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
