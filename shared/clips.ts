/** Clips: short films of the page, kept in the browser or on the server. What both sides agree on. */
import { comparable } from "./labels.ts";

/** Containers that a clip may have. */
export const CLIP_TYPES = ["video/mp4", "video/webm"] as const;

/** Container of a clip. */
export type ClipType = typeof CLIP_TYPES[number];

/** Longest name of a clip, in UTF-16 code units. */
export const MAX_CLIP_NAME_CHARS = 120;

/** How long a clip that was deleted can be restored, in ms. */
export const CLIP_UNDO_MS = 10 * 60_000;

/** Bytes of a clip's beginning that `sniffClip()` wants to see. */
export const CLIP_HEAD_BYTES = 12;

/** What a clip without a name is called. */
const NAMELESS = "Clip";

/** Finds the container that a media type names, its parameters left aside, or null. */
export function clipTypeOf(mediaType: string): ClipType | null {
  const bare = mediaType.split(";")[0]?.trim().toLowerCase();
  return CLIP_TYPES.find((type) => type === bare) ?? null;
}

/** Finds the container that the first bytes of a file are those of, or null. */
export function sniffClip(head: Uint8Array): ClipType | null {
  if (String.fromCharCode(...head.subarray(4, 8)) === "ftyp") return "video/mp4";
  const ebml = [0x1a, 0x45, 0xdf, 0xa3];
  return ebml.every((byte, index) => head[index] === byte) ? "video/webm" : null;
}

/** Makes a name that can be shown on one line: no control characters, no space around it, never empty. */
export function cleanClipName(name: string): string {
  const line = name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim();
  return Array.from(line.slice(0, MAX_CLIP_NAME_CHARS)).filter((each) => each.isWellFormed()).join("")
    .trim() ||
    NAMELESS;
}

/** Reports whether a name has every word of a search, whatever the case and Unicode composition. */
export function clipNameMatches(name: string, search: string): boolean {
  const text = comparable(name);
  return comparable(search).split(" ").every((word) => text.includes(word));
}

/** A name without what file systems do not take, and without an ending. */
export function clipFileStem(name: string): string {
  return cleanClipName(name).replace(/[\\/:*?"<>|]+/g, "-").replace(/^[\s.]+|[\s.]+$/g, "") || NAMELESS;
}

/** Name of a clip's file, or of its sidecar's: the clip's own, without what file systems do not take. */
export function clipFileName(name: string, type: ClipType | "application/json"): string {
  const stem = clipFileStem(name);
  switch (type) {
    case "video/mp4":
      return `${stem}.mp4`;
    case "video/webm":
      return `${stem}.webm`;
    case "application/json":
      return `${stem}.json`;
    default: {
      const _never: never = type;
      return _never;
    }
  }
}

/** Orders clips, the newest first; those of one moment by their ids. */
export function newestFirst(one: Dated, other: Dated): number {
  return other.createdMs - one.createdMs || (one.id < other.id ? -1 : 1);
}

/** What clips are ordered by. */
interface Dated {
  readonly id: string;
  readonly createdMs: number;
}
