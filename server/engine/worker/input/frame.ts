/** A frame as the network sees it, and what of it is worked out once. */
import type { Picture } from "../../image/mod.ts";
import type { Normalisation } from "../../model/card.ts";
import { blur } from "./blur.ts";

/** Channels of a picture. */
export const RGB = 3;

/** Height and width of the network's input, in pixels. */
export interface InputSize {
  readonly height: number;
  readonly width: number;
}

/** A channel of the network's input: (value − mean) / scale of one colour. */
export interface Channel {
  /** Place of the colour in a pixel of red, green and blue. */
  readonly colour: number;
  readonly mean: number;
  readonly scale: number;
}

/** The three channels of the network's input, in its order. */
export function channelsOf({ mean, scale, order }: Normalisation): readonly [Channel, Channel, Channel] {
  const channel = (colour: 0 | 1 | 2): Channel => ({ colour, mean: mean[colour], scale: scale[colour] });
  return order === "bgr" ? [channel(2), channel(1), channel(0)] : [channel(0), channel(1), channel(2)];
}

/** Turns pixels into the network's input, `[height, width, 3]`. */
export function normalise({ rgb }: Picture, normalisation: Normalisation): Float32Array<ArrayBuffer> {
  const values = new Float32Array(rgb.length);
  for (const [place, { colour, mean, scale }] of channelsOf(normalisation).entries()) {
    for (let px = 0; px < rgb.length; px += RGB) {
      values[px + place] = ((rgb[px + colour] as number) - mean) / scale;
    }
  }
  return values;
}

/** One frame of the network's input; what variations need of it is computed when first asked for. */
export class InputFrame {
  /** `[height, width, 3]`, normalised. */
  readonly pixels: Float32Array;
  readonly #size: InputSize;
  #blurred: Float32Array | null = null;
  #span: number | null = null;

  constructor(pixels: Float32Array, size: InputSize) {
    this.pixels = pixels;
    this.#size = size;
  }

  /** The frame out of focus, in the shape of the pixels. */
  get blurred(): Float32Array {
    return this.#blurred ??= blur(this.pixels, this.#size);
  }

  /** Largest value less the smallest one. */
  get span(): number {
    return this.#span ??= spanOf(this.pixels);
  }
}

function spanOf(values: Float32Array): number {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high - low;
}
