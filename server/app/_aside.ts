/** Long work beside the event loop: a worker makes the answer, and only its rows pass through the loop. */
import { type ErrorCode, GradcastError } from "../../shared/errors.ts";
import type { BatchResult, LoadedModel, Probe } from "../engine/port.ts";
import type { Answer, AnswerJob, AnswerWorld } from "./_answer.ts";

/** What the worker is told. */
export type ToAside =
  | { readonly kind: "start"; readonly job: AnswerJob; readonly model: LoadedModel }
  /** Answers the batch that was asked for last. */
  | { readonly kind: "rows"; readonly result: BatchResult };

/** What the worker says; it waits for the rows of a batch before it asks for the next one. */
export type FromAside =
  | { readonly kind: "run"; readonly batch: readonly Probe[] }
  | { readonly kind: "progress"; readonly share: number }
  | { readonly kind: "done"; readonly answer: Answer }
  | { readonly kind: "failed"; readonly code: ErrorCode; readonly message: string };

/**
 * Makes an answer in a worker of its own, which ends with the answer or with the signal.
 *
 * @throws GradcastError as the worker's part does, `server-fault` where the worker died, or the signal's reason
 */
export async function answerAside(
  job: AnswerJob,
  { engine, signal, onProgress }: Omit<AnswerWorld, "now">,
): Promise<Answer> {
  signal.throwIfAborted();
  const worker = new Worker(new URL("./_aside_worker.ts", import.meta.url), {
    type: "module",
    name: "gradcast-answer",
  });
  const ended = Promise.withResolvers<Answer>();
  const stop = () => ended.reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  worker.onerror = (event) => {
    event.preventDefault();
    ended.reject(
      new GradcastError(
        "server-fault",
        `Cannot make the answer as its worker died: current value is ${event.message}`,
      ),
    );
  };
  worker.onmessage = ({ data }: MessageEvent<FromAside>) => {
    switch (data.kind) {
      case "run":
        engine.run(data.batch).then((result) => tell(worker, { kind: "rows", result }), ended.reject);
        return;
      case "progress":
        return onProgress?.(data.share);
      case "done":
        return ended.resolve(data.answer);
      case "failed":
        return ended.reject(new GradcastError(data.code, data.message));
      default:
        data satisfies never;
    }
  };
  try {
    tell(worker, { kind: "start", job, model: engine.model });
    return await ended.promise;
  } finally {
    signal.removeEventListener("abort", stop);
    worker.terminate();
  }
}

function tell(worker: Worker, message: ToAside): void {
  worker.postMessage(message);
}
