/** Which clips have to go, by age and to make room. Pure. */
import { MAX_CLIPS } from "../../shared/limits.ts";
import type { ClipRow } from "./clip_store.ts";

/** Space that a file system gives out at a time, in bytes. */
const BLOCK_BYTES = 4_096;

/** What a row counts beside its files and its thumbnail, in bytes. */
const ROW_BYTES = 1_024;

/** Share of the bound that is kept for announced uploads and for the database's own files, and its most, in bytes. */
const RESERVED_SHARE = 0.1;
const MAX_RESERVED_BYTES = 10_000_000;

/** How the store's bound is shared out, in bytes. */
export interface Shares {
  /** For clips, and for uploads of which bytes have arrived. */
  readonly clips: number;
  /** For uploads that are announced, before their first byte. */
  readonly announced: number;
}

/** Shares out a bound of `maxBytes`. */
export function sharesOf(maxBytes: number): Shares {
  const reserved = Math.min(maxBytes * RESERVED_SHARE, MAX_RESERVED_BYTES);
  return { clips: maxBytes - reserved, announced: reserved / 2 };
}

/** Bytes that a clip takes when `received` bytes of it have arrived: media, sidecar, thumbnail and row. */
export function sizeOf(row: ClipRow, received = row.received): number {
  const { bytes, thumbnailBytes } = row;
  const media = Math.min(received, bytes);
  return blocks(media) + blocks(received - media) + blocks(thumbnailBytes) + ROW_BYTES;
}

/** Bytes of all rows together, and of those that are announced only. */
export function usageOf(rows: readonly ClipRow[]): Shares {
  const sum = (some: readonly ClipRow[]) => some.reduce((bytes, row) => bytes + sizeOf(row), 0);
  return { clips: sum(rows.filter(hasBegun)), announced: sum(rows.filter((row) => !hasBegun(row))) };
}

/** Stamps of `AgeClock`: what is older than they say has to go. */
export interface AgeLimits {
  /** Clips that are not pinned. */
  readonly clip: number;
  /** What lies in the trash. */
  readonly trash: number;
  /** Uploads that stand still, by the time that the server ran. */
  readonly upload: number;
}

/** What age decides. */
export interface Aged {
  /** Ids of clips that go to the trash. */
  readonly trashed: readonly string[];
  /** Ids of clips and uploads that go for good. */
  readonly erased: readonly string[];
}

/** Decides what is past its time. A clip that is pinned stays, unless somebody deleted it. */
export function ageOut(rows: readonly ClipRow[], limits: AgeLimits): Aged {
  const erased = rows.filter(({ removedUpMs, done, touchedUpMs }) =>
    removedUpMs !== null ? removedUpMs < limits.trash : !done && touchedUpMs < limits.upload
  );
  const trashed = rows.filter(({ removedUpMs, done, pinned, addedUpMs }) =>
    removedUpMs === null && done && !pinned && addedUpMs < limits.clip
  );
  return { trashed: trashed.map(({ id }) => id), erased: erased.map(({ id }) => id) };
}

/** What makes room. */
export interface Room {
  /** Whether what is to come has room once what is erased has gone; else nothing is erased. */
  readonly fits: boolean;
  /** Ids of what goes for good. */
  readonly erased: readonly string[];
}

/**
 * Decides what gives way to `bytes` more of the upload `id`, and to the row that it needs with its first byte: first the
 * trash, what was deleted first at its head; then uploads that have not moved since the stamp `idleUpMs`, whose clips
 * their senders still have; then the oldest clips that are not pinned.
 */
export function makeRoom(
  rows: readonly ClipRow[],
  { id, bytes, maxBytes, idleUpMs }: {
    readonly id: string;
    readonly bytes: number;
    readonly maxBytes: number;
    readonly idleUpMs: number;
  },
): Room {
  const begun = rows.filter(hasBegun);
  let used = usageOf(begun).clips + bytes;
  let count = begun.length + (begun.some((row) => row.id === id) ? 0 : 1);
  const { clips } = sharesOf(maxBytes);
  const fits = () => used <= clips && count <= MAX_CLIPS;
  const erased: string[] = [];
  for (
    const row of begun.filter((row) => row.id !== id && rankOf(row, idleUpMs) !== null).sort(byRank(idleUpMs))
  ) {
    if (fits()) break;
    used -= sizeOf(row);
    count--;
    erased.push(row.id);
  }
  return fits() ? { fits: true, erased } : { fits: false, erased: [] };
}

/** Whether an upload of `bytes` could ever have room: whatever may give way to it does. */
export function couldFit(rows: readonly ClipRow[], row: ClipRow, maxBytes: number): boolean {
  const staying = rows.filter(({ pinned, done, removedUpMs }) => done && pinned && removedUpMs === null);
  return usageOf(staying).clips + sizeOf(row, row.bytes + row.sidecarBytes) <= sharesOf(maxBytes).clips;
}

/** Whether a byte has arrived. */
export function hasBegun({ done, received }: ClipRow): boolean {
  return done || received > 0;
}

/** What goes first has the lowest rank; what stays has none. */
function rankOf({ removedUpMs, done, pinned, touchedUpMs }: ClipRow, idleUpMs: number): number | null {
  if (removedUpMs !== null) return 0;
  if (!done) return touchedUpMs < idleUpMs ? 1 : null;
  return pinned ? null : 2;
}

function byRank(idleUpMs: number) {
  return (one: ClipRow, other: ClipRow): number =>
    (rankOf(one, idleUpMs) ?? 0) - (rankOf(other, idleUpMs) ?? 0) || sinceOf(one) - sinceOf(other);
}

function sinceOf({ removedUpMs, addedUpMs }: ClipRow): number {
  return removedUpMs ?? addedUpMs;
}

function blocks(bytes: number): number {
  return Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
}
