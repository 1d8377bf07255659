/** What is said of clips over HTTP (PROTOCOL.md, C). */
import * as v from "valibot";
import { CLIP_TYPES } from "./clips.ts";
import { MAX_CLIP_THUMBNAIL_BYTES } from "./limits.ts";

/** Longest name that is taken before it is made fit for a line, in UTF-16 code units. */
const MAX_RAW_NAME_CHARS = 1_000;

const Name = v.pipe(v.string(), v.maxLength(MAX_RAW_NAME_CHARS));
const Whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Side = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16_384));
const Milliseconds = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(1e15));

const FACTS = {
  name: Name,
  type: v.picklist(CLIP_TYPES),
  bytes: v.pipe(Whole, v.minValue(1)),
  sidecarBytes: Whole,
  durationMs: Milliseconds,
  width: Side,
  height: Side,
  createdMs: Milliseconds,
} as const;

/** Begins the upload of a clip (C2). */
export const NewUploadSchema = v.strictObject({
  ...FACTS,
  /** A small JPEG, in base64. */
  thumbnail: v.pipe(v.string(), v.base64(), v.maxLength(Math.ceil(MAX_CLIP_THUMBNAIL_BYTES / 3) * 4)),
});
export type NewUploadMessage = v.InferOutput<typeof NewUploadSchema>;

/** The answer to it: what the further steps need. */
export const UploadKeySchema = v.object({ id: v.string(), token: v.string() });

/** Changes a clip (C7). */
export const ClipChangeSchema = v.strictObject({ name: v.optional(Name), pinned: v.optional(v.boolean()) });
export type ClipChange = v.InferOutput<typeof ClipChangeSchema>;

/** A clip on the server. */
export const StoredClipSchema = v.object({ ...FACTS, id: v.string(), pinned: v.boolean() });
export type StoredClipMessage = v.InferOutput<typeof StoredClipSchema>;

/** The clips on the server (C6). */
export const ClipListSchema = v.object({ clips: v.array(StoredClipSchema) });

/** A clip in the server's trash. */
export const TrashedClipSchema = v.object({
  ...StoredClipSchema.entries,
  /** When it was deleted, in ms since 1970. */
  removedMs: v.number(),
  /** Whether it was deleted for its age, and not by somebody. */
  byAge: v.boolean(),
});
export type TrashedClipMessage = v.InferOutput<typeof TrashedClipSchema>;

/** The server's trash (C7). */
export const TrashSchema = v.object({ clips: v.array(TrashedClipSchema) });

/** Header that carries the bytes of an upload which are on the server's disk (C3). */
export const UPLOAD_OFFSET = "upload-offset";

/** Header that carries an upload's token (C3). */
export const UPLOAD_TOKEN = "upload-token";
