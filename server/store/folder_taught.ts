/** Collections of a data folder: rows in SQLite, pictures as files in a folder beside them. */
import { join } from "node:path";
import { GradcastError } from "../../shared/errors.ts";
import { orStoreFailure } from "./failures.ts";
import { remove, syncFolder } from "./_model_files.ts";
import { setAside } from "./_set_aside.ts";
import { type Linked, linkTable } from "./table_link.ts";
import {
  type CollectionChange,
  type KeptHead,
  type KeptPicture,
  TAUGHT_CALLS,
  TAUGHT_FORMATS,
  type TaughtStore,
  type TaughtTable,
} from "./taught_store.ts";

const ACTION = "keep the pictures";

/** A folder of pictures whose collection is being removed has this before its name. */
const LEAVING = ".leaving-";

/** A picture's file. */
const FILE_NAME = /^([1-9]\d*)\.(?:jpg|png|webp)$/;

/**
 * Opens the collections of a data folder; files without a row, of pictures that were being kept when a server ended, are
 * deleted. `onNote` is called with what somebody has to know.
 *
 * @throws GradcastError where the disk is the reason, RangeError as `openDatabase` does
 */
export function openTaughtStore(
  data: string,
  onNote: (text: string) => void = () => {},
): Promise<TaughtStore> {
  return orStoreFailure("open the collections", async () => {
    const [path, folder] = [join(data, "taught.sqlite"), join(data, "taught")];
    const aside = await setAside(path, folder);
    if (aside !== null) {
      onNote(`The collections begin again, as ${path} is gone. Their pictures are still there, in ${aside}.`);
    }
    const rows = await linkTable<TaughtTable>({
      entry: new URL("./_taught_worker.ts", import.meta.url),
      name: "collections",
      options: { path },
      calls: TAUGHT_CALLS,
    });
    try {
      await sweep(folder, rows);
      return new FolderTaught(folder, rows);
    } catch (error) {
      await rows.close();
      throw error;
    }
  });
}

class FolderTaught implements TaughtStore {
  readonly #folder: string;
  readonly #rows: Linked<TaughtTable>;

  constructor(folder: string, rows: Linked<TaughtTable>) {
    this.#folder = folder;
    this.#rows = rows;
  }

  list() {
    return this.#rows.list();
  }

  pictures(collection: string) {
    return this.#rows.pictures(collection);
  }

  features(collection: string) {
    return this.#rows.features(collection);
  }

  usage() {
    return this.#rows.usage();
  }

  /** Files first: a row always has its file. What is dropped loses its row first. */
  async change(
    collection: string,
    change: CollectionChange,
    files: readonly Uint8Array<ArrayBuffer>[] = [],
  ): Promise<void> {
    const { add = [], drop = [] } = change;
    const known = drop.length === 0 ? [] : await this.#rows.pictures(collection);
    await orStoreFailure(ACTION, async () => {
      try {
        if (add.length > 0) await this.#write(collection, add, files);
        await this.#rows.change(collection, change);
      } catch (error) {
        await this.#erase(collection, add);
        throw error;
      }
      await this.#erase(collection, known.filter(({ id }) => drop.includes(id)));
    });
  }

  head(collection: string) {
    return this.#rows.head(collection);
  }

  keepHead(collection: string, head: KeptHead): Promise<void> {
    return orStoreFailure("keep the head", () => this.#rows.keepHead(collection, head));
  }

  read(collection: string, picture: Pick<KeptPicture, "id" | "format">): Promise<Uint8Array<ArrayBuffer>> {
    return orStoreFailure("read the picture", async () => {
      try {
        return await Deno.readFile(this.#path(collection, picture));
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
        throw new GradcastError("not-found", `Cannot read the picture ${picture.id}: its file is gone`, {
          cause: error,
        });
      }
    });
  }

  remove(collection: string): Promise<void> {
    return orStoreFailure("remove the collection", async () => {
      try {
        await this.#rows.remove(collection);
      } catch (error) {
        if (!(error instanceof GradcastError) || error.code !== "disk-full") throw error;
        await this.#removeWithoutRoom(collection, error);
      }
      await remove(join(this.#folder, collection));
    });
  }

  /** A full disk cannot even forget rows: the pictures make room first. A server that ends meanwhile is followed by one that finishes. */
  async #removeWithoutRoom(collection: string, full: GradcastError): Promise<void> {
    const leaving = join(this.#folder, `${LEAVING}${collection}`);
    try {
      await Deno.rename(join(this.#folder, collection), leaving);
    } catch {
      throw full;
    }
    try {
      for (const file of await namesIn(leaving)) await remove(join(leaving, file));
      await this.#rows.remove(collection);
    } finally {
      await remove(leaving);
    }
  }

  close(): Promise<void> {
    return this.#rows.close();
  }

  async #write(
    collection: string,
    add: readonly Pick<KeptPicture, "id" | "format">[],
    files: readonly Uint8Array<ArrayBuffer>[],
  ): Promise<void> {
    const folder = join(this.#folder, collection);
    await Deno.mkdir(folder, { recursive: true });
    await Promise.all(add.map(async (picture, place) => {
      using file = await Deno.open(this.#path(collection, picture), {
        write: true,
        create: true,
        truncate: true,
      });
      const bytes = files[place] ?? new Uint8Array();
      for (let at = 0; at < bytes.byteLength;) at += await file.write(bytes.subarray(at));
      await file.syncData();
    }));
    await syncFolder(folder);
  }

  async #erase(collection: string, pictures: readonly Pick<KeptPicture, "id" | "format">[]): Promise<void> {
    // A file that stays is deleted when the store is opened next.
    await Promise.all(pictures.map((one) => remove(this.#path(collection, one)).catch(() => {})));
  }

  #path(collection: string, { id, format }: Pick<KeptPicture, "id" | "format">): string {
    return join(this.#folder, collection, `${id}.${TAUGHT_FORMATS[format]}`);
  }
}

/** Deletes files that no row knows. */
async function sweep(folder: string, rows: Linked<TaughtTable>): Promise<void> {
  const names = await namesIn(folder);
  for (const name of names.filter((one) => one.startsWith(LEAVING))) {
    // The disk may still be full. The folder itself stays until its rows are gone: it says that they are to go.
    for (const file of await namesIn(join(folder, name))) await remove(join(folder, name, file));
    await rows.remove(name.slice(LEAVING.length));
  }
  const collections = new Set((await rows.list()).map(({ id }) => id));
  for (const name of names) {
    if (!collections.has(name)) {
      await remove(join(folder, name));
      continue;
    }
    const known = new Set((await rows.pictures(name)).map(({ id }) => id));
    for (const file of await namesIn(join(folder, name))) {
      const [, id] = FILE_NAME.exec(file) ?? [];
      if (id !== undefined && !known.has(Number(id))) await remove(join(folder, name, file));
    }
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
