/** Heads fitted beside the event loop, in a worker that is ended where nobody waits for it any more, or where it hangs. */
import { GradcastError } from "../../shared/errors.ts";
import type { HeadKind } from "../../shared/head_model.ts";
import { unpackError } from "../../shared/packed_error.ts";
import { type Clock, systemClock } from "../clock/mod.ts";
import type { FromHeadWorker, Job, JobKind, JobOptions, JobResults } from "./_jobs.ts";
import type { Importance } from "./importance.ts";
import type { PackedHead } from "./packed_head.ts";
import type { FeatureRows, LabelledRows, Steps } from "./rows.ts";
import type { RunnableHead } from "./runnable_head.ts";
import type { Validation } from "./validate.ts";

/** Time between two looks at a worker that computes, in ms; a machine that slept counts as one of them. */
const LOOK_MS = 1_000;

/** Looks without a report after which a worker counts as hung. */
const MAX_SILENT_LOOKS = 120;

/** A worker that fits heads; jobs wait for each other. */
export interface HeadWorker {
  /** As `fitHead()`; a signal ends the worker, and the next job gets a new one. */
  fit(kind: HeadKind, from: LabelledRows, options?: JobOptions, steps?: Steps): Promise<RunnableHead>;
  /** The same as bytes, which `unpackHead()` reads, with their hash. */
  fitPacked(kind: HeadKind, from: LabelledRows, options?: JobOptions, steps?: Steps): Promise<PackedHead>;
  /** As `checkPacked()`: bytes from elsewhere. */
  check(bytes: Uint8Array<ArrayBuffer>): Promise<PackedHead>;
  /** As `packHead()`. */
  pack(head: RunnableHead): Promise<PackedHead>;
  /** As `crossValidate()`. */
  crossValidate(
    kind: HeadKind,
    from: LabelledRows,
    options?: JobOptions,
    steps?: Steps,
  ): Promise<Validation>;
  /** As `permutationImportance()`. */
  importance(kind: HeadKind, from: LabelledRows, options?: JobOptions, steps?: Steps): Promise<Importance>;
  /** As `scoreOf()`: a head's accuracy on rows. */
  score(head: RunnableHead, from: LabelledRows, steps?: Steps): Promise<number>;
  /** Ends the worker and the job that it works on; jobs that come later fail. */
  close(): void;
}

/** What a {@link HeadWorker} is made of; tests put theirs in the place. */
export interface HeadWorkerParts {
  /** Makes the worker; by default out of its own script. */
  readonly createWorker?: () => Worker;
  readonly clock?: Clock;
}

/** Makes a worker for heads; its thread begins with the first job. */
export function openHeadWorker(parts: HeadWorkerParts = {}): HeadWorker {
  return new OneWorker(parts);
}

/** Rows in memory that workers share: they are handed over without a copy. */
export function sharedRows({ values, width }: FeatureRows): FeatureRows {
  const buffer = new SharedArrayBuffer(values.byteLength);
  const copy = values instanceof Float32Array ? new Float32Array(buffer) : new Float64Array(buffer);
  copy.set(values);
  return { values: copy, width };
}

