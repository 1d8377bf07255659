/** The network drawn: its stages with their strongest channels, and the lines between them, over HTTP (PROTOCOL.md, I). */
import * as v from "valibot";
import { MapExtentSchema } from "./map_extent.ts";
import { misfitOf } from "./misfit.ts";
import { PredictionSchema } from "./protocol.ts";

/** Channels of a stage that are drawn, unless a question asks for another number, and at most. */
export const DRAWN_CHANNELS = 5;
export const MAX_DRAWN_CHANNELS = 8;

/** Numbers are of four bytes and begin at a multiple of that. */
const NUMBER_BYTES = 4;

const Count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** One stage of the network: a layer that all later ones read through. */
export const DrawnStageSchema = v.object({
  layer: v.string(),
  /** Cells along the sides of a channel. */
  height: Count,
  width: Count,
  /** Where the cells lie on the input; absent: they tile it. */
  extent: v.exactOptional(MapExtentSchema),
  /** Cells along the sides of a thumbnail. */
  tileHeight: Count,
  tileWidth: Count,
  /** Channels of the whole layer. */
  channels: Count,
  /** Sum over all channels, and of their magnitudes, in the unit of the measure. */
  total: v.number(),
  magnitude: v.number(),
  /** True where the values are exact: W[k,c]·mean(A_k) at the layer that the head pools and weights. */
  exact: v.boolean(),
  /** The channels that are drawn, in falling order of their magnitudes or as they were named. */
  drawn: v.array(v.object({ channel: Count, value: v.number() })),
  /** `[drawn, drawn of the next stage]` row by row; null behind the last stage, or where none were asked for. */
  lines: v.nullable(v.array(v.number())),
});
export type DrawnStage = v.InferOutput<typeof DrawnStageSchema>;

/** The head of the answer of `/api/network`. */
export const NetworkHeadSchema = v.object({
  /**
   * What values and lines are: what a channel adds to the class, in logits; or where no class was named or the head has no
   * gradient, its mean activation.
   */
  measure: v.picklist(["contribution", "activity"]),
  /** The class that was named; null: none was. */
  target: v.nullable(PredictionSchema),
  /** The channel whose raw values follow, or null. */
  raw: v.nullable(v.object({ stage: Count, channel: Count })),
  stages: v.array(DrawnStageSchema),
});
export type NetworkHead = v.InferOutput<typeof NetworkHeadSchema>;

/** Numbers of a stage that are no part of the head. */
export interface StageNumbers {
  /** `[channels]` the largest activation of each, and the cell where it lies, row by row. */
  readonly peaks: Float32Array;
  readonly cells: Uint32Array;
  /** `[drawn, tileHeight, tileWidth]`, 0…255, each scaled by itself (I2). */
  readonly tiles: Uint8Array;
}

/** The network drawn for one picture. */
export interface DrawnNetwork {
  readonly head: NetworkHead;
  /** `[height, width]` of `head.raw`; null where none was asked for. */
  readonly raw: Float32Array<ArrayBuffer> | null;
  /** `[stages]` */
  readonly numbers: readonly StageNumbers[];
}

/** Writes an answer, little-endian (I10). */
export function encodeNetwork({ head, raw, numbers }: DrawnNetwork): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(JSON.stringify(head));
  const length = Math.ceil(json.length / NUMBER_BYTES) * NUMBER_BYTES;
  const floats = [...(raw === null ? [] : [raw]), ...numbers.map(({ peaks }) => peaks)];
  const counts = [...floats, ...numbers.map(({ cells }) => cells)].reduce(
    (sum, some) => sum + some.length,
    0,
  );
  const tiles = numbers.reduce((sum, { tiles }) => sum + tiles.length, 0);
  const bytes = new Uint8Array(NUMBER_BYTES * (1 + counts) + length + tiles);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, length, true);
  bytes.fill(" ".charCodeAt(0), NUMBER_BYTES, NUMBER_BYTES + length);
  bytes.set(json, NUMBER_BYTES);
  let at = NUMBER_BYTES + length;
  for (const some of floats) {
    for (const value of some) {
      view.setFloat32(at, value, true);
      at += NUMBER_BYTES;
    }
  }
  for (const { cells } of numbers) {
    for (const cell of cells) {
      view.setUint32(at, cell, true);
      at += NUMBER_BYTES;
    }
  }
  for (const { tiles } of numbers) {
    bytes.set(tiles, at);
    at += tiles.length;
  }
  return bytes;
}

/**
 * Reads an answer; tiles are views into `bytes`, not copies.
 *
 * @throws RangeError when the bytes are not what the head says (I10)
 */
export function decodeNetwork(bytes: Uint8Array<ArrayBuffer>): DrawnNetwork {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.byteLength < NUMBER_BYTES ? Infinity : view.getUint32(0, true);
  if (NUMBER_BYTES + length > bytes.byteLength) throw unreadable("the head's length", bytes.byteLength);
  const head = headOf(bytes.subarray(NUMBER_BYTES, NUMBER_BYTES + length));
  const { stages, raw } = head;
  const rawStage = raw === null ? undefined : stages[raw.stage];
  if (raw !== null && rawStage === undefined) throw unreadable("a stage that is drawn", raw.stage);
  const rawCells = rawStage === undefined ? 0 : rawStage.height * rawStage.width;
  const channels = stages.reduce((sum, stage) => sum + stage.channels, 0);
  const tileBytes = stages.reduce((sum, stage) => sum + tilesOf(stage), 0);
  const end = NUMBER_BYTES * (1 + rawCells + 2 * channels) + length + tileBytes;
  if (bytes.byteLength !== end) throw unreadable(`${end} bytes`, bytes.byteLength);
  let at = NUMBER_BYTES + length;
  const floats = (count: number) => {
    const values = Float32Array.from(
      { length: count },
      (_, i) => view.getFloat32(at + NUMBER_BYTES * i, true),
    );
    at += NUMBER_BYTES * count;
    return values;
  };
  const counts = (count: number) => {
    const values = Uint32Array.from({ length: count }, (_, i) => view.getUint32(at + NUMBER_BYTES * i, true));
    at += NUMBER_BYTES * count;
    return values;
  };
  const rawValues = rawStage === undefined ? null : floats(rawCells);
  const peaks = stages.map((stage) => floats(stage.channels));
  const cells = stages.map((stage) => counts(stage.channels));
  const numbers = stages.map((stage, i): StageNumbers => {
    const tiles = bytes.subarray(at, at += tilesOf(stage));
    return { peaks: peaks[i] ?? new Float32Array(), cells: cells[i] ?? new Uint32Array(), tiles };
  });
  return { head, raw: rawValues, numbers };
}

function tilesOf({ drawn, tileHeight, tileWidth }: DrawnStage): number {
  return drawn.length * tileHeight * tileWidth;
}

function headOf(bytes: Uint8Array): NetworkHead {
  const text = new TextDecoder().decode(bytes);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw unreadable("JSON", text.slice(0, 40));
  }
  const parsed = v.safeParse(NetworkHeadSchema, json);
  if (!parsed.success) throw unreadable("a head that fits", misfitOf(parsed.issues[0], "it"));
  return parsed.output;
}

function unreadable(wanted: string, got: number | string): RangeError {
  return new RangeError(`Cannot read the drawing: expected ${wanted}, got ${got}`);
}
