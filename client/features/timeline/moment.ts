/** One moment of the timeline: what was seen, what the network said of it and why, and how much memory that takes. */
import type { Result } from "../../../shared/protocol.ts";
import type { SmallMap } from "../../../shared/small_map.ts";
import type { Seen } from "../../stage/seen.ts";

/** A finished map as a moment holds it. */
export interface MomentMap {
  readonly small: SmallMap;
  readonly classIndex: number;
}

/** A frame's name: ids begin again with each connection. */
export interface FrameName {
  readonly connection: number;
  readonly frame: number;
}

/** A moment. */
export interface Moment {
  /** Rises by one from moment to moment. */
  readonly id: number;
  readonly name: FrameName;
  /** When its picture was captured: on the timeline, whose clock may stand, and on that of the page, in ms. */
  readonly atMs: number;
  readonly capturedMs: number;
  /** Until when it is known to hold, in ms on the timeline: later than `atMs` of a picture that stands still. */
  readonly untilMs: number;
  /** Moments of one piece follow each other without a break of the stream. */
  readonly piece: number;
  /** What the network said; its ranking is what people read. */
  readonly result: Result;
  readonly seen: Seen;
  /** JPEG of what the network saw, in its input's size; null before it is encoded, or where the browser encodes none. */
  readonly picture: Blob | null;
  /** Null where no map of it was finished. */
  readonly map: MomentMap | null;
}

/** What a moment's numbers and names take in memory beside picture and map, in bytes: an estimate from above. */
export const FACTS_BYTES = 3_000;

/** Memory that a moment takes, in bytes. */
export function bytesOf({ picture, map }: Pick<Moment, "picture" | "map">): number {
  return FACTS_BYTES + (picture?.size ?? 0) + (map?.small.values.byteLength ?? 0);
}

/** The first class of a moment by model and index; null where the network was not sure. */
export function firstClass({ result: { model, ranking: { rows: [top], unsure } } }: Moment): string | null {
  return top === undefined || unsure ? null : classKey(model, top.index);
}

/** Names a class of a model: two models may mean something else by one index. */
export function classKey(model: string, index: number): string {
  return `${model}:${index}`;
}