class OneWorker implements HeadWorker {
  readonly #createWorker: () => Worker;
  readonly #clock: Clock;
  readonly #closed = new AbortController();
  #worker: Worker | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor({ createWorker = ownWorker, clock = systemClock }: HeadWorkerParts) {
    this.#createWorker = createWorker;
    this.#clock = clock;
  }

  fit(
    head: HeadKind,
    from: LabelledRows,
    options: JobOptions = {},
    steps: Steps = {},
  ): Promise<RunnableHead> {
    return this.#queue({ kind: "fit", head, from, options }, steps);
  }

  fitPacked(
    head: HeadKind,
    from: LabelledRows,
    options: JobOptions = {},
    steps: Steps = {},
  ): Promise<PackedHead> {
    return this.#queue({ kind: "fit-packed", head, from, options }, steps);
  }

  check(bytes: Uint8Array<ArrayBuffer>): Promise<PackedHead> {
    return this.#queue({ kind: "check", bytes }, {});
  }

  pack(head: RunnableHead): Promise<PackedHead> {
    return this.#queue({ kind: "pack", head }, {});
  }

  crossValidate(
    head: HeadKind,
    from: LabelledRows,
    options: JobOptions = {},
    steps: Steps = {},
  ): Promise<Validation> {
    return this.#queue({ kind: "validate", head, from, options }, steps);
  }

  importance(
    head: HeadKind,
    from: LabelledRows,
    options: JobOptions = {},
    steps: Steps = {},
  ): Promise<Importance> {
    return this.#queue({ kind: "importance", head, from, options }, steps);
  }

  score(head: RunnableHead, from: LabelledRows, steps: Steps = {}): Promise<number> {
    return this.#queue({ kind: "score", head, from }, steps);
  }

  close(): void {
    this.#closed.abort(new GradcastError("server-closing", "Cannot fit the head: its worker was closed"));
    this.#end();
  }

  async #queue<Kind extends JobKind>(
    job: Job & { readonly kind: Kind },
    { onProgress, signal }: Steps,
  ): Promise<JobResults[Kind]> {
    const before = this.#last;
    const { promise: over, resolve: end } = Promise.withResolvers<void>();
    this.#last = over;
    try {
      await before;
      const ends = AbortSignal.any([...(signal === undefined ? [] : [signal]), this.#closed.signal]);
      ends.throwIfAborted();
      // The worker answers a job with the result of its kind.
      return await this.#run(job, { onProgress, signal: ends }) as JobResults[Kind];
    } finally {
      end();
    }
  }

  async #run(
    job: Job,
    { onProgress, signal }: { readonly onProgress: Steps["onProgress"]; readonly signal: AbortSignal },
  ): Promise<JobResults[JobKind]> {
    const worker = this.#worker ??= this.#createWorker();
    const ended = Promise.withResolvers<JobResults[JobKind]>();
    const fail = (reason: string, options?: ErrorOptions) =>
      ended.reject(new GradcastError("server-fault", `Cannot fit the head: ${reason}`, options));
    const stop = () => ended.reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    let silent = 0;
    const look = () => {
      if (++silent >= MAX_SILENT_LOOKS) {
        fail(`its worker reported nothing for ${MAX_SILENT_LOOKS * LOOK_MS} ms`);
      } else endLooks = this.#clock.after(LOOK_MS, look);
    };
    let endLooks = this.#clock.after(LOOK_MS, look);
    worker.onerror = (event) => {
      event.preventDefault();
      fail(`its worker died: ${event.message}`, { cause: event.message });
    };
    worker.onmessageerror = () => fail("its worker sent a message that cannot be read");
    worker.onmessage = ({ data }: MessageEvent<FromHeadWorker>) => {
      silent = 0;
      switch (data.kind) {
        case "progress":
          return onProgress?.(data.done);
        case "done":
          return ended.resolve(data.result);
        case "failed":
          return ended.reject(unpackError(data.error));
        default:
          data satisfies never;
      }
    };
    let answered = false;
    try {
      worker.postMessage(job);
      const result = await ended.promise;
      answered = true;
      return result;
    } catch (error) {
      // A worker that refused its rows is as good as before.
      answered = error instanceof GradcastError && error.code === "head-refused";
      throw error;
    } finally {
      endLooks();
      signal.removeEventListener("abort", stop);
      if (!answered) this.#end();
    }
  }

  #end(): void {
    this.#worker?.terminate();
    this.#worker = null;
  }
}

function ownWorker(): Worker {
  return new Worker(new URL("./_head_worker.ts", import.meta.url), {
    type: "module",
    name: "gradcast-heads",
  });
}
