/** The network's input, as its shape goes. */

/** Size of the input, in pixels. */
export interface InputSize {
  readonly height: number;
  readonly width: number;
}

/** Colours of a pixel. */
export const RGB = 3;
