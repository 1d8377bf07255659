/** A video's frame with its map, as films show it: what the network sees has the map over it, the rest is dimmed. */
import { colormap, COLORMAP_ENTRIES } from "../../shared/colormaps.ts";
import type { DisplayRange } from "../../shared/display_range.ts";
import { centreCrop } from "../../shared/resample.ts";
import { resizeBilinear } from "../../shared/resize.ts";
import type { Picture } from "../engine/mod.ts";
import type { ExplainedMap } from "../explain/mod.ts";
import { coverOf, pictureOf } from "./overlay.ts";
import { type Scale, scaleOf } from "./scale.ts";

/** How much of the light stays around what the network sees. */
const DIMMED = 0.42;

/** The outline of what the network sees: its thickness as a share of the shorter side, and how much of it is white. */
const OUTLINE_SHARE = 1 / 240;
const OUTLINE_WHITE = 0.65;

const WHITE = 255;
const LAST_ENTRY = COLORMAP_ENTRIES - 1;

/** Where the part lies that the network sees, in pixels. */
interface Crop {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Draws maps into frames; keeps its buffers, so make one for a film. */
export class FilmPictures {
  #values = new Float32Array();

  /**
   * Draws a map into a frame.
   *
   * @param input sides of the model's input, whose shape the part in the middle has
   * @param range ends of the colours in the map's unit; null: no map had anything to show yet
   */
  draw(
    frame: Picture,
    explained: ExplainedMap,
    { input, range }: {
      readonly input: { width: number; height: number };
      readonly range: DisplayRange | null;
    },
  ): void {
    const crop = centreCrop(frame, input);
    dimAround(frame, crop);
    const scale: Scale = { ...scaleOf([explained]), ...(range ?? { low: 0, high: 0 }) };
    const own = pictureOf(explained, scale);
    if (own !== null) return paint(frame, crop, own);
    if (scale.high !== scale.low) this.#blend(frame, crop, explained, scale);
  }

  #blend(frame: Picture, crop: Crop, explained: ExplainedMap, scale: Scale): void {
    const { left, top, width, height } = crop;
    const size = width * height;
    if (this.#values.length !== size) this.#values = new Float32Array(size);
    const values = resizeBilinear(explained.map, { width, height }, this.#values);
    const [stays, adds] = mixture(scale, explained);
    const gain = LAST_ENTRY / (scale.high - scale.low);
    const first = 0.5 - scale.low * gain;
    const { rgb } = frame;
    for (let row = 0, from = 0; row < height; row++) {
      let at = 3 * ((top + row) * frame.width + left);
      for (let column = 0; column < width; column++, from++, at += 3) {
        const level = (values[from] as number) * gain + first;
        const entry = level <= 0 ? 0 : level >= LAST_ENTRY ? LAST_ENTRY : level | 0;
        const stay = stays[entry] as number;
        rgb[at] = (rgb[at] as number) * stay + (adds[3 * entry] as number);
        rgb[at + 1] = (rgb[at + 1] as number) * stay + (adds[3 * entry + 1] as number);
        rgb[at + 2] = (rgb[at + 2] as number) * stay + (adds[3 * entry + 2] as number);
      }
    }
  }
}

/** Of each entry of the colour table: how much of the picture stays, and what is added to it. */
function mixture(scale: Scale, explained: ExplainedMap): readonly [Float32Array, Float32Array] {
  const table = colormap(scale.colours);
  const covers = coverOf(scale, explained);
  return [
    covers.map((cover) => 1 - cover),
    Float32Array.from(table, (value, at) => value * (covers[Math.floor(at / 3)] ?? 0) + 0.5),
  ];
}

/** Darkens everything around a part, and outlines it from outside; an edge of the frame needs no line. */
function dimAround(frame: Picture, { left, top, width, height }: Crop): void {
  const thick = Math.max(1, Math.round(OUTLINE_SHARE * Math.min(frame.width, frame.height)));
  const [right, bottom] = [left + width, top + height];
  for (let y = 0; y < frame.height; y++) {
    const above = top - y, below = y - bottom + 1;
    const inside = above <= 0 && below <= 0;
    const touches = above <= thick && below <= thick;
    const line = 3 * y * frame.width;
    darken(frame.rgb, line, line + 3 * left);
    if (!inside) darken(frame.rgb, line + 3 * left, line + 3 * right);
    darken(frame.rgb, line + 3 * right, line + 3 * frame.width);
    if (!touches) continue;
    lighten(frame.rgb, line + 3 * Math.max(0, left - thick), line + 3 * left);
    if (!inside) lighten(frame.rgb, line + 3 * left, line + 3 * right);
    lighten(frame.rgb, line + 3 * right, line + 3 * Math.min(frame.width, right + thick));
  }
}

/** Each value dimmed. */
const DARKER = Uint8Array.from({ length: 256 }, (_, value) => value * DIMMED);

function darken(rgb: Uint8Array, from: number, to: number): void {
  for (let at = from; at < to; at++) rgb[at] = DARKER[rgb[at] as number] as number;
}

function lighten(rgb: Uint8Array, from: number, to: number): void {
  for (let at = from; at < to; at++) {
    rgb[at] = (rgb[at] as number) * (1 - OUTLINE_WHITE) + WHITE * OUTLINE_WHITE;
  }
}

/** Puts a picture into a part, each of its pixels as a block. */
function paint(frame: Picture, { left, top, width, height }: Crop, picture: Picture): void {
  for (let row = 0; row < height; row++) {
    const line = Math.floor(row * picture.height / height) * picture.width;
    for (let column = 0; column < width; column++) {
      const from = 3 * (line + Math.floor(column * picture.width / width));
      const at = 3 * ((top + row) * frame.width + left + column);
      for (let channel = 0; channel < 3; channel++) {
        frame.rgb[at + channel] = picture.rgb[from + channel] ?? 0;
      }
    }
  }
}
