/** The engine that computes: a worker of its own, replaced when it dies. */
import type { FrameFormat } from "../../shared/codec.ts";
import { GradcastError } from "../../shared/errors.ts";
import type { AnyHead } from "../heads/mod.ts";
import type {
  Admitted,
  BatchResult,
  Engine,
  EngineStats,
  EngineVitals,
  FrameKey,
  LoadedModel,
  PixelSize,
  Probe,
} from "./port.ts";
import { defaultThreads } from "./threads/cores.ts";
import { type EngineWorker, WorkerLink } from "./worker/host/link.ts";
import type { Calls } from "./worker/host/messages.ts";
import { Patience } from "./worker/host/patience.ts";
import { systemTicks, type Ticks } from "./worker/host/watch.ts";

/** Pause before a worker that did not start is started again, in ms: doubled with each failure, up to the longest. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** Why calls fail that wait when the engine is closed. */
const CLOSED = "the engine was closed";

/** Options of {@link openEngine}. */
export interface EngineOptions {
  /** Folder of the model, with its `gradcast.json`. */
  readonly modelDir: string;
  /** Threads to compute with; by default as many as the machine has physical cores, as far as that can be told. */
  readonly threads?: number;
  /**
   * Bytes that the model's weights and values may take at most; by default as many as the machine has left, up to
   * what 31 bits address.
   */
  readonly memoryBytes?: number | null;
  /** Receives the share of the first start that is done, 0 to 1. */
  readonly onProgress?: (done: number) => void;
  /** Ends the first start; its reason is thrown. */
  readonly signal?: AbortSignal;
  /** Makes the worker; by default out of the engine's own script. */
  readonly createWorker?: () => EngineWorker;
  /** How long every call may take before the worker is replaced, in ms, however short it should be; default 2,000. */
  readonly leastLimitMs?: number;
  /** Time for limits and ages; by default the machine's. */
  readonly ticks?: Ticks;
}

