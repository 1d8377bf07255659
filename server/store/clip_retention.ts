/** Which clips have to go. Pure. */
import { CLIP_UNDO_MS } from "../../shared/clips.ts";
import { MAX_CLIP_UPLOAD_MS } from "../../shared/limits.ts";
import type { ClipBounds, ClipRow } from "./clip_store.ts";

/** What is decided. */
export interface Retention {
  /** Ids of the clips that go. */
  readonly leave: readonly string[];
  /** Whether what stays and what is to come fit into the bounds. */
  readonly fits: boolean;
}

/**
 * Decides at `nowMs` what goes so that `wantedBytes` more fit: what is past its time, then deleted clips, then the oldest
 * ones. A clip that is pinned stays, deleted or not, until its own deletion is past its time; an upload under way stays.
 */
export function retain(
  rows: readonly ClipRow[],
  { maxBytes, maxAgeMs }: ClipBounds,
  nowMs: number,
  wantedBytes = 0,
): Retention {
  const past = (row: ClipRow): boolean => {
    if (row.removedMs !== null) return nowMs - row.removedMs > CLIP_UNDO_MS;
    if (!row.done) return nowMs - row.touchedMs > MAX_CLIP_UPLOAD_MS;
    return !row.pinned && nowMs - row.addedMs > maxAgeMs;
  };
  const leave = rows.filter(past).map(({ id }) => id);
  const stay = rows.filter((row) => !past(row));
  let bytes = stay.reduce((sum, row) => sum + sizeOf(row), wantedBytes);
  const loose = stay.filter(({ done, pinned }) => done && !pinned).sort((one, other) =>
    Number(one.removedMs === null) - Number(other.removedMs === null) || one.addedMs - other.addedMs
  );
  const least = loose.reduce((sum, row) => sum - sizeOf(row), bytes);
  // What cannot fit takes nobody's place.
  if (least > maxBytes) return { leave, fits: false };
  for (const row of loose) {
    if (bytes <= maxBytes) break;
    bytes -= sizeOf(row);
    leave.push(row.id);
  }
  return { leave, fits: true };
}

/** Bytes that a clip takes, or will take. */
function sizeOf({ bytes, sidecarBytes }: ClipRow): number {
  return bytes + sidecarBytes;
}
