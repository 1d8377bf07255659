/**
 * Files of a model's folder: plain files that lie in it, whose size is looked at before a byte is read.
 *
 * The folder itself may be a link, which is its owner's choice. A link inside may lead to another file inside; one that
 * leads out would let a model that somebody sent read any file of the machine. Pipes and devices are refused, as
 * reading one may never end.
 */
import { createHash, type Hash } from "node:crypto";
import { isAbsolute, join, relative } from "node:path";
import { CARD_FILE } from "./card.ts";

/** A file that is open for reading. */
export interface ModelFile extends Disposable {
  readonly name: string;
  readonly bytes: number;
  /**
   * Fills a buffer with the bytes that come next.
   *
   * @throws Error where the file ends before, or where it was its last and its hash is not the card's
   */
  fill(buffer: Uint8Array<ArrayBuffer>): Promise<void>;
  /**
   * Fills a buffer with the bytes from a position on; for files that are read here and there, whose hash is checked
   * afterwards.
   *
   * @throws Error where the file ends before
   */
  fillAt(buffer: Uint8Array<ArrayBuffer>, position: number): Promise<void>;
  /** The same at once, for a reader that cannot wait. */
  fillAtSync(buffer: Uint8Array, position: number): void;
}

/** Bytes that are read at a time: one call for hundreds of megabytes would keep the disk from all others. */
const READ_BYTES = 2 ** 23;

/** Bytes of a file that is read for its hash alone, at a time. */
const CHECK_BYTES = 2 ** 20;

/** SHA-256 of files in hex, by name. */
type Hashes = ReadonlyMap<string, string>;

/** The files of one folder. */
export class ModelFiles {
  readonly #folder: string;
  /** What the card says of its files; null where it says nothing, and nothing is checked. */
  readonly #hashes: Hashes | null;
  readonly #checked = new Set<string>();
  readonly #card: string;
  readonly #onRead: (bytes: number) => void;
  readonly #opened = new Set<string>();

  /**
   * @param card name of the card that the hashes are from
   * @param onRead called with the bytes of each read
   */
  constructor(
    folder: string,
    hashes: Readonly<Record<string, string>> | null = null,
    { card = CARD_FILE, onRead = () => {} }: {
      readonly card?: string;
      readonly onRead?: (bytes: number) => void;
    } = {},
  ) {
    this.#folder = folder;
    this.#card = card;
    this.#onRead = onRead;
    this.#hashes = hashes === null ? null : new Map(Object.entries(hashes));
  }

  /** Whether the card's hashes leave a file out. */
  lacks(name: string): boolean {
    return this.#hashes !== null && !this.#hashes.has(name);
  }

