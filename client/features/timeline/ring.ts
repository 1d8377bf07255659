/** What the timeline holds: the moments of the last two minutes, within bounds of time and memory. Pure. */
import type { Seen } from "../../stage/seen.ts";
import { bytesOf, firstClass, type FrameName, type Moment, type MomentMap } from "./moment.ts";

/** How far the timeline reaches back, in ms. */
export const SPAN_MS = 120_000;

/** Memory of all moments, in bytes; what is drawn of them takes the rest of 40 MB. */
export const MAX_BYTES = 36_000_000;

/** Shortest time between two moments, in ms: ten pictures a second are enough for a clip. */
export const STEP_MS = 100;

/** Moments older than this are thinned out to one for each step, in ms: no clip is made of them. */
export const RECENT_MS = 35_000;
export const EARLIER_STEP_MS = 400;

/** How long after a moment a map may still be its own where its own frame was not kept, in ms. */
const NEAR_MS = 500;

/** The moments, oldest first. */
export interface Ring {
  readonly moments: readonly Moment[];
  /** Sum of what they take, in bytes. */
  readonly bytes: number;
  /** The piece that the next moment belongs to. */
  readonly piece: number;
}

export const EMPTY_RING: Ring = { moments: [], bytes: 0, piece: 0 };

/** What happens; times in ms of the timeline's clock. */
export type RingEvent =
  /** The network has answered a frame. */
  | { readonly kind: "seen"; readonly moment: Omit<Moment, "piece" | "untilMs" | "picture" | "map"> }
  /** A moment's picture is encoded. */
  | { readonly kind: "pictured"; readonly id: number; readonly picture: Blob }
  /** A map is finished; `seen`: how it is drawn. */
  | { readonly kind: "explained"; readonly name: FrameName; readonly map: MomentMap; readonly seen: Seen }
  /** The stream is interrupted, or another picture begins. */
  | { readonly kind: "broken" }
  /** The picture stands still, and what was said of it holds. */
  | { readonly kind: "held"; readonly nowMs: number }
  | { readonly kind: "passed"; readonly nowMs: number };

/** Takes an event. */
export function follow(ring: Ring, event: RingEvent): Ring {
  switch (event.kind) {
    case "seen": {
      const { moment } = event;
      // What is said once more of one frame is said of the same picture.
      const { picture = null } = ring.moments.findLast(({ name }) => isSame(name, moment.name)) ?? {};
      const added = { ...moment, piece: ring.piece, untilMs: moment.atMs, picture, map: null };
      const all = { ...ring, moments: [...ring.moments, added], bytes: ring.bytes + bytesOf(added) };
      return bounded(all, added.atMs);
    }
    case "pictured":
      return replaced(ring, ({ id }) => id === event.id, { picture: event.picture });
    case "explained": {
      const { map, seen } = event;
      const owner = ownerOf(ring.moments, event.name);
      return owner === null ? ring : replaced(ring, (moment) => moment === owner, { map, seen });
    }
    case "broken":
      return ring.moments.at(-1)?.piece === ring.piece ? { ...ring, piece: ring.piece + 1 } : ring;
    case "held": {
      const last = ring.moments.at(-1);
      const holds = last !== undefined && last.piece === ring.piece;
      const held = holds ? replaced(ring, (moment) => moment === last, { untilMs: event.nowMs }) : ring;
      return thinned(bounded(held, event.nowMs), event.nowMs);
    }
    case "passed":
      return thinned(bounded(ring, event.nowMs), event.nowMs);
    default: {
      const _never: never = event;
      return _never;
    }
  }
}

function isSame(one: FrameName, other: FrameName): boolean {
  return one.connection === other.connection && one.frame === other.frame;
}

/** The newest moment that a map can belong to: that of its frame, or the one kept shortly before it. */
function ownerOf(moments: readonly Moment[], { connection, frame }: FrameName): Moment | null {
  const last = moments.at(-1);
  const owner = moments.findLast(({ name }) => name.connection === connection && name.frame <= frame);
  if (owner === undefined || last === undefined) return null;
  if (owner.name.frame === frame) return owner;
  return owner.map === null && last.atMs - owner.atMs <= NEAR_MS ? owner : null;
}

function replaced(
  ring: Ring,
  isMeant: (moment: Moment) => boolean,
  change: Partial<Moment>,
): Ring {
  const at = ring.moments.findLastIndex(isMeant);
  const before = ring.moments[at];
  if (before === undefined) return ring;
  const after = { ...before, ...change };
  const bytes = ring.bytes - bytesOf(before) + bytesOf(after);
  return bounded({ ...ring, moments: ring.moments.with(at, after), bytes }, -Infinity);
}

/** Lets go of the oldest moments: those that are too old, and some where all take too much. */
function bounded(ring: Ring, nowMs: number): Ring {
  let { bytes } = ring;
  let first = 0;
  for (const moment of ring.moments) {
    if (bytes <= MAX_BYTES && nowMs - moment.untilMs <= SPAN_MS) break;
    bytes -= bytesOf(moment);
    first++;
  }
  return first === 0 ? ring : { ...ring, moments: ring.moments.slice(first), bytes };
}

/** Of the earlier moments one stays for each step, and each with which another class begins. */
function thinned(ring: Ring, nowMs: number): Ring {
  const { moments } = ring;
  let { bytes } = ring;
  const kept: Moment[] = [];
  for (const moment of moments) {
    const before = kept.at(-1);
    const stays = before === undefined || nowMs - moment.atMs <= RECENT_MS ||
      stepOf(before) !== stepOf(moment) || before.piece !== moment.piece ||
      firstClass(before) !== firstClass(moment);
    if (stays) kept.push(moment);
    else bytes -= bytesOf(moment);
  }
  return kept.length === moments.length ? ring : { ...ring, moments: kept, bytes };
}

function stepOf({ atMs }: Moment): number {
  return Math.floor(atMs / EARLIER_STEP_MS);
}
