/** Models that were uploaded: a folder for each below the data folder, complete or not there at all. */
import { dirname, join } from "node:path";
import { GradcastError } from "../../shared/errors.ts";
import { orStoreFailure } from "./failures.ts";
import {
  namesIn,
  openedPath,
  pathsIn,
  remove,
  shelved,
  sum,
  sweep,
  syncFolder,
  writeFile,
} from "./_model_files.ts";
import { cardPathOf, freeId, isModelId, isModelPath, modelFileOf, modelIdOf } from "./_model_paths.ts";

const ACTION = "keep the model";

/** How long an upload may wait for its next file before its room is given to others, in ms. */
const IDLE_MS = 600_000;

/** A file that will be sent. */
export interface AnnouncedFile {
  /** Path inside the model's folder, with `/` between its parts. */
  readonly path: string;
  readonly bytes: number;
}

/** A model on the disk. */
export interface ShelvedModel {
  readonly id: string;
  /** The file or the folder that is opened. */
  readonly path: string;
  readonly bytes: number;
}

/** An upload that is not complete. */
interface Upload {
  readonly folder: string;
  readonly files: ReadonlyMap<string, number>;
  readonly received: Set<string>;
  readonly bytes: number;
  /** Files on their way. */
  receiving: number;
  /** When something of it came last, in ms of the shelf's clock. */
  heardMs: number;
}

/** Uploaded models of a data folder. */
export interface ModelShelf {
  /** Every complete one, by its id. */
  list(): Promise<readonly ShelvedModel[]>;
  /**
   * Announces an upload, before any byte of it is taken.
   *
   * @throws GradcastError `model-bytes` where there is no room for it, `message-shape` for a path that leads elsewhere
   * @param reserved ids of other models, which the upload does not get
   */
  begin(name: string, files: readonly AnnouncedFile[], reserved?: readonly string[]): Promise<string>;
  /**
   * Takes a file of an upload. One that breaks off, or has other bytes than it was announced with, ends the upload.
   *
   * @throws GradcastError `not-found`, `model-bytes`, or what the disk says
   */
  receive(id: string, path: string, bytes: AsyncIterable<Uint8Array>): Promise<void>;
  /** Where an upload lies whose files are all there, to be looked at. Throws GradcastError `model-incomplete`. */
  received(id: string): ShelvedModel;
  /** Keeps an upload for good. */
  complete(id: string): Promise<ShelvedModel>;
  /** Removes an upload that is not complete; does nothing where there is none. */
  abandon(id: string): Promise<void>;
  /** Removes a model that was kept and cannot be opened. */
  discard(id: string): Promise<void>;
  /** The text of a model's card, or null. */
  card(id: string): Promise<string | null>;
  writeCard(id: string, text: string): Promise<void>;
  /** Takes a model away; it can be restored until the room is needed or the server ends. */
  remove(id: string): Promise<void>;
  restore(id: string): Promise<ShelvedModel>;
}

