/** A taught model's engine: another model's, with a head of its own in place of the one that was trained with it. */
import { createHash } from "node:crypto";
import { GradcastError } from "../../shared/errors.ts";
import type { ModelHash } from "../../shared/model_about.ts";
import type { Engine, EngineStats, EngineVitals, FrameKey, LoadedModel, Probe } from "../engine/port.ts";
import type { AnyHead } from "../heads/mod.ts";
import type { ModelLease } from "../pool/mod.ts";
import { ownFrame } from "./own_frames.ts";

/** What a taught model is called, and known by. */
export interface TaughtName {
  readonly id: string;
  readonly name: string;
  /** SHA-256 of its head as JSON, in hex. */
  readonly sha256: string;
}

/** Figures of an engine that has nothing of its own: all of it counts for the other model. */
const NO_STATS: EngineStats = {
  ...{ threads: 0, tensors: 0, tensorBytes: 0, mostBytes: 0, heapBytes: 0, frames: 0, batches: 0 },
};

/** Heads are set under keys that no other head of this server has. */
let lastHead = 0;

/**
 * Opens a taught model over another one's lease, which ends with it.
 *
 * @throws GradcastError `not-teachable`, or as `setHead` does; the lease has ended then
 */
export async function openTaughtEngine(
  lease: ModelLease,
  head: AnyHead,
  name: TaughtName,
): Promise<Engine> {
  try {
    const engine = new TaughtEngine(lease, head, name);
    await engine.open();
    return engine;
  } catch (error) {
    lease[Symbol.dispose]();
    throw error;
  }
}

/** What a model with such a head is. */
export function taughtModel(
  base: LoadedModel,
  head: AnyHead,
  { id, name, sha256 }: TaughtName,
): LoadedModel {
  const { head: _, attention, withoutGradients: __, ...rest } = base;
  const isDense = head.kind === "linear" || head.kind === "pca-linear";
  const labels = [...head.classes];
  return {
    ...rest,
    id,
    name,
    labels,
    classes: labels.length,
    knows: labels.join(", "),
    tries: [],
    taughtHead: head.kind,
    // The head is applied to nothing but the last features.
    ...(attention === undefined
      ? {}
      : { attention: { ...attention, readouts: attention.readouts && isDense } }),
    ...(isDense ? {} : { projectionLayer: null, withoutGradients: true as const }),
    about: {
      ...base.about,
      ...(base.about.hash === undefined ? {} : { hash: hashOf(base.about.hash, sha256) }),
      description: `${base.name} with a head that was taught: ${head.kind}`,
    },
  };
}

/** Of the lines that `sha256sum` would write of the base and of the head. */
function hashOf(base: ModelHash, head: string): ModelHash {
  const lines = `${base.sha256}  base\n${head}  head.json\n`;
  return { of: "head", sha256: createHash("sha256").update(lines).digest("hex") };
}

/**
 * Refuses a model whose head cannot be replaced.
 *
 * @throws GradcastError `not-teachable`
 */
export function expectFeatures({ name, features }: LoadedModel): NonNullable<LoadedModel["features"]> {
  if (features !== undefined) return features;
  throw new GradcastError(
    "not-teachable",
    `Cannot teach ${name}: expected a model whose logits come from one dense layer on a row of numbers, ` +
      "got one that ends in another way",
  );
}

class TaughtEngine implements Engine {
  readonly model: LoadedModel;
  readonly threadsNote = null;
  readonly #lease: ModelLease;
  readonly #head: AnyHead;
  readonly #key = ++lastHead;
  readonly #frames = new Map<FrameKey, FrameKey>();
  /** The engine that has the head: another one takes its place where the other model was loaded again. */
  #with: { readonly engine: Engine; readonly ready: Promise<void> } | null = null;
  #closed = false;

  constructor(lease: ModelLease, head: AnyHead, name: TaughtName) {
    this.#lease = lease;
    this.#head = head;
    expectFeatures(lease.engine.model);
    this.model = taughtModel(lease.engine.model, head, name);
  }

  get threads(): number {
    return this.#lease.engine.threads;
  }

  async open(): Promise<void> {
    await this.#engine();
  }

  async admit(...[key, ...picture]: Parameters<Engine["admit"]>): ReturnType<Engine["admit"]> {
    const own = this.#frames.get(key) ?? ownFrame();
    this.#frames.set(key, own);
    return await (await this.#engine()).admit(own, ...picture);
  }

  release(key: FrameKey): void {
    const own = this.#frames.get(key);
    this.#frames.delete(key);
    if (own !== undefined) this.#lease.engine.release(own);
  }

  async run(batch: readonly Probe[]): ReturnType<Engine["run"]> {
    const engine = await this.#engine();
    return await engine.run(batch.map((probe) => ({
      ...probe,
      // A frame that was never admitted stays unknown.
      frame: this.#frames.get(probe.frame) ?? ownFrame(),
      head: this.#key,
    })));
  }

  setHead(): Promise<void> {
    return Promise.reject(
      new GradcastError("not-teachable", "Cannot set a head: the model has one that was taught already"),
    );
  }

  stats(): Promise<EngineStats> {
    return Promise.resolve(NO_STATS);
  }

  vitals(): EngineVitals {
    return { restarts: 0, lastRestart: null, downMs: 0, stats: { ...NO_STATS, ageMs: 0 } };
  }

  /** Gives everything back; the other model stays as it is. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const { engine } = this.#lease;
    for (const own of this.#frames.values()) engine.release(own);
    this.#frames.clear();
    // An engine that has ended has no head either.
    await engine.setHead(this.#key, null).catch(() => {});
    this.#lease[Symbol.dispose]();
  }

  async #engine(): Promise<Engine> {
    if (this.#closed) throw new GradcastError("engine-failed", "Cannot call the engine: it was closed");
    const { engine } = this.#lease;
    if (this.#with?.engine !== engine) {
      this.#frames.clear();
      this.#with = { engine, ready: engine.setHead(this.#key, this.#head) };
    }
    await this.#with.ready;
    return engine;
  }
}
