/** The server's models: loaded when somebody wants them, each at an engine of its own, and unloaded when memory is short. */
import { GradcastError } from "../../shared/errors.ts";
import type { ListedModel, ModelState } from "../../shared/protocol.ts";
import type { Engine, LoadedModel } from "../engine/port.ts";
import { bytesOf, type Entry, expectedBytes, PROCESS_BYTES } from "./_entry.ts";
import { abandoned, failureOf, full, unknown } from "./_refusals.ts";
import type { FoundModel } from "./catalogue.ts";
import { uniqueId } from "./ids.ts";
import type { AcquireOptions, DerivedModel, ModelLease, PoolParts } from "./pool_parts.ts";
import { type LoadedBytes, planRoom } from "./room.ts";
import { withId } from "./with_id.ts";

/** How a model is added. */
interface AddOptions {
  readonly uploaded?: boolean;
  readonly derived?: DerivedModel;
  /** Ids that are kept for others. */
  readonly reserved?: readonly string[];
}

/** All models of a server. */
export class ModelPool {
  readonly #parts: PoolParts;
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Set<() => void>();
  /** Models are loaded one after the other: each knows then what the ones before it took. */
  #queue: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(parts: PoolParts) {
    this.#parts = parts;
  }

  /** Ids of all models, the first one in front. */
  get ids(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** Ids of the models that are loaded. */
  get loaded(): readonly string[] {
    return this.ids.filter((id) => this.#entries.get(id)?.engine !== null);
  }

  /** All models as people see them. */
  list(): readonly ListedModel[] {
    return [...this.#entries.values()].map((entry) => ({
      id: entry.id,
      name: entry.model?.name ?? entry.found.name,
      ...entry.derived?.describe(),
      state: entry.state,
      reason: entry.reason,
      width: entry.model?.width ?? null,
      height: entry.model?.height ?? null,
      classes: entry.model?.classes ?? null,
      bytes: entry.derived !== null
        ? 0
        : entry.engine === null
        ? entry.bytes ?? expectedBytes(entry)
        : bytesOf(entry.engine),
      uploaded: entry.uploaded,
    }));
  }

  /** Models whose classes and layers are known, as each was loaded once. */
  get known(): ReadonlyMap<string, LoadedModel> {
    return new Map(
      [...this.#entries].flatMap(([id, { model }]) => model === null ? [] : [[id, model] as const]),
    );
  }

  /** Folder or file of a model. Throws GradcastError `unknown-model`. */
  pathOf(id: string): string {
    return this.#entry(id).found.path;
  }

  /** The engine of a loaded model, or null. */
  engineOf(id: string): Engine | null {
    return this.#entries.get(id)?.engine ?? null;
  }

  /** Calls `listener` when the list or a state in it has changed, until the returned function is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Reports that what derived models say of themselves has changed. */
  relist(): void {
    this.#changed();
  }

  /** Lists a model in front of the others. */
  putFirst(id: string): void {
    const entry = this.#entry(id);
    const others = [...this.#entries].filter(([other]) => other !== id);
    this.#entries.clear();
    for (const [other, one] of [[id, entry] as const, ...others]) this.#entries.set(other, one);
    this.#changed();
  }

  /** Adds a model whose engine is open already; returns its id. */
  adopt(engine: Engine): string {
    const { id, name } = engine.model;
    const own = this.add({ path: "", id, name, bytes: 0 });
    this.#enterLoaded(this.#entry(own), engine);
    return own;
  }

  /** Adds a model; returns its id, which is none of those `reserved`. */
  add(found: FoundModel, { uploaded = false, derived, reserved = [] }: AddOptions = {}): string {
    const id = uniqueId(found.id, [...this.ids, ...reserved]);
    this.#entries.set(id, {
      ...{
        id,
        found,
        uploaded,
        derived: derived ?? null,
        state: "not-loaded",
        reason: null,
        engine: null,
        model: null,
        bytes: null,
      },
      ...{ leases: 0, usedMs: -Infinity, loading: null, done: 0, watchers: new Set() },
    });
    this.#changed();
    return id;
  }

  /**
   * Takes a model out; its files stay where they are.
   *
   * @throws GradcastError `unknown-model`, or `model-in-use` where somebody looks at it
   */
  async remove(id: string): Promise<void> {
    const entry = this.#entry(id);
    if (entry.leases > 0 || entry.loading !== null) {
      throw new GradcastError(
        "model-in-use",
        `Cannot remove the model: expected one that nobody looks at, got '${id}'`,
      );
    }
    this.#entries.delete(id);
    this.#changed();
    await this.#unload(entry);
  }

  /**
   * Takes a model's files as they are now. Whoever has the model keeps it: an engine with them takes the place of the one
   * before, which computes until then where there is memory for both.
   *
   * @throws GradcastError `unknown-model`, `model-failed` or `models-full`; the engine before continues where it is there
   */
  async reload(id: string, found: FoundModel): Promise<void> {
    const entry = this.#entry(id);
    const reloaded = this.#queue.then(() => this.#reopen(entry, found));
    this.#queue = reloaded.catch(() => {});
    await reloaded;
  }

  /** Gives a model an open engine in place of the one before, which is closed; whoever has the model keeps it. */
  async exchange(id: string, engine: Engine): Promise<void> {
    const entry = this.#entry(id);
    const before = entry.engine;
    this.#enterLoaded(entry, engine);
    await before?.close();
    if (entry.derived !== null && entry.leases === 0) await this.#unload(entry);
  }

  /**
   * Throws where there is no model of an id.
   *
   * @throws GradcastError `unknown-model`
   */
  expect(id: string): void {
    this.#entry(id);
  }

  /**
   * Waits until a model is loaded, and keeps it so until the lease ends.
   *
   * @throws GradcastError `unknown-model`, `model-failed`, `models-full`, or the signal's reason
   */
  async acquire(id: string, { signal, onProgress = () => {} }: AcquireOptions = {}): Promise<ModelLease> {
    const entry = this.#entry(id);
    signal?.throwIfAborted();
    entry.leases++;
    entry.watchers.add(onProgress);
    if (entry.loading !== null) onProgress(entry.done);
    try {
      const engine = entry.engine ?? await abortable(this.#load(entry), signal);
      return this.#leaseOf(entry, engine);
    } catch (error) {
      this.#giveBack(entry);
      throw error;
    } finally {
      entry.watchers.delete(onProgress);
    }
  }

  /** Unloads everything. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#listeners.clear();
    await Promise.all([...this.#entries.values()].map((entry) => this.#unload(entry)));
  }

  #leaseOf(entry: Entry, engine: Engine): ModelLease {
    let ended = false;
    return {
      get engine() {
        return entry.engine ?? engine;
      },
      [Symbol.dispose]: () => {
        if (ended) return;
        ended = true;
        this.#giveBack(entry);
      },
    };
  }

  #giveBack(entry: Entry): void {
    entry.leases--;
    entry.usedMs = this.#parts.now();
    if (entry.leases > 0) return;
    // What it computes with is free for others then, and it is open again at once.
    if (entry.derived !== null && entry.engine !== null) void this.#unload(entry);
    if (entry.loading === null) return;
    const { stop } = entry.loading;
    entry.loading = null;
    this.#enter(entry, "not-loaded");
    stop.abort(abandoned());
  }

  #load(entry: Entry): Promise<Engine> {
    if (entry.loading !== null) return entry.loading.engine;
    const stop = new AbortController();
    // A derived one would wait for itself in the queue, as the model that it computes with may have to be loaded.
    const turn = entry.derived === null ? this.#queue : Promise.resolve();
    const engine = turn.then(() => this.#open(entry, stop.signal));
    if (entry.derived === null) this.#queue = engine.catch(() => {});
    else engine.catch(() => {});
    entry.loading = { engine, stop };
    this.#enter(entry, "loading");
    return engine;
  }

  async #open(entry: Entry, signal: AbortSignal): Promise<Engine> {
    if (entry.engine !== null) {
      // Its files had changed, and it was loaded again meanwhile.
      entry.loading = null;
      this.#enter(entry, "loaded");
      return entry.engine;
    }
    try {
      return this.#enterLoaded(entry, await this.#openEngine(entry, signal));
    } catch (error) {
      const failure = failureOf(entry.id, entry.found.path, error);
      // Whoever wanted it has gone, and somebody else may want it again by now.
      if (!signal.aborted) this.#enterFailed(entry, failure);
      throw failure;
    }
  }

  async #openEngine(entry: Entry, signal: AbortSignal): Promise<Engine> {
    signal.throwIfAborted();
    const memoryBytes = entry.derived === null ? await this.#makeRoom(entry) : null;
    const engine = await (entry.derived?.open(signal) ?? this.#parts.open({
      path: entry.found.path,
      memoryBytes,
      onProgress: (done) => {
        if (!signal.aborted) this.#progress(entry, done);
      },
      signal,
    }));
    if (!this.#closed && !signal.aborted) return engine;
    await engine.close();
    throw abandoned();
  }

  async #reopen(entry: Entry, found: FoundModel): Promise<void> {
    entry.found = found;
    if (entry.loading !== null) return;
    if (entry.engine === null && entry.leases === 0) return this.#enter(entry, "not-loaded");
    const isRoom = entry.engine === null ||
      planRoom(bytesOf(entry.engine), this.#loadedNow(entry), this.#parts.memoryBytes ?? Infinity).kind ===
        "room";
    // Where memory is short its viewers wait a moment.
    if (!isRoom) await this.#unload(entry, "loading");
    entry.leases++;
    try {
      await this.exchange(entry.id, await this.#openEngine(entry, new AbortController().signal));
    } catch (error) {
      const failure = failureOf(entry.id, entry.found.path, error);
      if (entry.engine === null) this.#enterFailed(entry, failure);
      throw failure;
    } finally {
      this.#giveBack(entry);
    }
  }

  #enterFailed(entry: Entry, { code, message }: GradcastError): void {
    entry.loading = null;
    const isFault = code === "model-failed";
    this.#enter(entry, isFault ? "failed" : "not-loaded", isFault ? message : null);
  }

  #enterLoaded(entry: Entry, engine: Engine): Engine {
    const named = withId(engine, entry.id);
    entry.engine = named;
    entry.model = named.model;
    entry.bytes = entry.derived === null ? bytesOf(named) : 0;
    entry.usedMs = this.#parts.now();
    entry.loading = null;
    this.#enter(entry, "loaded");
    return named;
  }

  /** Unloads what has to give way; returns the bytes that the model may take, where that is bounded. */
  async #makeRoom(entry: Entry): Promise<number | null> {
    const { memoryBytes } = this.#parts;
    if (memoryBytes === null) return null;
    const loaded = this.#loadedNow(entry);
    const neededBytes = entry.bytes ?? expectedBytes(entry);
    const plan = planRoom(neededBytes, loaded, memoryBytes);
    if (plan.kind === "full") throw full(entry.id, neededBytes, plan.freeBytes, memoryBytes);
    for (const id of plan.unload) {
      const one = this.#entries.get(id);
      if (one !== undefined) await this.#unload(one);
    }
    const left = loaded.filter(({ id }) => !plan.unload.includes(id));
    const othersBytes = left.reduce((sum, { bytes }) => sum + bytes, 0);
    return Math.max(1, memoryBytes - othersBytes - PROCESS_BYTES);
  }

  /** What is in memory; the model itself that room is made for has to stay, where it is loaded again. */
  #loadedNow(wanted: Entry): readonly LoadedBytes[] {
    return [...this.#entries.values()].flatMap((one) =>
      one.engine === null || one.derived !== null ? [] : [{
        id: one.id,
        bytes: bytesOf(one.engine),
        inUse: one.leases > 0 || one === wanted,
        usedMs: one.usedMs,
      }]
    );
  }

  async #unload(entry: Entry, state: ModelState = "not-loaded"): Promise<void> {
    const { engine } = entry;
    if (engine === null) return;
    if (entry.derived === null) entry.bytes = bytesOf(engine);
    entry.engine = null;
    this.#enter(entry, state);
    await engine.close();
  }

  #progress(entry: Entry, done: number): void {
    if (done <= entry.done) return;
    entry.done = done;
    for (const watcher of entry.watchers) watcher(done);
  }

  #enter(entry: Entry, state: ModelState, reason: string | null = null): void {
    entry.state = state;
    entry.reason = reason;
    entry.done = 0;
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id);
    if (entry !== undefined) return entry;
    throw unknown(this.ids, id);
  }
}

async function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await work;
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
    work.catch(() => {});
  }
}
