/** The network's input as a picture. */
import type { LoadedModel } from "../../engine/port.ts";
import { RGB } from "./input_size.ts";

/** Largest value of a colour. */
const WHITE = 255;

/** One colour of the input, by its place in a pixel of the input. */
interface Colour {
  /** Place in a pixel of red, green and blue. */
  readonly place: number;
  readonly mean: number;
  readonly scale: number;
}

/** Turns inputs into pictures, and knows which inputs are pictures. */
export class InputPictures {
  readonly #colours: readonly [Colour, Colour, Colour];

  constructor({ normalisation: { mean, scale, order } }: Pick<LoadedModel, "normalisation">) {
    const colour = (place: 0 | 1 | 2): Colour => ({ place, mean: mean[place], scale: scale[place] });
    this.#colours = order === "bgr" ? [colour(2), colour(1), colour(0)] : [colour(0), colour(1), colour(2)];
  }

  /** What black to white is in the units of the input, for each of its channels. */
  get ranges(): readonly number[] {
    return this.#colours.map(({ scale }) => WHITE / Math.abs(scale));
  }

  /** An input from values 0…255, `[height, width, 3]` in the order of the input's channels. */
  normalise(values: Float32Array): Float32Array {
    return values.map((value, at) => {
      const { mean, scale } = this.#colourAt(at);
      return (value - mean) / scale;
    });
  }

  /** The nearest input that is a picture: no colour darker than black or lighter than white. */
  clip(input: Float32Array): Float32Array {
    const bounds = this.#colours.map(({ mean, scale }) => {
      const ends = [-mean / scale, (WHITE - mean) / scale] as const;
      return { low: Math.min(...ends), high: Math.max(...ends) };
    });
    return input.map((value, at) => {
      const { low, high } = bounds[at % RGB] ?? { low: -Infinity, high: Infinity };
      return Math.min(high, Math.max(low, value));
    });
  }

  /** `[height, width, 3]` red, green and blue, 0…255. */
  rgb(input: Float32Array): Uint8Array<ArrayBuffer> {
    const rgb = new Uint8Array(input.length);
    for (let at = 0; at < input.length; at++) {
      const { place, mean, scale } = this.#colourAt(at);
      const value = Math.round((input[at] ?? 0) * scale + mean);
      rgb[at - at % RGB + place] = Math.min(WHITE, Math.max(0, value));
    }
    return rgb;
  }

  #colourAt(at: number): Colour {
    return this.#colours[at % RGB] ?? this.#colours[0];
  }
}
