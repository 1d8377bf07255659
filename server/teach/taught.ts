/** All collections of a server: listed, opened when somebody works with them, their models in the pool. */
import { GradcastError } from "../../shared/errors.ts";
import type { HeadKind } from "../../shared/head_model.ts";
import { MAX_TAUGHT } from "../../shared/limits.ts";
import type { NewTaught, TaughtList, TaughtState } from "../../shared/teach_wire.ts";
import type { PictureReader } from "../engine/mod.ts";
import type { Engine } from "../engine/port.ts";
import { taughtId } from "../pool/mod.ts";
import { takeBase } from "./base.ts";
import { type Collection, newCollection } from "./collection.ts";
import { learnableClasses } from "./lesson.ts";
import { type OpenCollection, openCollection } from "./open_collection.ts";
import { parseCollection } from "./parse_collection.ts";
import type { TaughtParts } from "./parts.ts";
import type { Room } from "./room.ts";
import { TaughtModels } from "./taught_models.ts";

/** A state is sent at most so often, in ms, and again after so long where nothing changes. */
const EVENT_PAUSE_MS = 100;
const EVENT_REPEAT_MS = 15_000;

/** A model can be shown from so many classes on. */
const LEAST_CLASSES = 2;

/** What is known of a collection. */
interface Known {
  collection: Collection;
  pictures: number;
  learnable: boolean;
  open: Promise<OpenCollection> | null;
}

/** Options of {@link Taught}. */
export interface TaughtOptions extends TaughtParts {
  /** Bytes that all collections have together. */
  readonly maxBytes: number;
}

/** The collections of a server. */
export class Taught {
  readonly #parts: TaughtOptions;
  readonly #known = new Map<string, Known>();
  readonly #bytes = new Map<string, number>();
  readonly #models: TaughtModels;
  readonly #room: Room;
  /** Engines of the models that open collections are taught from, as they were last seen. */
  readonly #bases = new Map<string, Engine | null>();
  readonly #unfollow: () => void;
  /** Settles when the store was read; null: it has to be read (again). */
  #loading: Promise<void> | null = null;

