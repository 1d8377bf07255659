/** A map over its picture. */
import { colormap, COLORMAP_ENTRIES } from "../../shared/colormaps.ts";
import { resizeBilinear } from "../../shared/resize.ts";
import { UNSURE_OPACITY } from "../../shared/unsure.ts";
import type { Picture } from "../engine/mod.ts";
import type { ExplainedMap } from "../explain/mod.ts";
import { encodeIndexedPng } from "./png.ts";
import { colourOn, placeOn, type Scale, strengthOn } from "./scale.ts";

/** Side that an overlay has at least, in pixels; it is a whole multiple of the input's. */
const MIN_SIDE_PX = 448;

/** How much of the map's colour covers the picture where there is most evidence. */
const MAX_COVER = 0.7;

/** The same where there is none: a dark veil sets the bright places off, a light one would only wash them out. */
const MIN_COVER = { unsigned: 0.2, signed: 0.05 } as const;

const OPAQUE = 255;
const LAST_ENTRY = COLORMAP_ENTRIES - 1;

/** The picture that a map of the network is, or null for a map of the picture. */
export function pictureOf({ map, subject }: ExplainedMap, scale: Scale): Picture | null {
  const { height, width, rgb, values } = map;
  if (rgb !== undefined) return { width, height, rgb: Uint8Array.from(rgb) };
  if (subject === "picture") return null;
  const drawn = new Uint8Array(3 * values.length);
  for (const [index, value] of values.entries()) drawn.set(colourOn(scale, value), 3 * index);
  return { width, height, rgb: drawn };
}

/** Draws the map over the picture, at twice the input's size or more; a map that is a picture stays as it is. */
export function drawOverlay(picture: Picture, explained: ExplainedMap, scale: Scale): Picture {
  const own = pictureOf(explained, scale);
  if (own !== null) return own;
  const times = Math.max(2, Math.ceil(MIN_SIDE_PX / Math.max(picture.width, picture.height)));
  const large = enlarge(picture, times);
  if (scale.high === 0) return large;
  return blend(large, entriesOf(explained, scale, large), scale, coverOf(scale, explained));
}

/** Encodes the map alone, at the picture's size, to be laid over it: transparent where the picture is to show. */
export function encodeVeil(explained: ExplainedMap, scale: Scale, size: Size): Uint8Array<ArrayBuffer> {
  return encodeIndexedPng({
    ...size,
    indexes: entriesOf(explained, scale, size),
    colours: colormap(scale.colours),
    opacity: Uint8Array.from(coverOf(scale, explained), (cover) => Math.round(OPAQUE * cover)),
  });
}

/** Sides of a picture, in pixels. */
interface Size {
  readonly height: number;
  readonly width: number;
}

/** Enlarges a picture so that every pixel becomes `times`×`times` px. */
function enlarge({ width, height, rgb }: Picture, times: number): Picture {
  const wide = width * times;
  const large = new Uint8Array(3 * wide * height * times);
  for (let row = 0; row < height * times; row++) {
    for (let column = 0; column < wide; column++) {
      const from = 3 * (Math.floor(row / times) * width + Math.floor(column / times));
      large.set(rgb.subarray(from, from + 3), 3 * (row * wide + column));
    }
  }
  return { width: wide, height: height * times, rgb: large };
}

/** `[height, width]` entries of the colour table. */
function entriesOf({ map }: ExplainedMap, scale: Scale, { height, width }: Size): Uint8Array {
  return Uint8Array.from(
    resizeBilinear(map, { height, width }),
    (value) => Math.round(LAST_ENTRY * placeOn(scale, value)),
  );
}

/**
 * How much each entry of the colour table covers the picture, 0…1: more evidence, of whichever sign, covers more, and
 * that for a guess less.
 */
export function coverOf(scale: Scale, { dimmed }: Pick<ExplainedMap, "dimmed">): Float32Array {
  const { low, high } = scale;
  const opacity = dimmed ? UNSURE_OPACITY : 1;
  const least = scale.signed ? MIN_COVER.signed : MIN_COVER.unsigned;
  return Float32Array.from({ length: COLORMAP_ENTRIES }, (_, entry) => {
    const value = low + (high - low) * entry / LAST_ENTRY;
    return opacity * (least + (MAX_COVER - least) * strengthOn(scale, value));
  });
}

function blend(
  { width, height, rgb }: Picture,
  entries: Uint8Array,
  scale: Scale,
  covers: Float32Array,
): Picture {
  const blended = new Uint8Array(rgb.length);
  const table = colormap(scale.colours);
  for (const [index, entry] of entries.entries()) {
    const cover = covers[entry] ?? 0;
    for (let channel = 0; channel < 3; channel++) {
      const at = 3 * index + channel;
      blended[at] = Math.round((rgb[at] ?? 0) * (1 - cover) + (table[3 * entry + channel] ?? 0) * cover);
    }
  }
  return { width, height, rgb: blended };
}
