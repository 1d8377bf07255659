/** From raw values to pixels: values are resized first, then coloured; alpha rises with the evidence. */
import { colormap, COLORMAP_ENTRIES, type ColormapName } from "../../shared/colormaps.ts";
import type { DisplayRange } from "../../shared/display_range.ts";
import { RGB } from "../../shared/luminance.ts";
import { type Plane, resizeBilinear } from "../../shared/resize.ts";

/** How values become colours. */
export interface Shading {
  readonly colormap: ColormapName;
  /** The values that get the first colour and the last, in the map's unit. */
  readonly range: DisplayRange;
  /** True where values below zero mean something and are drawn too. */
  readonly signed: boolean;
  /** Share of the scale below which nothing is drawn, 0…1. */
  readonly floor: number;
}

/** A picture in colours, to be drawn as it is. */
export interface Colours {
  readonly height: number;
  readonly width: number;
  /** `[height, width, 3]` red, green and blue, 0…255. */
  readonly rgb: Uint8Array;
}

const OPAQUE = 0xff_00_00_00;

const LAST = COLORMAP_ENTRIES - 1;
const palettes = new Map<string, Uint32Array>();

/** One packed pixel for each of 256 levels, from nothing (or the strongest negative) to full evidence. */
function palette(name: ColormapName, signed: boolean, floor: number): Uint32Array {
  const key = `${name}:${signed}:${floor}`;
  const known = palettes.get(key);
  if (known !== undefined) return known;
  const table = colormap(name);
  const made = new Uint32Array(COLORMAP_ENTRIES);
  const bytes = new Uint8Array(made.buffer);
  for (let level = 0; level < COLORMAP_ENTRIES; level++) {
    const evidence = signed ? Math.abs(level / LAST * 2 - 1) : level / LAST;
    // An unsigned map drawn in a diverging table uses the half above zero.
    const entry = !signed && name === "diverging" ? Math.round(LAST / 2 + level / 2) : level;
    const alpha = floor >= 1 ? 0 : Math.max(0, (evidence - floor) / (1 - floor));
    bytes.set(table.subarray(entry * 3, entry * 3 + 3), level * 4);
    bytes[level * 4 + 3] = Math.round(alpha * 255);
  }
  palettes.set(key, made);
  return made;
}

/** The weights of a plane whose unknown values are NaN, or null where all are known. */
export function knownWeights({ values }: Plane): Float32Array | null {
  if (!values.some(Number.isNaN)) return null;
  return values.map((value) => Number.isNaN(value) ? 0 : 1);
}

/** Draws planes of values into pixels; keeps its buffers, so make one and use it for every map. */
export class Shader {
  readonly #side: number;
  readonly #values: Float32Array;
  readonly #weights: Float32Array;

  /** `side`: width and height of the pixels. */
  constructor(side: number) {
    this.#side = side;
    this.#values = new Float32Array(side * side);
    this.#weights = new Float32Array(side * side);
  }

  /** Paints a picture into `pixels` (`side × side`, packed RGBA as ImageData holds it), opaque. */
  paint({ height, width, rgb }: Colours, pixels: Uint32Array): void {
    const size = { height: this.#side, width: this.#side };
    const values = new Float32Array(height * width);
    pixels.fill(OPAQUE);
    for (let colour = 0; colour < RGB; colour++) {
      for (let at = 0; at < values.length; at++) values[at] = rgb[RGB * at + colour] ?? 0;
      resizeBilinear({ height, width, values }, size, this.#values);
      for (let at = 0; at < pixels.length; at++) {
        pixels[at] = (pixels[at] ?? 0) | Math.round(this.#values[at] ?? 0) << 8 * colour;
      }
    }
  }

  /**
   * Shades a plane into `pixels` (`side × side`, packed RGBA as ImageData holds it).
   *
   * @param weights share of each cell that is drawn, 0…1, or null for all of it; a cell of weight 0 may hold NaN
   */
  shade(plane: Plane, weights: Float32Array | null, shading: Shading, pixels: Uint32Array): void {
    const { signed, range: { low, high } } = shading;
    const colours = palette(shading.colormap, signed, shading.floor);
    const size = { height: this.#side, width: this.#side };
    const gain = LAST / (high - low);
    const first = 0.5 - low * gain;
    if (weights === null) {
      resizeBilinear(plane, size, this.#values);
      const values = this.#values;
      for (let at = 0; at < values.length; at++) {
        const level = (values[at] ?? 0) * gain + first;
        pixels[at] = colours[level <= 0 ? 0 : level >= LAST ? LAST : level | 0] ?? 0;
      }
      return;
    }
    const weighted = new Float32Array(plane.values.length);
    for (let at = 0; at < weighted.length; at++) {
      const weight = weights[at] ?? 0;
      weighted[at] = weight === 0 ? 0 : weight * (plane.values[at] ?? 0);
    }
    resizeBilinear({ ...plane, values: weighted }, size, this.#values);
    resizeBilinear({ ...plane, values: weights }, size, this.#weights);
    for (let at = 0; at < pixels.length; at++) {
      const weight = this.#weights[at] ?? 0;
      // The value is that of the known cells around; the weight only makes it transparent.
      const level = weight === 0 ? first : (this.#values[at] ?? 0) / weight * gain + first;
      const colour = colours[level <= 0 ? 0 : level >= LAST ? LAST : level | 0] ?? 0;
      pixels[at] = (colour & 0xff_ff_ff) | (((colour >>> 24) * weight + 0.5 | 0) << 24);
    }
  }
}