  /** Names of the files that were opened so far. */
  get opened(): readonly string[] {
    return [...this.#opened];
  }

  /** Names that the card has hashes of; empty without any. */
  get hashed(): readonly string[] {
    return [...this.#hashes?.keys() ?? []];
  }

  /**
   * Opens a file, or gives null where there is none.
   *
   * @throws Error where it is no plain file of the folder, or cannot be read
   */
  async open(name: string): Promise<ModelFile | null> {
    const path = await this.#locate(name);
    if (path === null) return null;
    const file = await this.#reading(name, () => Deno.open(path, { read: true }));
    try {
      const { isFile, size } = await file.stat();
      if (!isFile) throw notPlain(name);
      this.#opened.add(name);
      const wanted = this.#hashes?.get(name) ?? null;
      return new OpenFile({ name, file, bytes: size, wanted, onRead: this.#onRead }, () => {
        this.#checked.add(name);
      });
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /**
   * Reads a whole file, or gives null where there is none.
   *
   * @param most bytes that the file may have
   */
  async read(name: string, most: number): Promise<Uint8Array<ArrayBuffer> | null> {
    using file = await this.open(name);
    if (file === null) return null;
    if (file.bytes > most) {
      throw new Error(
        `Cannot load the model: expected ${name} to have at most ${most.toLocaleString("en")} bytes, ` +
          `got ${file.bytes.toLocaleString("en")}`,
      );
    }
    const bytes = new Uint8Array(file.bytes);
    await file.fill(bytes);
    return bytes;
  }

  /**
   * Opens a file that has to be there.
   *
   * @throws Error where there is none, or where the card's hashes leave it out
   */
  async openRequired(name: string): Promise<ModelFile> {
    if (this.lacks(name)) throw this.#unhashed(name);
    const file = await this.open(name);
    if (file === null) throw missing(name, this.#folder);
    return file;
  }

  /**
   * Reads the text of a file that has to be there.
   *
   * @param most bytes that the file may have
   */
  async text(name: string, most: number): Promise<string> {
    if (this.lacks(name)) throw this.#unhashed(name);
    const bytes = await this.read(name, most);
    if (bytes === null) throw missing(name, this.#folder);
    return new TextDecoder().decode(bytes);
  }

  /** Holds the files that nothing has read yet to their hashes. */
  async checkOthers(): Promise<void> {
    const buffer = new Uint8Array(CHECK_BYTES);
    for (const name of this.hashed.filter((name) => !this.#checked.has(name))) {
      using file = await this.open(name);
      if (file === null) throw missing(name, this.#folder);
      for (let left = file.bytes; left > 0; left -= buffer.length) {
        await file.fill(buffer.subarray(0, Math.min(left, buffer.length)));
      }
      if (file.bytes === 0) await file.fill(buffer.subarray(0, 0));
    }
  }

  /** Where a plain file of the folder lies, or null where there is none. */
  async #locate(name: string): Promise<string | null> {
    const path = join(this.#folder, name);
    try {
      const found = await Deno.lstat(path);
      if (!found.isSymlink) {
        if (!found.isFile) throw notPlain(name);
        return path;
      }
      const [inside, real] = await Promise.all([Deno.realPath(this.#folder), Deno.realPath(path)]);
      const way = relative(inside, real);
      if (way === "" || way.startsWith("..") || isAbsolute(way)) {
        throw new Error(
          `Cannot load the model: ${name} is a link that leads out of its folder; put the file itself there`,
        );
      }
      if (!(await Deno.stat(path)).isFile) throw notPlain(name);
      return path;
    } catch (cause) {
      if (cause instanceof Deno.errors.NotFound) return null;
      throw cause instanceof Error && cause.message.startsWith("Cannot load")
        ? cause
        : this.#fault(name, cause);
    }
  }

  #unhashed(name: string): Error {
    return new Error(
      `Cannot load the model: ${this.#card} has no hash of ${name}, only of ${this.hashed.join(", ")}`,
    );
  }

  async #reading<T>(name: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (cause) {
      throw this.#fault(name, cause);
    }
  }

  #fault(name: string, cause: unknown): Error {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new Error(`Cannot load the model: ${name} cannot be read from ${this.#folder}: ${reason}`, {
      cause,
    });
  }
}

/** Says that a file is not there. */
function missing(name: string, folder: string): Error {
  return new Error(
    `Cannot load the model: ${name} cannot be read from ${folder}: there is no such file. ` +
      "All files that were written with the model belong together: choose or copy them all",
  );
}

function notPlain(name: string): Error {
  return new Error(`Cannot load the model: ${name} is no plain file but a folder, a pipe or a device`);
}

interface OpenParts {
  readonly name: string;
  readonly file: Deno.FsFile;
  readonly bytes: number;
  /** Hash that it has to have, or null. */
  readonly wanted: string | null;
  readonly onRead: (bytes: number) => void;
}

class OpenFile implements ModelFile {
  readonly name: string;
  readonly bytes: number;
  readonly #file: Deno.FsFile;
  readonly #wanted: string | null;
  readonly #hash: Hash | null;
  readonly #whole: () => void;
  readonly #onRead: (bytes: number) => void;
  #left: number;

  constructor({ name, file, bytes, wanted, onRead }: OpenParts, whole: () => void) {
    this.name = name;
    this.bytes = bytes;
    this.#file = file;
    this.#wanted = wanted;
    this.#hash = wanted === null ? null : createHash("sha256");
    this.#whole = whole;
    this.#onRead = onRead;
    this.#left = bytes;
  }

  async fill(buffer: Uint8Array<ArrayBuffer>): Promise<void> {
    for (let at = 0; at < buffer.length;) {
      const read = await this.#file.read(buffer.subarray(at, at + READ_BYTES));
      if (read === null) throw this.#ended();
      at += read;
      this.#onRead(read);
    }
    this.#hash?.update(buffer);
    this.#left -= buffer.length;
    if (this.#left <= 0) this.#check();
  }

  async fillAt(buffer: Uint8Array<ArrayBuffer>, position: number): Promise<void> {
    await this.#file.seek(position, Deno.SeekMode.Start);
    for (let at = 0; at < buffer.length;) {
      const read = await this.#file.read(buffer.subarray(at, at + READ_BYTES));
      if (read === null) throw this.#ended();
      at += read;
      this.#onRead(read);
    }
  }

  fillAtSync(buffer: Uint8Array, position: number): void {
    this.#file.seekSync(position, Deno.SeekMode.Start);
    for (let at = 0; at < buffer.length;) {
      const read = this.#file.readSync(buffer.subarray(at, at + READ_BYTES));
      if (read === null) throw this.#ended();
      at += read;
      this.#onRead(read);
    }
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }

  #ended(): Error {
    return new Error(
      `Cannot load the model: ${this.name} had ${this.bytes} bytes, but it ended before; ` +
        `something else writes it`,
    );
  }

  #check(): void {
    const found = this.#hash?.digest("hex") ?? null;
    if (found !== this.#wanted) {
      throw new Error(
        `Cannot load the model: ${this.name} does not have the SHA-256 of its card, ${this.#wanted}, ` +
          `got ${found}`,
      );
    }
    this.#whole();
  }
}
