/** The models as viewers and requests have them: what can be done with each, and its engine at the scheduler. */
import { prepareClasses } from "../../shared/class_text.ts";
import { GradcastError } from "../../shared/errors.ts";
import { sharedNames } from "../../shared/labels.ts";
import type { ListedModel, ModelInfo, View } from "../../shared/protocol.ts";
import type { LoggedModel } from "../../shared/spans.ts";
import type { Engine, EngineStats, LoadedModel } from "../engine/port.ts";
import type { Health, HealthFigures, HealthSource } from "../health/mod.ts";
import { offerOf, resolveAcross } from "../methods/mod.ts";
import type { AcquireOptions, ModelPool } from "../pool/mod.ts";
import type { Scheduler } from "../scheduler/mod.ts";
import type { ResolvedView, ServedLease, ServedModel } from "../session/mod.ts";

/** The server counts as degraded for this long after an engine was replaced, in ms. */
const REMEMBERED_MS = 60_000;

/** What {@link ServedModels} is made of. */
export interface ServedModelsParts {
  /** Its first model is loaded. */
  readonly pool: ModelPool;
  readonly scheduler: Scheduler;
}

/** A model that a request has. */
export interface RequestedModel extends Disposable {
  /** The engine of now: another one where the model was loaded again meanwhile. */
  readonly engine: Engine;
}

/** All models of the server. */
export class ServedModels {
  readonly #parts: ServedModelsParts;
  /** Engines that the scheduler has, by their models. */
  readonly #serving = new Map<string, Engine>();
  /** By the facts of their engines, so that a model that is loaded again is described again. */
  readonly #served = new WeakMap<LoadedModel, ServedModel>();
  readonly #exchanged = new Set<(served: ServedModel) => void>();
  readonly #forget: () => void;
  readonly #first: string;

  constructor(parts: ServedModelsParts) {
    this.#parts = parts;
    const [id = ""] = parts.pool.ids;
    this.#first = id;
    if (!parts.pool.known.has(id)) throw new TypeError("Cannot serve: the first model is not loaded");
    this.#forget = parts.pool.onChange(() => this.#follow());
    this.#follow();
  }

  /** The model that is meant where none is named. */
  get first(): ServedModel {
    const model = this.#parts.pool.known.get(this.#first);
    if (model === undefined) throw new TypeError("Cannot serve: the first model was removed");
    return this.#servedOf(model);
  }

  get list(): readonly ListedModel[] {
    return this.#parts.pool.list();
  }

  /** Calls `listener` when the list has changed. */
  onChange(listener: () => void): () => void {
    return this.#parts.pool.onChange(listener);
  }

  /** Calls `listener` when another engine has taken the place of a model's: it may have other classes or values. */
  onExchange(listener: (served: ServedModel) => void): void {
    this.#exchanged.add(listener);
  }

  /**
   * Throws where the server has no such model.
   *
   * @throws GradcastError `unknown-model`
   */
  expect(id: string): void {
    this.#parts.pool.expect(id);
  }

