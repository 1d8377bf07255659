/** Frames as the network sees them, and the variations of them that a batch is made of. */
import type { Picture } from "../image/mod.ts";
import type { Normalisation } from "../model/card.ts";
import type { Fill, InputWindow, Variation } from "../port.ts";

/** Channels of a picture. */
const RGB = 3;

/** Height and width of the network's input, in px. */
export interface InputSize {
  readonly height: number;
  readonly width: number;
}

/** Turns pixels into the network's input, `[height, width, 3]`. */
export function normalise({ rgb }: Picture, { mean, scale }: Normalisation): Float32Array<ArrayBuffer> {
  const values = new Float32Array(rgb.length);
  for (let i = 0; i < rgb.length; i += RGB) {
    values[i] = ((rgb[i] as number) - mean[0]) / scale[0];
    values[i + 1] = ((rgb[i + 1] as number) - mean[1]) / scale[1];
    values[i + 2] = ((rgb[i + 2] as number) - mean[2]) / scale[2];
  }
  return values;
}

/** Writes a frame with a variation applied into `row`, `[height, width, 3]`. */
export function writeVariation(
  row: Float32Array,
  frame: Float32Array,
  variation: Variation,
  { width }: InputSize,
  normalisation: Normalisation,
): void {
  row.set(frame);
  if (variation.kind !== "fill") return;
  fillWindow(row, width, variation.window, fillColour(variation.fill, normalisation));
}

/** Colour of hidden pixels after normalisation; grey is the mean colour. */
function fillColour(fill: Fill, { mean, scale }: Normalisation): readonly number[] {
  const value = { grey: null, blur: null, black: 0, white: 255 }[fill];
  return mean.map((middle, channel) => value === null ? 0 : (value - middle) / (scale[channel] as number));
}

function fillWindow(row: Float32Array, width: number, window: InputWindow, colour: readonly number[]): void {
  const first = RGB * (window.top * width + window.left);
  const length = RGB * window.width;
  for (let i = 0; i < length; i++) row[first + i] = colour[i % RGB] as number;
  for (let line = 1; line < window.height; line++) {
    row.copyWithin(first + line * RGB * width, first, first + length);
  }
}
