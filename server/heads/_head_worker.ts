/** Entry of the worker that fits heads: one job at a time. */
/// <reference lib="deno.worker" />
import { packError } from "../../shared/packed_error.ts";
import { type FromHeadWorker, type Job, type JobKind, type JobResults, runJob } from "./_jobs.ts";

/** What a job fails with that the worker's code threw. */
const UNEXPECTED = { code: "server-fault", message: "Cannot fit the head: its worker failed" } as const;

/** Shortest time between two reports, in ms. */
const REPORT_MS = 50;

self.onmessage = ({ data }: MessageEvent<Job>) => {
  let reportedMs = -Infinity;
  const onProgress = (done: number) => {
    const nowMs = performance.now();
    if (nowMs - reportedMs < REPORT_MS) return;
    reportedMs = nowMs;
    say({ kind: "progress", done });
  };
  try {
    const result = runJob(data, { onProgress });
    self.postMessage({ kind: "done", result } satisfies FromHeadWorker, [...buffersOf(result)]);
  } catch (error) {
    say({ kind: "failed", error: packError(error, UNEXPECTED) });
  }
};

/** What moves out of the worker instead of being copied. */
function buffersOf(result: JobResults[JobKind]): readonly ArrayBuffer[] {
  if (typeof result !== "object") return [];
  if ("bytes" in result) return [result.bytes.buffer];
  return "numbers" in result ? [result.numbers.buffer] : [];
}

function say(message: FromHeadWorker): void {
  self.postMessage(message);
}
