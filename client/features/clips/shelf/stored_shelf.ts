/** The shelf's rules, the same wherever rows and files lie. */
import { cleanClipName, CLIP_UNDO_MS, newestFirst } from "../../../../shared/clips.ts";
import { type ClipRow, infoOf, mediaName, readRows, rowOf, sidecarName } from "./clip_row.ts";
import type { ShelfParts } from "./shelf_parts.ts";
import { type ClipInfo, type ClipUpload, type NewClip, type Shelf, ShelfFullError } from "./shelf.ts";

/** A shelf over rows and files. */
export class StoredShelf implements Shelf {
  readonly #parts: ShelfParts;
  readonly #listeners = new Set<() => void>();

  constructor(parts: ShelfParts) {
    this.#parts = parts;
  }

  get lasting(): boolean {
    return this.#parts.lasting;
  }

  async add(clip: NewClip): Promise<ClipInfo> {
    const { rows, files, now } = this.#parts;
    await this.#sweep();
    const row = rowOf(clip);
    try {
      // Until its files are whole a clip counts as removed: what a page that died leaves of one is swept.
      await rows.put({ ...row, removedMs: now() });
      await files.write(mediaName(row.id), clip.media);
      if (clip.sidecar !== undefined) await files.write(sidecarName(row.id), clip.sidecar);
      await rows.put(row);
    } catch (error) {
      await this.#erase(row.id);
      throw isQuota(error) ? full(clip, error) : error;
    }
    this.#changed();
    return infoOf(row);
  }

  async list(): Promise<readonly ClipInfo[]> {
    return (await this.#rows()).filter(({ removedMs }) => removedMs === null)
      .sort(newestFirst)
      .map(infoOf);
  }

  async media(id: string): Promise<Blob> {
    const { type } = await this.#find(id);
    const file = await this.#parts.files.read(mediaName(id));
    if (file === undefined) throw missing(id);
    return file.slice(0, file.size, type);
  }

  async sidecar(id: string): Promise<Blob | undefined> {
    await this.#find(id);
    const file = await this.#parts.files.read(sidecarName(id));
    return file?.slice(0, file.size, "application/json");
  }

  async rename(id: string, name: string): Promise<void> {
    await this.#change(id, { name: cleanClipName(name) });
  }

  async pin(id: string, pinned: boolean): Promise<void> {
    await this.#change(id, { pinned });
  }

  async remove(id: string): Promise<void> {
    await this.#change(id, { removedMs: this.#parts.now() });
  }

  async restore(id: string): Promise<void> {
    await this.#change(id, { removedMs: null });
  }

  async noteUpload(id: string, upload: ClipUpload | null): Promise<void> {
    await this.#change(id, { upload });
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #rows(): Promise<readonly ClipRow[]> {
    return readRows(await this.#parts.rows.all());
  }

  async #find(id: string): Promise<ClipRow> {
    const row = (await this.#rows()).find((one) => one.id === id);
    if (row === undefined || row.removedMs !== null) throw missing(id);
    return row;
  }

  async #change(id: string, part: Partial<ClipRow>): Promise<void> {
    if (!await this.#parts.rows.change(id, part)) throw missing(id);
    this.#changed();
  }

  async #erase(id: string): Promise<void> {
    const { rows, files } = this.#parts;
    await files.delete(mediaName(id));
    await files.delete(sidecarName(id));
    await rows.delete(id);
  }

  /** Erases what was removed too long ago to be restored. */
  async #sweep(): Promise<void> {
    for (const { id, removedMs } of await this.#rows()) {
      if (removedMs !== null && this.#parts.now() - removedMs > CLIP_UNDO_MS) await this.#erase(id);
    }
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

function isQuota(error: unknown): boolean {
  return error instanceof Error && error.name === "QuotaExceededError";
}

function full({ media, sidecar }: NewClip, cause: unknown): ShelfFullError {
  const bytes = media.size + (sidecar?.size ?? 0);
  return new ShelfFullError(`Cannot keep the clip: the browser has no room for ${bytes} bytes`, { cause });
}

function missing(id: string): RangeError {
  return new RangeError(`Cannot find the clip: the shelf has none with the id '${id}'`);
}