/**
 * Starts an engine in a worker of its own and loads a model into it.
 *
 * @throws GradcastError `engine-failed` when the model cannot be loaded; the message says why; or the signal's reason
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { signal } = options;
  signal?.throwIfAborted();
  const engine = new WasmEngine(options);
  const stop = () => void engine.close();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    await engine.open();
    return engine;
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

type Started = Calls["start"]["returns"];

class WasmEngine implements Engine {
  readonly #modelDir: string;
  readonly #threads: number;
  readonly #memoryBytes: number | null;
  readonly #onProgress: (done: number) => void;
  readonly #createWorker: () => EngineWorker;
  readonly #ticks: Ticks;
  readonly #patience: Patience;
  /** Heads that a worker gets when it takes another one's place. */
  readonly #heads = new Map<number, AnyHead>();
  #link: Promise<WorkerLink> | null = null;
  /** The worker that is being started. */
  #starting: WorkerLink | null = null;
  #started: Started | null = null;
  #closed = false;
  #restarts = 0;
  /** Why the newest worker was given up, with the time. */
  #death: { readonly reason: string; readonly atMs: number } | null = null;
  /** Since when no worker has been running, or null while one is. */
  #downSinceMs: number | null = null;
  #stats: { readonly stats: EngineStats; readonly atMs: number } | null = null;
  /** Ends the pause before the next try of a worker that did not start, or null where there is none. */
  #endPause: (() => void) | null = null;
  #pauseMs = FIRST_PAUSE_MS;

  constructor(
    { modelDir, threads, memoryBytes, createWorker, leastLimitMs, ticks, onProgress }: EngineOptions,
  ) {
    this.#modelDir = modelDir;
    this.#onProgress = onProgress ?? (() => {});
    this.#threads = threads ?? defaultThreads(navigator.hardwareConcurrency, Deno.build.arch);
    if (!Number.isInteger(this.#threads) || this.#threads < 1) {
      throw new RangeError(
        `Cannot start the engine: expected 1 thread or more, got ${this.#threads}`,
      );
    }
    this.#createWorker = createWorker ?? createOwnWorker;
    this.#ticks = ticks ?? systemTicks;
    this.#patience = new Patience(leastLimitMs);
    this.#memoryBytes = memoryBytes ?? null;
  }

  get model(): LoadedModel {
    return this.#facts.model;
  }

  get threads(): number {
    return this.#facts.threads;
  }

  get threadsNote(): string | null {
    return this.#facts.threadsNote;
  }

  async open(): Promise<void> {
    await this.#ready();
  }

  async admit(
    key: FrameKey,
    format: FrameFormat,
    picture: Uint8Array<ArrayBuffer>,
    size?: PixelSize,
  ): Promise<Admitted> {
    const copy = picture.slice();
    const takes = { key, format, picture: copy, ...(size === undefined ? {} : { size }) };
    return await this.#ready().then((link) => link.call("admit", takes, [copy.buffer]));
  }

  release(key: FrameKey): void {
    // Without a worker there are no frames either.
    this.#ready().then((link) => link.release(key), () => {});
  }

  run(batch: readonly Probe[]): Promise<BatchResult> {
    return this.#ready().then((link) => link.call("run", batch));
  }

  async setHead(key: number, head: AnyHead | null): Promise<void> {
    await this.#ready().then((link) => link.call("head", { key, head }));
    if (head === null) this.#heads.delete(key);
    else this.#heads.set(key, head);
  }

  stats(): Promise<EngineStats> {
    return this.#ready().then((link) => link.call("stats", null));
  }

  vitals(): EngineVitals {
    const nowMs = this.#ticks.now();
    return {
      restarts: this.#restarts,
      lastRestart: this.#death === null
        ? null
        : { reason: this.#death.reason, agoMs: nowMs - this.#death.atMs },
      downMs: this.#downSinceMs === null ? 0 : nowMs - this.#downSinceMs,
      stats: this.#stats === null ? null : { ...this.#stats.stats, ageMs: nowMs - this.#stats.atMs },
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#endPause?.();
    this.#starting?.end(CLOSED);
    const link = await this.#link?.catch(() => null);
    link?.end(CLOSED);
  }

  get #facts(): Started {
    if (this.#started === null) throw new Error("Cannot describe the engine: it was not opened");
    return this.#started;
  }

  /** The running worker; every call goes through the same promise, so that calls keep their order. */
  #ready(): Promise<WorkerLink> {
    if (this.#closed) {
      return Promise.reject(new GradcastError("engine-failed", "Cannot call the engine: it was closed"));
    }
    if (this.#link !== null) return this.#link;
    if (this.#endPause !== null) {
      return Promise.reject(
        new GradcastError("engine-failed", `Cannot call the engine while it is down: ${this.#death?.reason}`),
      );
    }
    this.#downSinceMs ??= this.#ticks.now();
    const link = this.#connect((reason) => this.#lost(link, reason));
    link.then(() => this.#downSinceMs = null, (error: unknown) => {
      if (this.#link === link) this.#link = null;
      // The first start is its caller's business; a server that runs has to come back by itself.
      if (this.#started !== null) this.#startLater(error);
    });
    this.#link = link;
    return link;
  }

  /** A worker that was running is gone: the next one starts at once. */
  #lost(link: Promise<WorkerLink>, reason: string): void {
    if (this.#link === link) this.#link = null;
    if (this.#closed) return;
    this.#restarts++;
    this.#death = { reason, atMs: this.#ticks.now() };
    this.#ready().catch(() => {});
  }

  #startLater(error: unknown): void {
    this.#death = { reason: error instanceof Error ? error.message : String(error), atMs: this.#ticks.now() };
    if (this.#closed) return;
    const cancel = this.#ticks.every(this.#pauseMs, () => {
      this.#endPause?.();
      this.#ready().catch(() => {});
    });
    this.#endPause = () => {
      cancel();
      this.#endPause = null;
    };
    this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
  }

  async #connect(onLost: (reason: string) => void): Promise<WorkerLink> {
    let running = false;
    const link = new WorkerLink(this.#createWorker(), {
      patience: this.#patience,
      ticks: this.#ticks,
      onProgress: (done) => this.#onProgress(done),
      onStats: (stats) => this.#stats = { stats, atMs: this.#ticks.now() },
      onDeath: (reason) => {
        if (running) onLost(reason);
      },
    });
    this.#starting = link;
    try {
      // While the worker before it goes, the machine has less left than it will have.
      const memoryBytes = this.#started?.memoryBytes ?? this.#memoryBytes;
      const takes = { modelDir: this.#modelDir, threads: this.#threads, memoryBytes };
      this.#started = await link.call("start", takes);
      for (const [key, head] of this.#heads) await link.call("head", { key, head });
      running = true;
      this.#pauseMs = FIRST_PAUSE_MS;
      return link;
    } catch (error) {
      link.end("the engine did not start");
      throw error;
    } finally {
      this.#starting = null;
    }
  }
}

function createOwnWorker(): Worker {
  return new Worker(new URL("./worker/host/worker.ts", import.meta.url), {
    type: "module",
    name: "gradcast-engine",
  });
}
