/** The shelf's rules, the same wherever rows and files lie. */
import * as v from "valibot";
import {
  cleanClipName,
  CLIP_TYPES,
  CLIP_UNDO_MS,
  clipTypeOf,
  newestFirst,
} from "../../../../shared/clips.ts";
import { type ClipInfo, type NewClip, type Shelf, ShelfFullError } from "./shelf.ts";

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
  /** When it was taken away, in ms since 1970; null while it is there. */
  removedMs: v.nullable(v.number()),
});

/** A clip's row. */
export type ClipRow = v.InferOutput<typeof RowSchema>;

/** Rows by id. */
export interface ClipRows {
  /** Every row; what another version wrote may be among them. */
  all(): Promise<readonly unknown[]>;
  put(row: ClipRow): Promise<void>;
  /** Changes a row in one step; false where there is none. */
  change(id: string, part: Partial<ClipRow>): Promise<boolean>;
  delete(id: string): Promise<void>;
}

/** Files by name. */
export interface ClipFiles {
  write(name: string, content: Blob): Promise<void>;
  read(name: string): Promise<Blob | undefined>;
  /** Deletes a file; one that is not there is no fault. */
  delete(name: string): Promise<void>;
}

/** What a shelf is made of. */
export interface ShelfParts {
  readonly rows: ClipRows;
  readonly files: ClipFiles;
  readonly lasting: boolean;
  /** Time in ms since 1970. */
  readonly now: () => number;
}

/** Makes a shelf. */
export function createShelf({ rows, files, lasting, now }: ShelfParts): Shelf {
  const listeners = new Set<() => void>();

  async function read(): Promise<readonly ClipRow[]> {
    return (await rows.all()).flatMap((row) => {
      const parsed = v.safeParse(RowSchema, row);
      return parsed.success ? [parsed.output] : [];
    });
  }

  async function find(id: string): Promise<ClipRow> {
    const row = (await read()).find((one) => one.id === id);
    if (row === undefined || row.removedMs !== null) throw missing(id);
    return row;
  }

  async function change(id: string, part: Partial<ClipRow>): Promise<void> {
    if (!await rows.change(id, part)) throw missing(id);
    tell();
  }

  async function erase(id: string): Promise<void> {
    await files.delete(mediaName(id));
    await files.delete(sidecarName(id));
    await rows.delete(id);
  }

  async function sweep(): Promise<void> {
    for (const { id, removedMs } of await read()) {
      if (removedMs !== null && now() - removedMs > CLIP_UNDO_MS) await erase(id);
    }
  }

  function tell(): void {
    for (const listener of listeners) listener();
  }

  return {
    lasting,
    async add(clip) {
      await sweep();
      const row = rowOf(clip);
      try {
        // Until its files are whole a clip counts as taken away: what a page that died leaves of one is swept.
        await rows.put({ ...row, removedMs: now() });
        await files.write(mediaName(row.id), clip.media);
        if (clip.sidecar !== undefined) await files.write(sidecarName(row.id), clip.sidecar);
        await rows.put(row);
      } catch (error) {
        await erase(row.id);
        throw isQuota(error) ? full(clip, error) : error;
      }
      tell();
      return infoOf(row);
    },
    async list() {
      return (await read()).filter(({ removedMs }) => removedMs === null)
        .sort(newestFirst)
        .map(infoOf);
    },
    async media(id) {
      const { type } = await find(id);
      const file = await files.read(mediaName(id));
      if (file === undefined) throw missing(id);
      return file.slice(0, file.size, type);
    },
    async sidecar(id) {
      await find(id);
      const file = await files.read(sidecarName(id));
      return file?.slice(0, file.size, "application/json");
    },
    rename: (id, name) => change(id, { name: cleanClipName(name) }),
    pin: (id, pinned) => change(id, { pinned }),
    remove: (id) => change(id, { removedMs: now() }),
    restore: (id) => change(id, { removedMs: null }),
    noteUpload: (id, upload) => change(id, { upload }),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function rowOf({ media, sidecar, name, thumbnail, durationMs, width, height, createdMs }: NewClip): ClipRow {
  const type = clipTypeOf(media.type);
  if (type === null) {
    throw new TypeError(
      `Cannot keep the clip as its media has to be ${
        CLIP_TYPES.join(" or ")
      }: current value is '${media.type}'`,
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

function infoOf({ removedMs: _, ...info }: ClipRow): ClipInfo {
  return info;
}

const mediaName = (id: string) => `${id}.media`;
const sidecarName = (id: string) => `${id}.sidecar`;

function isQuota(error: unknown): boolean {
  return error instanceof Error && error.name === "QuotaExceededError";
}

function full({ media, sidecar }: NewClip, cause: unknown): ShelfFullError {
  return new ShelfFullError(
    `Cannot keep the clip as the browser has no room for it: current value is ${
      media.size + (sidecar?.size ?? 0)
    } bytes`,
    { cause },
  );
}

function missing(id: string): RangeError {
  return new RangeError(`Cannot find the clip as the shelf does not hold it: current value is ${id}`);
}
