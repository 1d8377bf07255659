/** Taught models in the pool: one for the chosen head of a collection, one for each kind of head. */
import { GradcastError } from "../../shared/errors.ts";
import { HEAD_KINDS, HEAD_NAMES, type HeadKind } from "../../shared/head_model.ts";
import { modelOfHead } from "../../shared/teach_wire.ts";
import type { Engine } from "../engine/port.ts";
import type { ModelPool } from "../pool/mod.ts";
import type { Fitted } from "./fitted.ts";
import type { OpenCollection } from "./open_collection.ts";
import { openTaughtEngine } from "./taught_engine.ts";

/** A model of a collection: of the kind of its head, or of the chosen one (null). */
type Which = HeadKind | null;

/** All kinds, the chosen one in front. */
const ALL: readonly Which[] = [null, ...HEAD_KINDS];

/** What taught models work with. */
export interface TaughtModelsParts {
  readonly pool: ModelPool;
  /** The collection at work, read from the store where it is not. */
  readonly open: (id: string) => Promise<OpenCollection>;
  /** What is known of a collection without opening it. */
  readonly describe: (id: string) => { readonly name: string };
  /** Receives what went wrong while a head took another one's place. */
  readonly onFault: (error: unknown) => void;
}

/** The models of all collections. */
export class TaughtModels {
  readonly #parts: TaughtModelsParts;
  /** Ids in the pool, by collection and kind. */
  readonly #ids = new Map<string, ReadonlyMap<Which, string>>();
  /** Exchanges of each model wait for each other. */
  readonly #last = new Map<string, Promise<void>>();

  constructor(parts: TaughtModelsParts) {
    this.#parts = parts;
  }

  /** Id of a collection's model. */
  idOf(collection: string, which: Which): string {
    return this.#ids.get(collection)?.get(which) ??
      (which === null ? collection : modelOfHead(collection, which));
  }

  /** Lists the models of a collection, once. */
  list(collection: string): void {
    if (this.#ids.has(collection)) return;
    const { pool } = this.#parts;
    this.#ids.set(
      collection,
      new Map(ALL.map((which) => {
        const id = which === null ? collection : modelOfHead(collection, which);
        return [
          which,
          pool.add({ path: "", id, name: id, bytes: 0 }, {
            derived: {
              open: (signal) => this.#open(collection, which, signal),
              describe: () => this.#describe(collection, which),
            },
          }),
        ] as const;
      })),
    );
  }

  /**
   * Takes the models of a collection away.
   *
   * @returns whether there were any
   * @throws GradcastError `model-in-use` where somebody looks at one
   */
  async remove(collection: string): Promise<boolean> {
    const { pool } = this.#parts;
    const ids = [...this.#ids.get(collection)?.values() ?? []];
    const used = ids.find((id) => pool.loaded.includes(id));
    if (used !== undefined) {
      throw new GradcastError(
        "model-in-use",
        `Cannot remove the collection: expected one that nobody looks at, got '${used}'`,
      );
    }
    this.#ids.delete(collection);
    for (const id of ids) await pool.remove(id);
    return ids.length > 0;
  }

  /** A head was fitted: whoever looks at its models continues with it. */
  learned(collection: OpenCollection, { kind }: Pick<Fitted, "kind">): void {
    this.list(collection.id);
    this.#exchange(collection, kind);
    if (collection.learner.chosen === kind) this.#exchange(collection, null);
  }

  /** Names have changed, or another head is the chosen one. */
  named(collection: OpenCollection): void {
    this.#parts.pool.relist();
    for (const which of ALL) this.#exchange(collection, which);
  }

  /**
   * The model that a collection is taught from has another engine: whoever looks at what was taught has it there, and its
   * heads are fitted again where its features are others.
   */
  async rebased(collection: OpenCollection): Promise<void> {
    const { pool } = this.#parts;
    if (!ALL.some((which) => pool.loaded.includes(this.idOf(collection.id, which)))) return;
    using _read = await collection.base(new AbortController().signal);
    for (const which of ALL) this.#exchange(collection, which);
  }

  /** Loaded models have the newest head and name. */
  #exchange(collection: OpenCollection, which: Which): void {
    const id = this.idOf(collection.id, which);
    const next = (this.#last.get(id) ?? Promise.resolve()).then(() =>
      this.#exchangeNow(collection, which, id)
    )
      .catch((error: unknown) => this.#parts.onFault(error));
    this.#last.set(id, next);
  }

  async #exchangeNow(collection: OpenCollection, which: Which, id: string): Promise<void> {
    const { pool } = this.#parts;
    if (!pool.loaded.includes(id) || collection.isClosed) return;
    const fitted = collection.learner.fitted(which ?? collection.learner.chosen);
    // The chosen head may still have to be fitted: what is shown continues until then.
    if (fitted === null) return;
    const engine = await this.#engineOf(collection, which, fitted, new AbortController().signal);
    if (pool.loaded.includes(id)) await pool.exchange(id, engine);
    else await engine.close();
  }

  async #open(id: string, which: Which, signal: AbortSignal): Promise<Engine> {
    const collection = await this.#parts.open(id);
    await collection.ready();
    // Its features are read again first where the model has changed, so that the head fits them.
    using _read = await collection.base(signal);
    const fitted = await collection.learner.take(which ?? collection.learner.chosen);
    return await this.#engineOf(collection, which, fitted, signal);
  }

  async #engineOf(
    collection: OpenCollection,
    which: Which,
    fitted: Fitted,
    signal: AbortSignal,
  ): Promise<Engine> {
    const base = await collection.base(signal);
    const head = collection.named(fitted);
    const name = {
      ...{ id: this.idOf(collection.id, which), name: this.#describe(collection.id, which).name },
      sha256: await collection.learner.hashOf(fitted, head),
    };
    const engine = await openTaughtEngine(base, head, name);
    // Whoever looks at it wants it fitted to newer pictures too.
    const release = which === null ? () => {} : collection.learner.keep(which);
    return withClose(engine, release);
  }

  #describe(id: string, which: Which) {
    const { name } = this.#parts.describe(id);
    return {
      name: which === null ? name : `${name}: ${HEAD_NAMES[which]}`,
      taught: { collection: id, name, kind: which },
    };
  }
}

/** The same engine, which says when it was closed. */
function withClose(engine: Engine, onClose: () => void): Engine {
  return {
    model: engine.model,
    threads: engine.threads,
    threadsNote: engine.threadsNote,
    admit: (...values) => engine.admit(...values),
    release: (key) => engine.release(key),
    run: (batch) => engine.run(batch),
    setHead: (key, head) => engine.setHead(key, head),
    stats: () => engine.stats(),
    vitals: () => engine.vitals(),
    async close() {
      onClose();
      await engine.close();
    },
  };
}
