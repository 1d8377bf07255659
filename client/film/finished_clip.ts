/** A film with what belongs to it, as the shelf keeps it. */
import type { Size } from "../picture/placement.ts";

/** A clip that is complete; its sides in pixels. */
export interface FinishedClip extends Size {
  readonly name: string;
  /** An MP4 or WebM file; its `type` says which, and may name codecs. */
  readonly media: Blob;
  /** JSON text of what was seen frame by frame. */
  readonly sidecar: Blob;
  /** A small JPEG. */
  readonly thumbnail: Blob;
  readonly durationMs: number;
  /** When it was recorded, in ms since 1970. */
  readonly createdMs: number;
}
