/** The picture with its map over it. */
import type { Picture } from "../engine/mod.ts";
import type { RawMap } from "../methods/mod.ts";
import type { Explained } from "./_explained.ts";
import { colourOn, type Scale, scaleOf, strengthOn } from "./_scale.ts";

/** Side that an overlay has at least, in px; it is a whole multiple of the input's. */
const MIN_SIDE_PX = 448;

/** How much of the map's colour covers the picture where there is most evidence. */
const MAX_COVER = 0.7;

/** The same where there is none: a dark veil sets the bright places off, a light one would only wash them out. */
const MIN_COVER = { unsigned: 0.2, signed: 0.05 } as const;

/** Draws the map over the picture, at twice the input's size or more. */
export function drawOverlay(explained: Explained): Picture {
  const { picture, map } = explained;
  const scale = scaleOf(explained);
  const times = Math.max(2, Math.ceil(MIN_SIDE_PX / Math.max(picture.width, picture.height)));
  const large = enlarge(picture, times);
  return scale.high === 0 ? large : blend(large, upsample(map, large), scale);
}

/** Enlarges a picture so that every px becomes `times`×`times` px. */
export function enlarge({ width, height, rgb }: Picture, times: number): Picture {
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

/** Resizes a map bilinearly with half-pixel centres, as browsers and cv2 do; `[height, width]`. */
export function upsample(
  map: Pick<RawMap, "height" | "width" | "values">,
  { height, width }: { readonly height: number; readonly width: number },
): Float32Array {
  const rows = taps(map.height, height);
  const columns = taps(map.width, width);
  const values = new Float32Array(height * width);
  const at = (row: number, column: number) => map.values[row * map.width + column] ?? 0;
  for (const [y, row] of rows.entries()) {
    for (const [x, column] of columns.entries()) {
      const above = at(row.first, column.first) * (1 - column.share) +
        at(row.first, column.second) * column.share;
      const below = at(row.second, column.first) * (1 - column.share) +
        at(row.second, column.second) * column.share;
      values[y * width + x] = above * (1 - row.share) + below * row.share;
    }
  }
  return values;
}

/** Two neighbours of an output px and the weight of the second. */
interface Tap {
  readonly first: number;
  readonly second: number;
  readonly share: number;
}

function taps(from: number, to: number): Tap[] {
  return Array.from({ length: to }, (_, index) => {
    const place = Math.min(from - 1, Math.max(0, (index + 0.5) * from / to - 0.5));
    const first = Math.floor(place);
    return { first, second: Math.min(from - 1, first + 1), share: place - first };
  });
}

function blend({ width, height, rgb }: Picture, values: Float32Array, scale: Scale): Picture {
  const blended = new Uint8Array(rgb.length);
  const least = scale.low < 0 ? MIN_COVER.signed : MIN_COVER.unsigned;
  for (const [index, value] of values.entries()) {
    const cover = least + (MAX_COVER - least) * strengthOn(scale, value);
    for (const [channel, colour] of colourOn(scale, value).entries()) {
      const at = 3 * index + channel;
      blended[at] = Math.round((rgb[at] ?? 0) * (1 - cover) + colour * cover);
    }
  }
  return { width, height, rgb: blended };
}
