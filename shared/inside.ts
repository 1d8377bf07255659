/** What a layer makes of one picture, and how a feature visualisation is sent: answers over HTTP (PROTOCOL.md, I). */
import * as v from "valibot";
import { misfitOf } from "./misfit.ts";
import { ERROR_CODES } from "./errors.ts";
import { MapExtentSchema } from "./map_extent.ts";
import { PredictionSchema } from "./protocol.ts";

/** Channels in a row of the grid. */
export const CHANNELS_PER_ROW = 16;

/** Channels on a page; a wider layer has several. */
export const CHANNELS_PER_PAGE = 256;

/** The raw values begin at a multiple of this, in bytes, so that they can be read in place. */
const ALIGNMENT = 4;

const Count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** The head of the answer of `/api/inside`. */
export const InsideHeadSchema = v.object({
  layer: v.string(),
  /** Cells along the sides of a channel. */
  height: Count,
  width: Count,
  /** Where the cells of a channel lie on the input; absent: they tile it. */
  extent: v.exactOptional(MapExtentSchema),
  /** Cells along the sides of a tile: fewer where the channel is finer than a grid can show. */
  tileHeight: Count,
  tileWidth: Count,
  /** Channels of the whole layer. */
  channels: Count,
  /** Which page the tiles are, 1 or more, and of how many. */
  page: Count,
  pages: Count,
  /** First channel of the page and how many follow. */
  first: Count,
  shown: Count,
  /** The channel whose raw values follow, or null. */
  channel: v.nullable(Count),
  /** Null where no class was named. */
  contributions: v.nullable(v.object({
    target: PredictionSchema,
    /** Channels with the largest magnitudes, in falling order of these; values in logits. */
    top: v.array(v.object({ channel: Count, value: v.number() })),
    /** Sum over every channel of the layer, in logits. */
    total: v.number(),
    /** True at the layer that the head pools and weights: the values are W[k,c]·mean(A_k), not an estimate. */
    exact: v.boolean(),
  })),
});
export type InsideHead = v.InferOutput<typeof InsideHeadSchema>;

/** What a layer makes of one picture. */
export interface Inside {
  readonly head: InsideHead;
  /** `[height, width]` activations as they are of `head.channel`; null where none was asked for. */
  readonly raw: Float32Array<ArrayBuffer> | null;
  /** `[shown, tileHeight, tileWidth]`, 0…255: (a − mean)/(standard deviation)·64 + 128 of each channel of the page. */
  readonly tiles: Uint8Array<ArrayBuffer>;
}

/** Writes an answer: length of the head as u32, the head as JSON, the raw values, the tiles; little-endian (I2). */
export function encodeInside({ head, raw, tiles }: Inside): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(JSON.stringify(head));
  const length = Math.ceil(json.length / ALIGNMENT) * ALIGNMENT;
  const values = raw ?? new Float32Array();
  const bytes = new Uint8Array(ALIGNMENT + length + 4 * values.length + tiles.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, length, true);
  bytes.fill(" ".charCodeAt(0), ALIGNMENT, ALIGNMENT + length);
  bytes.set(json, ALIGNMENT);
  for (const [index, value] of values.entries()) {
    view.setFloat32(ALIGNMENT + length + 4 * index, value, true);
  }
  bytes.set(tiles, ALIGNMENT + length + 4 * values.length);
  return bytes;
}

/**
 * Reads an answer; the tiles are a view into `bytes`, not a copy.
 *
 * @throws RangeError when the bytes are not what the head says (I2)
 */
export function decodeInside(bytes: Uint8Array<ArrayBuffer>): Inside {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.byteLength < ALIGNMENT ? Infinity : view.getUint32(0, true);
  if (ALIGNMENT + length > bytes.byteLength) throw unreadable("the head's length", bytes.byteLength);
  const text = new TextDecoder().decode(bytes.subarray(ALIGNMENT, ALIGNMENT + length));
  const parsed = v.safeParse(InsideHeadSchema, parse(text));
  if (!parsed.success) throw unreadable("a head that fits", misfitOf(parsed.issues[0], "it"));
  const head = parsed.output;
  const cells = head.height * head.width;
  const rawCells = head.channel === null ? 0 : cells;
  const start = ALIGNMENT + length + 4 * rawCells;
  const end = start + head.shown * head.tileHeight * head.tileWidth;
  if (bytes.byteLength !== end) throw unreadable(`${end} bytes`, bytes.byteLength);
  const raw = new Float32Array(rawCells);
  for (let index = 0; index < rawCells; index++) {
    raw[index] = view.getFloat32(ALIGNMENT + length + 4 * index, true);
  }
  return { head, raw: head.channel === null ? null : raw, tiles: bytes.subarray(start) };
}

/** A line of the answer of `/api/feature`. */
export const FeatureLineSchema = v.union([
  v.object({
    /** Steps that were taken, and of how many. */
    step: Count,
    steps: Count,
    /** True on the last line. */
    done: v.boolean(),
    /** True on the last line where what was to be raised never answered: the picture shows nothing of it. */
    silent: v.boolean(),
    /** The picture as it stands, a PNG in base64; null before the first one. */
    png: v.nullable(v.string()),
  }),
  v.object({ code: v.picklist(ERROR_CODES), message: v.string(), words: v.string() }),
]);
export type FeatureLine = v.InferOutput<typeof FeatureLineSchema>;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable("JSON", text.slice(0, 40));
  }
}

function unreadable(wanted: string, current: number | string): RangeError {
  return new RangeError(`Cannot read the layer: expected ${wanted}, got ${current}`);
}
