/** A clip's row as it is stored, and the names of the clip's files. */
import * as v from "valibot";
import { cleanClipName, CLIP_TYPES, clipTypeOf } from "../../../../shared/clips.ts";
import type { ClipInfo, NewClip } from "./shelf.ts";

const WholeNumber = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What a row holds. */
const RowSchema = v.object({
  id: v.string(),
  name: v.string(),
  type: v.picklist(CLIP_TYPES),
  bytes: WholeNumber,
  sidecarBytes: WholeNumber,
  thumbnail: v.instance(Blob),
  durationMs: v.number(),
  width: WholeNumber,
  height: WholeNumber,
  createdMs: v.number(),
  pinned: v.boolean(),
  upload: v.nullable(v.object({ id: v.string(), token: v.string(), done: v.boolean() })),
  /** When it was removed, in ms since 1970; null while it is there. */
  removedMs: v.nullable(v.number()),
});

/** A clip's row. */
export type ClipRow = v.InferOutput<typeof RowSchema>;

/** Returns the rows among values; what another version wrote is left out. */
export function readRows(values: readonly unknown[]): readonly ClipRow[] {
  return values.flatMap((value) => {
    const row = v.safeParse(RowSchema, value);
    return row.success ? [row.output] : [];
  });
}

/**
 * Makes the row of a new clip.
 *
 * @throws TypeError where its media is of another type
 */
export function rowOf(clip: NewClip): ClipRow {
  const { media, sidecar, name, thumbnail, durationMs, width, height, createdMs } = clip;
  const type = clipTypeOf(media.type);
  if (type === null) {
    throw new TypeError(
      `Cannot keep the clip: expected media of ${CLIP_TYPES.join(" or ")}, got '${media.type}'`,
    );
  }
  return {
    id: crypto.randomUUID(),
    name: cleanClipName(name),
    type,
    bytes: media.size,
    sidecarBytes: sidecar?.size ?? 0,
    thumbnail,
    durationMs,
    width,
    height,
    createdMs,
    pinned: false,
    upload: null,
    removedMs: null,
  };
}

/** Returns what others know of a row. */
export function infoOf({ removedMs: _, ...info }: ClipRow): ClipInfo {
  return info;
}

/** Returns the name of a clip's media file. */
export function mediaName(id: string): string {
  return `${id}.media`;
}

/** Returns the name of a clip's sidecar file. */
export function sidecarName(id: string): string {
  return `${id}.sidecar`;
}
