/** Long work beside the event loop: a worker makes the answer, and only its rows pass through the loop. */
import { GradcastError } from "../../shared/errors.ts";
import { type PackedError, unpackError } from "../../shared/packed_error.ts";
import { systemTicks, type Ticks, Watch } from "../engine/mod.ts";
import type { BatchResult, LoadedModel, Probe } from "../engine/port.ts";
import type { Answer, AnswerJob, AnswerWorld } from "./_answer.ts";

/** What the worker receives. */
export type ToAnswerWorker =
  | { readonly kind: "start"; readonly job: AnswerJob; readonly model: LoadedModel }
  /** Answers the batch that was asked for last. */
  | { readonly kind: "rows"; readonly result: BatchResult };

/** What the worker says; it waits for the rows of a batch before it asks for the next one. */
export type FromAnswerWorker =
  | { readonly kind: "run"; readonly batch: readonly Probe[] }
  | { readonly kind: "progress"; readonly share: number }
  | { readonly kind: "done"; readonly answer: Answer }
  | { readonly kind: "failed"; readonly error: PackedError };

/** How long the worker may compute between two messages, in ms: far longer than the largest answer takes. */
const STEP_MS = 60_000;

/** What {@link answerInWorker} works with; tests put theirs in the place. */
export interface AnswerWorkerParts {
  /** Makes the worker; by default out of its own script. */
  readonly createWorker?: () => Worker;
  readonly ticks?: Ticks;
}

/**
 * Makes an answer in a worker of its own, which ends with the answer or with the signal.
 *
 * @throws GradcastError as the worker's part does, `server-fault` where the worker died or does not answer for a minute,
 *   or the signal's reason
 */
export async function answerInWorker(
  job: AnswerJob,
  { engine, signal, onProgress }: Omit<AnswerWorld, "now">,
  { createWorker = ownWorker, ticks = systemTicks }: AnswerWorkerParts = {},
): Promise<Answer> {
  signal.throwIfAborted();
  const worker = createWorker();
  const ended = Promise.withResolvers<Answer>();
  const fail = (reason: string, options?: ErrorOptions) =>
    ended.reject(new GradcastError("server-fault", `Cannot make the answer: ${reason}`, options));
  // The worker's own time counts, not what it waits for the engine.
  const watch = new Watch(ticks, (limitMs) => fail(`its worker did not answer within ${limitMs} ms`));
  const stop = () => ended.reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  const say = (message: ToAnswerWorker) => {
    worker.postMessage(message);
    watch.begin(STEP_MS);
  };
  const run = async (batch: readonly Probe[]) => {
    watch.end();
    const result = await engine.run(batch);
    if (!over) say({ kind: "rows", result });
  };
  let over = false;
  worker.onerror = (event) => {
    event.preventDefault();
    fail(`its worker died: ${event.message}`, { cause: event.message });
  };
  worker.onmessageerror = () => fail("its worker sent a message that cannot be read");
  worker.onmessage = ({ data }: MessageEvent<FromAnswerWorker>) => {
    // Whatever is thrown here ends this answer alone.
    try {
      switch (data.kind) {
        case "run":
          run(data.batch).catch(ended.reject);
          return;
        case "progress":
          watch.begin(STEP_MS);
          onProgress?.(data.share);
          return;
        case "done":
          return ended.resolve(data.answer);
        case "failed":
          return ended.reject(unpackError(data.error));
        default:
          data satisfies never;
      }
    } catch (error) {
      ended.reject(error);
    }
  };
  try {
    say({ kind: "start", job, model: engine.model });
    return await ended.promise;
  } finally {
    over = true;
    watch.end();
    signal.removeEventListener("abort", stop);
    worker.terminate();
  }
}

function ownWorker(): Worker {
  return new Worker(new URL("./_answer_worker.ts", import.meta.url), {
    type: "module",
    name: "gradcast-answer",
  });
}