  /**
   * Looks up what a view names in a model.
   *
   * @throws GradcastError as V3, X5 and X6 say
   */
  resolve(view: View, model: LoadedModel): Omit<ResolvedView, "cover"> {
    return {
      revision: view.revision,
      model,
      ...resolveAcross(model, view, this.#parts.pool.known),
    };
  }

  /** What the log says of a model. */
  loggedModel(id: string): LoggedModel {
    const model = this.#parts.pool.known.get(id);
    return {
      modelId: id,
      modelName: model?.name ?? id,
      modelHash: model?.about.hash?.sha256 ?? "",
      taughtHead: model?.taughtHead ?? null,
    };
  }

  /**
   * A model for a viewer, once it is loaded.
   *
   * @throws GradcastError `unknown-model`, `model-failed` or `models-full`, or the signal's reason
   */
  async serve(id: string, options: AcquireOptions): Promise<ServedLease> {
    const lease = await this.#acquire(id, options);
    return {
      served: this.#servedOf(lease.engine.model),
      [Symbol.dispose]: () => lease[Symbol.dispose](),
    };
  }

  /**
   * A model for a request, once it is loaded; without an id the first one.
   *
   * @throws GradcastError as `serve` does
   */
  async request(id: string | null, signal: AbortSignal): Promise<RequestedModel> {
    const wanted = id ?? this.first.model.id;
    const lease = await this.#acquire(wanted, { signal });
    return {
      get engine() {
        return lease.engine;
      },
      [Symbol.dispose]: () => lease[Symbol.dispose](),
    };
  }

  /** What is known of a model; it is loaded where it never was. */
  async describe(id: string | null, signal: AbortSignal): Promise<ServedModel> {
    const wanted = id ?? this.first.model.id;
    this.expect(wanted);
    const known = this.#parts.pool.known.get(wanted);
    if (known !== undefined) return this.#servedOf(known);
    using lease = await this.serve(wanted, { signal });
    return lease.served;
  }

  /** How long no engine of any loaded model has been running, in ms; 0 while one is. */
  get downMs(): number {
    const vitals = this.#engines.map(({ engine }) => engine.vitals().downMs);
    return vitals.length === 0 ? 0 : Math.min(...vitals);
  }

  /** Figures of all engines together. */
  async stats(): Promise<EngineStats> {
    const all = await Promise.all(this.#engines.map(({ engine }) => engine.stats()));
    return all.reduce(addStats, NO_STATS);
  }

  /** How the engines are, and the models one by one. */
  get health(): readonly HealthSource[] {
    return [
      { name: "engine", health: () => this.#enginesHealth() },
      { name: "models", health: () => ({ ok: true, figures: this.#modelFigures() }) },
    ];
  }

  /** Hears of no changes any more. */
  end(): void {
    this.#forget();
  }

  get #engines(): readonly { readonly id: string; readonly engine: Engine }[] {
    return this.#parts.pool.loaded.flatMap((id) => {
      const engine = this.#parts.pool.engineOf(id);
      return engine === null ? [] : [{ id, engine }];
    });
  }

  async #acquire(id: string, options: AcquireOptions) {
    const { pool, scheduler } = this.#parts;
    pool.expect(id);
    // What was submitted while it could not be loaded has failed; from now on rows wait again.
    if (!this.#serving.has(id)) scheduler.suspend(id);
    try {
      return await pool.acquire(id, options);
    } catch (error) {
      if (error instanceof GradcastError && !this.#serving.has(id)) scheduler.abandon(id, error);
      throw error;
    }
  }

  /** Gives the scheduler the engines of models that were loaded, and takes those away that were unloaded. */
  #follow(): void {
    const { pool, scheduler } = this.#parts;
    const loaded = new Set(pool.loaded);
    for (const id of [...this.#serving.keys()]) {
      if (loaded.has(id)) continue;
      this.#serving.delete(id);
      if (pool.ids.includes(id)) scheduler.suspend(id);
      else scheduler.remove(id);
    }
    for (const { id, engine } of this.#engines) {
      if (this.#serving.get(id) === engine) continue;
      this.#serving.set(id, engine);
      scheduler.serve(id, engine);
      for (const listener of this.#exchanged) listener(this.#servedOf(engine.model));
    }
  }

  #servedOf(model: LoadedModel): ServedModel {
    const known = this.#served.get(model);
    if (known !== undefined) return known;
    prepareClasses(model.labels);
    const { methods, layers, sameMaps } = offerOf(model);
    const served: ServedModel = {
      model,
      message: {
        type: "model",
        model: infoOf(model),
        methods: [...methods],
        layers: [...layers],
        sameMaps: [...sameMaps],
        sharedNames: sharedNames(model.labels),
      },
    };
    this.#served.set(model, served);
    return served;
  }

  #enginesHealth(): Health {
    const all = this.#engines.map(({ engine }) => engine.vitals());
    const restarts = all.reduce((sum, one) => sum + one.restarts, 0);
    const agoMs = all.flatMap(({ lastRestart }) => lastRestart === null ? [] : [lastRestart.agoMs]);
    const lastMs = agoMs.length === 0 ? null : Math.min(...agoMs);
    const downMs = Math.max(0, ...all.map((one) => one.downMs));
    const { ageMs, ...newest } = all[0]?.stats ?? { ageMs: null };
    const figures = {
      restarts,
      lastRestartAgoMs: lastMs === null ? null : Math.round(lastMs),
      downMs: Math.round(downMs),
      statsAgeMs: ageMs === null ? null : Math.round(ageMs),
      ...newest,
    };
    if (downMs > 0) return { ok: false, reason: "engine-restarting", figures };
    return lastMs !== null && lastMs < REMEMBERED_MS
      ? { ok: false, reason: "engine-restarted", figures }
      : { ok: true, figures };
  }

  #modelFigures(): readonly HealthFigures[] {
    return this.list.map(({ id, state, bytes }) => {
      const vitals = this.#parts.pool.engineOf(id)?.vitals();
      return {
        ...{ id, state, bytes },
        ...(vitals === undefined ? {} : {
          restarts: vitals.restarts,
          downMs: Math.round(vitals.downMs),
          frames: vitals.stats?.frames ?? 0,
          batches: vitals.stats?.batches ?? 0,
        }),
      };
    });
  }
}

const NO_STATS: EngineStats = {
  ...{ threads: 0, tensors: 0, tensorBytes: 0, mostBytes: 0, heapBytes: 0, frames: 0, batches: 0 },
};

function addStats(a: EngineStats, b: EngineStats): EngineStats {
  return {
    threads: a.threads + b.threads,
    tensors: a.tensors + b.tensors,
    tensorBytes: a.tensorBytes + b.tensorBytes,
    mostBytes: a.mostBytes + b.mostBytes,
    heapBytes: a.heapBytes + b.heapBytes,
    frames: a.frames + b.frames,
    batches: a.batches + b.batches,
  };
}

/** What viewers read of a model. */
function infoOf(model: LoadedModel): ModelInfo {
  const { id, name, width, height, defaultLayer, classes, head, knows, tries, about: { hash } } = model;
  const { taughtHead } = model;
  const [red, green, blue] = model.normalisation.mean.map((mean) =>
    Math.min(255, Math.max(0, Math.round(mean)))
  );
  return {
    ...{ id, name, width, height, defaultLayer, classes, knows, tries },
    ...(head && { head }),
    ...(hash && { sha256: hash.sha256 }),
    ...(taughtHead && { taughtHead }),
    ...(red !== undefined && green !== undefined && blue !== undefined && { grey: [red, green, blue] }),
  };
}