  constructor(parts: TaughtOptions) {
    this.#parts = parts;
    const bytes = this.#bytes;
    this.#room = {
      maxBytes: parts.maxBytes,
      get usedBytes() {
        return bytes.values().reduce((sum, one) => sum + one, 0);
      },
      bytesOf: (id) => bytes.get(id) ?? 0,
      add: (id, more) => void bytes.set(id, (bytes.get(id) ?? 0) + more),
    };
    this.#models = new TaughtModels({
      pool: parts.pool,
      open: (id) => this.open(id),
      describe: (id) => this.#expect(id).collection,
      onFault: (error) => parts.logger.log("error", "Cannot show what was learned", { error }),
    });
    this.#unfollow = parts.pool.onChange(() => this.#followBases());
  }

  /** Reads which collections there are and lists their models. Throws GradcastError where the store cannot be used. */
  load(): Promise<void> {
    this.#loading ??= this.#load().catch((error: unknown) => {
      // The next call tries again.
      this.#loading = null;
      throw error;
    });
    return this.#loading;
  }

  /** Decodes pictures that no engine takes as they are. */
  get reader(): PictureReader {
    return this.#parts.reader;
  }

  /** Whether a collection can begin with a model. */
  has(base: string): boolean {
    return this.#parts.pool.list().some(({ id, taught }) => id === base && taught === undefined);
  }

  /** Folder or file of a model. Throws GradcastError `unknown-model`. */
  pathOf(base: string): string {
    return this.#parts.pool.pathOf(base);
  }

  async list(): Promise<TaughtList> {
    await this.load();
    const taught = await Promise.all([...this.#known].map(async ([id, known]) => {
      const open = await known.open?.catch(() => null) ?? null;
      const collection = open?.collection ?? known.collection;
      const { name, base, kind, classes, updatedMs } = collection;
      return {
        ...{ id, name, base, kind, updatedMs },
        classes: classes.length,
        pictures: open?.state.pictures ?? known.pictures,
        bytes: this.#room.bytesOf(id),
        learned: open === null ? known.learnable : open.learner.fitted(kind) !== null,
      };
    }));
    const { usedBytes, maxBytes } = this.#room;
    return { taught: taught.toSorted((a, b) => b.updatedMs - a.updatedMs), usedBytes, maxBytes };
  }

  /**
   * Begins a collection.
   *
   * @throws GradcastError `not-teachable`, `taught-full`, or as the base model cannot be loaded
   */
  async create({ name, base }: NewTaught, signal: AbortSignal): Promise<string> {
    await this.load();
    if (this.#known.size >= MAX_TAUGHT) {
      throw new GradcastError(
        "taught-full",
        `Cannot begin a collection: expected at most ${MAX_TAUGHT}, got one more`,
      );
    }
    const { pool, store, date } = this.#parts;
    const baseId = base ?? pool.ids[0] ?? "";
    using taken = await takeBase(pool, baseId, signal);
    const collection = newCollection({ name, base: baseId, baseKey: taken.key, updatedMs: date() });
    const id = taughtId(name, [...pool.ids, ...this.#known.keys()]);
    const known: Known = { collection, pictures: 0, learnable: false, open: null };
    this.#known.set(id, known);
    try {
      await store.change(id, { document: JSON.stringify(collection) });
    } catch (error) {
      this.#known.delete(id);
      throw error;
    }
    return id;
  }

  /**
   * The collection at work.
   *
   * @throws GradcastError `not-found`, or as the store does
   */
  async open(id: string): Promise<OpenCollection> {
    await this.load();
    const known = this.#expect(id);
    known.open ??= this.#open(id, known).catch((error: unknown) => {
      known.open = null;
      throw error;
    });
    return await known.open;
  }

  /** Its state now, and whenever it changes, until the signal or the collection ends. */
  async *watch(id: string, signal: AbortSignal): AsyncGenerator<TaughtState, void, undefined> {
    const { clock } = this.#parts;
    const collection = await this.open(id);
    void collection.ready().catch(() => {});
    let wake = () => {};
    let changed = false;
    const stop = collection.watch(() => {
      changed = true;
      wake();
    });
    const onAbort = () => wake();
    signal.addEventListener("abort", onAbort, { once: true });
    const rest = (ms: number, early: () => boolean) =>
      new Promise<void>((resolve) => {
        const cancel = clock.after(ms, resolve);
        wake = () => {
          if (!early() && !signal.aborted) return;
          cancel();
          resolve();
        };
        wake();
      });
    try {
      while (!signal.aborted && !collection.isClosed) {
        changed = false;
        yield collection.state;
        await rest(EVENT_PAUSE_MS, () => false);
        await rest(EVENT_REPEAT_MS, () => changed);
      }
    } finally {
      stop();
      signal.removeEventListener("abort", onAbort);
    }
  }

  /**
   * Takes a collection away for good.
   *
   * @throws GradcastError `not-found`, or `model-in-use` where somebody looks at its model
   */
  async remove(id: string): Promise<void> {
    await this.load();
    const known = this.#expect(id);
    const isListed = await this.#models.remove(id);
    const open = await known.open?.catch(() => null) ?? null;
    open?.close();
    try {
      await this.#parts.store.remove(id);
    } catch (error) {
      // It is still there, and is opened again by whoever works with it.
      Object.assign(known, { open: null }, open === null ? {} : { collection: open.collection });
      if (isListed) this.#models.list(id);
      throw error;
    }
    this.#known.delete(id);
    this.#bases.delete(id);
    this.#bytes.delete(id);
    this.#parts.pool.relist();
  }

  /** Id of a collection's model. */
  modelOf(id: string, kind: HeadKind | null): string {
    return this.#models.idOf(id, kind);
  }

  /** Ends what is under way; the store is the caller's to close. */
  async close(): Promise<void> {
    this.#unfollow();
    for (const { open } of this.#known.values()) (await open?.catch(() => null))?.close();
  }

  /** A model that was changed has other features perhaps: what was taught from it is learned, and shown, with those. */
  #followBases(): void {
    for (const [id, { open, collection: { base } }] of this.#known) {
      const engine = this.#parts.pool.engineOf(base);
      if (open === null || engine === null || engine === this.#bases.get(id)) continue;
      this.#bases.set(id, engine);
      open.then((one) => this.#models.rebased(one)).catch((error: unknown) =>
        this.#parts.logger.log("error", `Cannot learn ${id} from its changed model`, { error })
      );
    }
  }

  async #load(): Promise<void> {
    const { store } = this.#parts;
    const [rows, usage] = [await store.list(), await store.usage()];
    for (const { id, bytes } of usage) this.#bytes.set(id, bytes);
    for (const { id, document } of rows) {
      if (this.#known.has(id)) continue;
      const collection = parseCollection(id, document);
      const pictures = new Map((await store.pictures(id)).map((one) => [one.id, one]));
      const learnable = learnableClasses(collection, pictures).length >= LEAST_CLASSES;
      this.#known.set(id, {
        collection,
        pictures: pictures.values().filter(({ removed }) => !removed).toArray().length,
        learnable,
        open: null,
      });
      if (learnable) this.#models.list(id);
    }
  }

  async #open(id: string, known: Known): Promise<OpenCollection> {
    const { store, pool } = this.#parts;
    this.#bases.set(id, pool.engineOf(known.collection.base));
    const row = (await store.list()).find((one) => one.id === id);
    const open: OpenCollection = await openCollection({
      ...this.#parts,
      id,
      room: this.#room,
      onNamed: () => {
        known.collection = open.collection;
        this.#models.named(open);
      },
      onLearned: (fitted) => this.#models.learned(open, fitted),
      modelOf: (kind) => this.#models.idOf(id, kind),
    }, row?.document ?? JSON.stringify(known.collection));
    return open;
  }

  #expect(id: string): Known {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    throw new GradcastError("not-found", `Cannot find the collection: none has the id '${id}'`);
  }
}