/** What a shelf is made of. */
export interface ModelShelfOptions {
  /** Makes sure of the data folder and returns the folder of uploaded models in it, which need not be there yet. */
  readonly root: () => Promise<string>;
  /** Bytes that all models have together. */
  readonly maxBytes: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** Opens the shelf; what a server before left half done is removed when it is first used. */
export function openModelShelf(options: ModelShelfOptions): ModelShelf {
  return new FolderShelf(options);
}

/** Folders of the shelf: complete models lie in it, the others in folders that no model's id can have. */
const FOLDERS = { kept: "", incoming: ".incoming", trash: ".trash" } as const;
type Kind = keyof typeof FOLDERS;

class FolderShelf implements ModelShelf {
  readonly #options: ModelShelfOptions;
  readonly #uploads = new Map<string, Upload>();
  /** Uploads that are being kept: nothing can be sent to them, and they are completed once. */
  readonly #completing = new Set<string>();
  #swept: Promise<void> | null = null;
  /** Announcements wait for each other: two at a time would both take the last room. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: ModelShelfOptions) {
    this.#options = options;
  }

  list(): Promise<readonly ShelvedModel[]> {
    return orStoreFailure("list the models", () => this.#listIn("kept"));
  }

  begin(name: string, files: readonly AnnouncedFile[], reserved: readonly string[] = []): Promise<string> {
    const begun = this.#last.then(() => orStoreFailure(ACTION, () => this.#begin(name, files, reserved)));
    this.#last = begun.catch(() => {});
    return begun;
  }

  receive(id: string, path: string, incoming: AsyncIterable<Uint8Array>): Promise<void> {
    return orStoreFailure(ACTION, async () => {
      const upload = this.#upload(id);
      const { folder, files, received } = upload;
      const bytes = files.get(path);
      if (bytes === undefined) {
        throw new GradcastError("not-found", `Cannot take ${path}: it was not announced`);
      }
      upload.receiving++;
      try {
        await writeFile(join(folder, path), incoming, bytes);
        received.add(path);
      } catch (error) {
        await this.#abandon(id);
        throw error;
      } finally {
        upload.receiving--;
        upload.heardMs = this.#options.now();
      }
    });
  }

  received(id: string): ShelvedModel {
    const { folder, files, received, bytes } = this.#upload(id);
    const missing = [...files.keys()].find((path) => !received.has(path));
    if (missing !== undefined) {
      throw new GradcastError("model-incomplete", `Cannot open the model: ${missing} has not been sent`);
    }
    return { id, path: openedPath(folder, [...files.keys()]), bytes };
  }

  complete(id: string): Promise<ShelvedModel> {
    return orStoreFailure(ACTION, async () => {
      const { folder } = this.#upload(id);
      this.#completing.add(id);
      try {
        const kept = await this.#folder("kept", id);
        await Deno.mkdir(dirname(kept), { recursive: true });
        await Deno.rename(folder, kept);
        await syncFolder(dirname(kept));
        this.#uploads.delete(id);
        return await shelved(dirname(kept), id);
      } finally {
        this.#completing.delete(id);
      }
    });
  }

  abandon(id: string): Promise<void> {
    return orStoreFailure("remove the upload", () => this.#abandon(id));
  }

  discard(id: string): Promise<void> {
    return orStoreFailure("remove the model", async () => await remove(await this.#kept(id)));
  }

  card(id: string): Promise<string | null> {
    return orStoreFailure("read the card", async () => {
      return await Deno.readTextFile(await this.#cardPath(id)).catch(() => null);
    });
  }

  writeCard(id: string, text: string): Promise<void> {
    return orStoreFailure("keep the card", async () => {
      const path = await this.#cardPath(id);
      // Written beside and renamed: a card is whole or as before.
      const draft = `${path}.draft`;
      await writeFile(draft, [new TextEncoder().encode(text)], null);
      await Deno.rename(draft, path);
      await syncFolder(dirname(path));
    });
  }

  remove(id: string): Promise<void> {
    return orStoreFailure("remove the model", async () => {
      await this.#kept(id);
      await remove(await this.#folder("trash", id));
      await this.#move(id, "kept", "trash");
    });
  }

  restore(id: string): Promise<ShelvedModel> {
    return orStoreFailure("restore the model", async () => {
      const removed = await namesIn(await this.#folder("trash"));
      if (!removed.includes(id)) {
        throw new GradcastError("not-found", `Cannot restore the model: '${id}' is no longer there`);
      }
      await this.#move(id, "trash", "kept");
      return await shelved(await this.#folder("kept"), id);
    });
  }

  async #folder(kind: Kind, id?: string): Promise<string> {
    const base = await this.#options.root();
    this.#swept ??= sweep(base);
    await this.#swept;
    return join(base, FOLDERS[kind], id ?? "");
  }

  async #listIn(kind: Kind): Promise<readonly ShelvedModel[]> {
    const folder = await this.#folder(kind);
    return await Promise.all((await namesIn(folder)).sort().map((id) => shelved(folder, id)));
  }

  async #begin(name: string, files: readonly AnnouncedFile[], reserved: readonly string[]): Promise<string> {
    checkPaths(files);
    await this.#abandonIdle();
    const bytes = sum(files.map((file) => file.bytes));
    await this.#makeRoom(bytes);
    const id = freeId(modelIdOf(name), [...reserved, ...await this.#takenIds()]);
    const folder = await this.#folder("incoming", id);
    const announced = new Map(files.map((file) => [file.path, file.bytes] as const));
    this.#uploads.set(id, {
      ...{ folder, files: announced, received: new Set(), bytes },
      ...{ receiving: 0, heardMs: this.#options.now() },
    });
    await Deno.mkdir(folder, { recursive: true });
    return id;
  }

  async #takenIds(): Promise<ReadonlySet<string>> {
    const kept = await namesIn(await this.#folder("kept"));
    const removed = await namesIn(await this.#folder("trash"));
    return new Set([...kept, ...removed, ...this.#uploads.keys()]);
  }

  /** Room for so many bytes: what was removed gives way to it. */
  async #makeRoom(bytes: number): Promise<void> {
    const { maxBytes } = this.#options;
    const used = sum((await this.#listIn("kept")).map((one) => one.bytes)) +
      sum([...this.#uploads.values()].map((one) => one.bytes));
    if (used + bytes > maxBytes) {
      throw new GradcastError(
        "model-bytes",
        `Cannot take the model: expected at most ${
          Math.max(0, maxBytes - used)
        } bytes, which are left of the ` +
          `${maxBytes} of all uploaded models, got ${bytes}`,
      );
    }
    const trash = await this.#listIn("trash");
    if (used + bytes + sum(trash.map((one) => one.bytes)) > maxBytes) {
      await remove(await this.#folder("trash"));
    }
  }

  #upload(id: string): Upload {
    const upload = this.#uploads.get(id);
    if (upload === undefined || this.#completing.has(id)) {
      throw new GradcastError("not-found", `Cannot find the upload: none has the id '${id}'`);
    }
    return upload;
  }

  /** Ends uploads whose page has gone between two files. */
  async #abandonIdle(): Promise<void> {
    const nowMs = this.#options.now();
    const idle = [...this.#uploads].filter(([, one]) =>
      one.receiving === 0 && nowMs - one.heardMs >= IDLE_MS
    );
    for (const [id] of idle) await this.#abandon(id);
  }

  async #abandon(id: string): Promise<void> {
    if (this.#completing.has(id)) return;
    const upload = this.#uploads.get(id);
    this.#uploads.delete(id);
    if (upload !== undefined) await remove(upload.folder);
  }

  /** Folder of a complete model. */
  async #kept(id: string): Promise<string> {
    const folder = await this.#folder("kept", id);
    const isThere = isModelId(id) && await Deno.stat(folder).then(() => true, () => false);
    if (!isThere) {
      throw new GradcastError("not-found", `Cannot find the model: no uploaded one has the id '${id}'`);
    }
    return folder;
  }

  async #cardPath(id: string): Promise<string> {
    const folder = await this.#kept(id);
    return join(folder, cardPathOf(modelFileOf(await pathsIn(folder))));
  }

