/** The engine that computes: a worker of its own, replaced when it dies. */
import type { FrameFormat } from "../../shared/codec.ts";
import { GradcastError } from "../../shared/errors.ts";
import type { BatchResult, Engine, EngineStats, FrameKey, LoadedModel, Probe } from "./port.ts";
import type { Sketch } from "./sketch.ts";
import { defaultThreads } from "./threads/cores.ts";
import { WorkerLink } from "./worker/link.ts";
import type { Calls } from "./worker/messages.ts";

/** How long a call may take, in ms: far longer than any batch, it is for threads that wait for each other for ever. */
const CALL_TIMEOUT_MS = 60_000;

/** Options of {@link openEngine}. */
export interface EngineOptions {
  /** Folder of the model, with its `gradcast.json`. */
  readonly modelDir: string;
  /** Threads to compute with; by default as many as the machine has physical cores, as far as that can be told. */
  readonly threads?: number;
  /** Makes the worker; by default out of the engine's own script. */
  readonly createWorker?: () => Worker;
  /** How long the worker may take to answer a call before it is replaced, in ms; by default 60,000. */
  readonly callTimeoutMs?: number;
}

/**
 * Starts an engine in a worker of its own and loads a model into it.
 *
 * @throws GradcastError `engine-failed` when the model cannot be loaded; the message says why
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const engine = new WasmEngine(options);
  await engine.open();
  return engine;
}

type Started = Calls["start"]["brings"];

class WasmEngine implements Engine {
  readonly #options: Required<EngineOptions>;
  #link: Promise<WorkerLink> | null = null;
  #started: Started | null = null;
  #closed = false;

  constructor(options: EngineOptions) {
    const threads = options.threads ?? defaultThreads(navigator.hardwareConcurrency, Deno.build.arch);
    if (!Number.isInteger(threads) || threads < 1) {
      throw new RangeError(
        `Cannot start the engine as it needs 1 thread or more: current value is ${threads}`,
      );
    }
    this.#options = { createWorker, callTimeoutMs: CALL_TIMEOUT_MS, ...options, threads };
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

  async admit(key: FrameKey, format: FrameFormat, picture: Uint8Array<ArrayBuffer>): Promise<Sketch> {
    const copy = picture.slice();
    return await this.#ready().then((link) =>
      link.call("admit", { key, format, picture: copy }, [copy.buffer])
    );
  }

  release(key: FrameKey): void {
    // Without a worker there are no frames either.
    this.#ready().then((link) => link.release(key), () => {});
  }

  run(batch: readonly Probe[]): Promise<BatchResult> {
    return this.#ready().then((link) => link.call("run", batch));
  }

  stats(): Promise<EngineStats> {
    return this.#ready().then((link) => link.call("stats", null));
  }

  async close(): Promise<void> {
    this.#closed = true;
    const link = await this.#link?.catch(() => null);
    link?.end("the engine was closed");
  }

  get #facts(): Started {
    if (this.#started === null) throw new Error("Cannot describe the engine as it was not opened");
    return this.#started;
  }

  /** The running worker; every call goes through the same promise, so that calls keep their order. */
  #ready(): Promise<WorkerLink> {
    if (this.#closed) {
      return Promise.reject(new GradcastError("engine-failed", "Cannot call the engine as it was closed"));
    }
    if (this.#link !== null) return this.#link;
    const link = this.#connect(() => this.#forget(link));
    link.catch(() => this.#forget(link));
    this.#link = link;
    return link;
  }

  #forget(link: Promise<WorkerLink>): void {
    if (this.#link === link) this.#link = null;
  }

  async #connect(forget: () => void): Promise<WorkerLink> {
    const { modelDir, threads, createWorker, callTimeoutMs } = this.#options;
    let running = false;
    const onDeath = () => {
      forget();
      // A worker that dies while it starts is tried again by the next call, not for ever.
      if (running && !this.#closed) this.#ready().catch(() => {});
    };
    const link = new WorkerLink(createWorker(), { callTimeoutMs, onDeath });
    try {
      this.#started = await link.call("start", { modelDir, threads });
      running = true;
      return link;
    } catch (error) {
      link.end("the engine did not start");
      throw error;
    }
  }
}

function createWorker(): Worker {
  return new Worker(new URL("./worker/worker.ts", import.meta.url), {
    type: "module",
    name: "gradcast-engine",
  });
}
