/** The shelf: clips that this browser keeps. */
import type { ClipType } from "../../../../shared/clips.ts";

/** A clip that was just made. */
export interface NewClip {
  /** What people call it; made fit for one line. */
  readonly name: string;
  /** An MP4 or WebM file; its `type` says which, and may name codecs. */
  readonly media: Blob;
  /** JSON text of what was seen frame by frame; a clip may come without. */
  readonly sidecar?: Blob;
  /** A small JPEG of one of its pictures. */
  readonly thumbnail: Blob;
  readonly durationMs: number;
  /** Size of the picture, in pixels. */
  readonly width: number;
  readonly height: number;
  /** When it was made, in ms since 1970. */
  readonly createdMs: number;
}

/** Where a clip of the shelf lies on the server, or is on its way there. */
export interface ClipUpload {
  /** The clip's id on the server. */
  readonly id: string;
  /** What the server wants to see before it takes more of the clip. */
  readonly token: string;
  /** Whether the server has all of it. */
  readonly done: boolean;
}

/** A clip on the shelf. */
export interface ClipInfo extends Omit<NewClip, "media" | "sidecar"> {
  readonly id: string;
  readonly type: ClipType;
  /** Bytes of the media and of the sidecar; 0 without one. */
  readonly bytes: number;
  readonly sidecarBytes: number;
  readonly pinned: boolean;
  readonly upload: ClipUpload | null;
}

/** Clips by id. Every call but `add`, `list` and `onChange` throws a RangeError where the shelf does not hold the clip. */
export interface Shelf {
  /** Whether clips are still there when the page is opened again. */
  readonly lasting: boolean;
  /**
   * Keeps a clip; nothing of it is left where that fails.
   *
   * @throws ShelfFullError, or TypeError where the media is of another type
   */
  add(clip: NewClip): Promise<ClipInfo>;
  /** Every clip, the newest first. */
  list(): Promise<readonly ClipInfo[]>;
  media(id: string): Promise<Blob>;
  sidecar(id: string): Promise<Blob | undefined>;
  rename(id: string, name: string): Promise<void>;
  pin(id: string, pinned: boolean): Promise<void>;
  /** Removes a clip; it can be restored for `CLIP_UNDO_MS`. */
  remove(id: string): Promise<void>;
  restore(id: string): Promise<void>;
  /** Notes where the clip lies on the server; null: nowhere. */
  noteUpload(id: string, upload: ClipUpload | null): Promise<void>;
  /** Calls a listener after every change, until the returned function is called. */
  onChange(listener: () => void): () => void;
}

/** The browser has no room for the clip. */
export class ShelfFullError extends Error {
  override readonly name = "ShelfFullError";
}