  async #move(id: string, from: Kind, to: Kind): Promise<void> {
    const [source, target] = [await this.#folder(from, id), await this.#folder(to, id)];
    await Deno.mkdir(dirname(target), { recursive: true });
    await Deno.rename(source, target);
    await syncFolder(dirname(target));
  }
}

/** The folders that a path leads through. */
function foldersOf(path: string): readonly string[] {
  const parts = path.split("/");
  return parts.slice(1).map((_part, index) => parts.slice(0, index + 1).join("/"));
}

function checkPaths(files: readonly AnnouncedFile[]): void {
  const wrong = files.find(({ path }) => !isModelPath(path));
  if (wrong !== undefined) {
    throw new GradcastError(
      "message-shape",
      `Cannot take the model: expected names of files inside its folder, got ${JSON.stringify(wrong.path)}`,
    );
  }
  const folded = new Set(files.map(({ path }) => path.toLowerCase()));
  if (folded.size < files.length) {
    throw new GradcastError("message-shape", "Cannot take the model: two of its files have the same name");
  }
  const both = [...folded].flatMap(foldersOf).find((folder) => folded.has(folder));
  if (both !== undefined) {
    throw new GradcastError(
      "message-shape",
      `Cannot take the model: expected a file or a folder, got both by the name ${JSON.stringify(both)}`,
    );
  }
}
