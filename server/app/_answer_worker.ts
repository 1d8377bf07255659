/** Entry of the worker that makes one answer. */
/// <reference lib="deno.worker" />
import { packError } from "../../shared/packed_error.ts";
import type { BatchResult, LoadedModel } from "../engine/port.ts";
import { type AnswerJob, makeAnswer } from "./_answer.ts";
import type { FromAnswerWorker, ToAnswerWorker } from "./_answer_worker_link.ts";

/** What the answer fails with that the worker's code threw. */
const UNEXPECTED = { code: "server-fault", message: "Cannot make the answer: its worker failed" } as const;

let takeRows: (result: BatchResult) => void = () => {};

self.onmessage = ({ data }: MessageEvent<ToAnswerWorker>) => {
  switch (data.kind) {
    case "start":
      void start(data.job, data.model);
      return;
    case "rows":
      return takeRows(data.result);
    default:
      data satisfies never;
  }
};

async function start(job: AnswerJob, model: LoadedModel): Promise<void> {
  try {
    const answer = await makeAnswer(job, {
      engine: {
        model,
        run(batch) {
          say({ kind: "run", batch });
          return new Promise((resolve) => takeRows = resolve);
        },
      },
      // The worker itself is ended when nobody waits any more.
      signal: new AbortController().signal,
      now: () => performance.now(),
      onProgress: (share) => say({ kind: "progress", share }),
    });
    say({ kind: "done", answer });
  } catch (error) {
    say({ kind: "failed", error: packError(error, UNEXPECTED) });
  }
}

function say(message: FromAnswerWorker): void {
  self.postMessage(message);
}
