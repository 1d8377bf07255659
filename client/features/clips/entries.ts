/** Clips of this browser and of the server as one list. Pure. */
import type { StoredClipMessage } from "../../../shared/clip_wire.ts";
import { clipNameMatches } from "../../../shared/clips.ts";
import type { ClipInfo } from "./shelf/shelf.ts";

/** A clip, wherever it lies. */
export interface ClipEntry extends Omit<StoredClipMessage, "id"> {
  /** Tells entries apart. */
  readonly key: string;
  /** The clip on the shelf, or null. */
  readonly local: ClipInfo | null;
  /** The clip on the server, or null. */
  readonly stored: StoredClipMessage | null;
}

/** Puts both lists together: a clip that was uploaded is one entry. Pinned ones come first, then the newest. */
export function mergeClips(
  local: readonly ClipInfo[],
  stored: readonly StoredClipMessage[],
): readonly ClipEntry[] {
  const rest = new Map(stored.map((clip) => [clip.id, clip]));
  const entries: ClipEntry[] = local.map((clip) => {
    const uploaded = clip.upload?.done === true ? rest.get(clip.upload.id) ?? null : null;
    if (uploaded !== null) rest.delete(uploaded.id);
    return entryOf(clip, clip, uploaded);
  });
  for (const clip of rest.values()) entries.push(entryOf(clip, null, clip));
  return entries.sort((one, other) =>
    Number(other.pinned) - Number(one.pinned) || other.createdMs - one.createdMs ||
    (one.key < other.key ? -1 : 1)
  );
}

/** The entries whose names have every word of a search. */
export function findClips(entries: readonly ClipEntry[], search: string): readonly ClipEntry[] {
  return entries.filter(({ name }) => clipNameMatches(name, search));
}

/** Where a clip lies, in words. */
export function placeWords({ local, stored }: ClipEntry): string {
  if (local === null) return "On the server";
  return stored === null ? "In this browser" : "In this browser and on the server";
}

function entryOf(
  facts: ClipInfo | StoredClipMessage,
  local: ClipInfo | null,
  stored: ClipEntry["stored"],
): ClipEntry {
  const { id, name, type, bytes, sidecarBytes, durationMs, width, height, createdMs } = facts;
  return {
    key: id,
    ...{ name, type, bytes, sidecarBytes, durationMs, width, height, createdMs },
    pinned: local?.pinned === true || stored?.pinned === true,
    local,
    stored,
  };
}
