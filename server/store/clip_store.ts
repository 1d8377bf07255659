/** The clips that the server keeps: what a store of them does, whatever rows and files lie in. */
import type { ClipType } from "../../shared/clips.ts";
import type { Linked } from "./table_link.ts";

/** What a clip is, before and after its bytes have arrived. */
export interface ClipFacts {
  readonly name: string;
  readonly type: ClipType;
  /** Bytes of the media and of the sidecar; 0 without one. */
  readonly bytes: number;
  readonly sidecarBytes: number;
  readonly durationMs: number;
  /** Size of the picture, in pixels. */
  readonly width: number;
  readonly height: number;
  /** When it was made, in ms since 1970. */
  readonly createdMs: number;
}

/** A clip that is about to be sent. */
export interface NewUpload extends ClipFacts {
  /** A small JPEG. */
  readonly thumbnail: Uint8Array<ArrayBuffer>;
}

/** A clip that is all there. */
export interface StoredClip extends ClipFacts {
  readonly id: string;
  readonly pinned: boolean;
}

/** What a client needs to send a clip, over several requests if need be. */
export interface UploadKey {
  readonly id: string;
  /** Known to the client that began the upload alone. */
  readonly token: string;
}

/** The two files of a clip. */
export type ClipPart = "media" | "sidecar";

/** How much is kept, and how long. */
export interface ClipBounds {
  /** Bytes of all clips together. */
  readonly maxBytes: number;
  /** Age of a clip that is not pinned, in ms. */
  readonly maxAgeMs: number;
}

/**
 * Clips by id. What resolves is on the disk. An id that is not known, or whose clip is deleted or not all there, rejects
 * with GradcastError `unknown-clip`; what the disk refuses with one of `data-locked`, `data-gone`, `data-unusable` and
 * `disk-full`.
 */
export interface ClipStore {
  /**
   * Begins an upload; nothing gives way to it before its bytes arrive.
   *
   * @throws GradcastError `clips-full` where it could never have room, `clips-busy` where too many are under way
   */
  create(upload: NewUpload): Promise<UploadKey>;
  /**
   * Bytes of an upload that are on the disk for good; first the media's, then the sidecar's.
   *
   * @throws GradcastError `unknown-clip` or `clip-token`, as the other steps of an upload do
   */
  offset(key: UploadKey): Promise<number>;
  /**
   * Takes bytes from `offset` on, and returns how many are there. Where they break off, what has come is kept. A newer
   * call for the same upload ends an older one. The trash gives way to them, then uploads that stand still, then the oldest
   * clips that are not pinned.
   *
   * @throws GradcastError `clip-offset`, `clip-bytes` or `clips-full`
   */
  append(key: UploadKey, offset: number, bytes: AsyncIterable<Uint8Array>): Promise<number>;
  /**
   * Ends an upload; done twice it is done once.
   *
   * @throws GradcastError `clip-incomplete`; `clip-format` or `clip-sidecar`, after which the upload is gone
   */
  complete(key: UploadKey): Promise<StoredClip>;
  /** Gives an upload up. */
  abandon(key: UploadKey): Promise<void>;
  /** The clips whose names have every word of `search`, the newest first. */
  list(search: string): Promise<readonly StoredClip[]>;
  get(id: string): Promise<StoredClip>;
  thumbnail(id: string): Promise<Uint8Array<ArrayBuffer>>;
  /** `length` bytes of a part, from byte `from` on; read as they are taken. */
  read(
    id: string,
    part: ClipPart,
    from: number,
    length: number,
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;
  /** Changes what people may change of a clip. */
  change(id: string, change: ClipEdit): Promise<StoredClip>;
  /** Puts a clip into the trash, where it lies for `CLIP_TRASH_MS`. */
  remove(id: string): Promise<void>;
  /** Takes a clip out of the trash. */
  restore(id: string): Promise<StoredClip>;
  /** The clips in the trash, the last deleted first. */
  trash(): Promise<readonly TrashedClip[]>;
  /** Deletes for good what lies in the trash. */
  emptyTrash(): Promise<void>;
  /** Puts what is past its time into the trash, and deletes for good what lay there for long. */
  sweep(): Promise<void>;
  close(): Promise<void>;
}

/** What people change of a clip. */
export interface ClipEdit {
  readonly name?: string;
  readonly pinned?: boolean;
}

/** A clip in the trash. */
export interface TrashedClip extends StoredClip {
  /** When it was deleted, in ms since 1970 on the server's clock. */
  readonly removedMs: number;
  /** Whether it was deleted for its age, and not by somebody. */
  readonly byAge: boolean;
}

/** A clip's row. Stamps are those of the store's `AgeClock`, in ms of its count. */
export interface ClipRow extends ClipFacts, UploadKey {
  /** When its upload began, in ms since 1970 on the server's clock. */
  readonly addedMs: number;
  /** Stamp of that. */
  readonly addedUpMs: number;
  /** Stamp of the last bytes that came. */
  readonly touchedUpMs: number;
  /** Bytes that are on the disk for good. */
  readonly received: number;
  /** Bytes of the thumbnail. */
  readonly thumbnailBytes: number;
  /** Whether its upload has been ended. */
  readonly done: boolean;
  readonly pinned: boolean;
  /** When it was deleted, in ms since 1970, and the stamp of that; null while it is there. */
  readonly removedMs: number | null;
  readonly removedUpMs: number | null;
  /** Whether it was deleted for its age. */
  readonly byAge: boolean;
}

/** Rows by id, as they lie in a file or in memory; a change is on the disk when the call returns. */
export interface RowStore {
  all(): readonly ClipRow[];
  get(id: string): ClipRow | null;
  thumbnail(id: string): Uint8Array<ArrayBuffer> | null;
  insert(row: ClipRow, thumbnail: Uint8Array<ArrayBuffer>): void;
  /** Changes the row with this one's id. */
  update(row: ClipRow): void;
  delete(id: string): void;
  /** Does some work as one change, which is undone where it throws. */
  together<T>(work: () => T): T;
  /** Closes; does `last` before, as one change, unless the disk or another program is in its way. */
  close(last: () => void): void;
}

/** The rules of rows: times, bounds, what is listed. Everything that is returned is on the disk. */
export interface ClipTable {
  /** Begins an upload; throws GradcastError `clips-full` or `clips-busy`. */
  announce(upload: NewUpload, key: UploadKey): ClipIds;
  get(id: string): ClipRow | null;
  thumbnail(id: string): Uint8Array<ArrayBuffer> | null;
  /** Ids of all rows. */
  ids(): readonly string[];
  /** The clips whose names have every word of `search`, the newest first. */
  list(search: string): readonly StoredClip[];
  /** The clips in the trash, the last deleted first. */
  trash(): readonly TrashedClip[];
  /** Makes room for bytes of an upload up to `received`; throws GradcastError `clips-full`, and erases nothing then. */
  makeRoom(id: string, received: number): ClipIds;
  /** Notes how many bytes are there. */
  receive(id: string, received: number): void;
  /** Ends an upload; null where there is none. */
  finish(id: string): StoredClip | null;
  edit(id: string, edit: ClipEdit): StoredClip | null;
  /** Puts a clip into the trash; false where there is none. */
  remove(id: string): boolean;
  /** Takes a clip out of the trash. */
  restore(id: string): StoredClip | null;
  /** Puts what is too old into the trash, and erases what lay there for long, and uploads that stand still. */
  ageOut(): ClipIds;
  /** Erases everything in the trash. */
  emptyTrash(): ClipIds;
  /** Erases one. */
  erase(id: string): void;
  /** Reads the clocks and remembers it. */
  tick(): void;
  close(): void;
}

/** Ids of clips that were erased: their files have to go. */
export type ClipIds = readonly string[];

/** The same table beside the event loop: a commit waits for the disk. */
export type ClipRows = Linked<ClipTable>;

/** Files by name. */
export interface ClipFiles {
  /**
   * Writes at an offset, in bytes; on the disk for good when it resolves.
   *
   * @throws GradcastError `data-gone` where the bytes before the offset are not there any more
   */
  write(name: string, at: number, bytes: Uint8Array): Promise<void>;
  read(name: string, from: number, length: number): ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Bytes of a file; 0 where there is none. */
  size(name: string): Promise<number>;
  /** Deletes a file; one that is not there is no fault. */
  delete(name: string): Promise<void>;
  names(): Promise<readonly string[]>;
}
