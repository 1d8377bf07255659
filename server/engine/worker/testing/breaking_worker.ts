/** The engine's worker for tests: it breaks on batches that ask for certain frames. */
/// <reference lib="deno.worker" />
import "../host/worker.ts";
import type { Reply, WorkerRequest } from "../host/messages.ts";

/** A batch with this frame makes the worker's own code throw. */
const THROWS = 666;
/** A batch with this frame is never answered, and nothing behind it. */
const HANGS = 667;
/** A batch with this frame is answered twice, and so is a call that nobody made. */
const CHATTERS = 668;
/** A batch with this frame is answered after so many milliseconds. */
const DAWDLES = 669;
const DAWDLES_MS = 700;

const answer = self.onmessage as ((event: MessageEvent<unknown>) => void) | null;

let hangs = false;

self.onmessage = (event: MessageEvent<WorkerRequest>) => {
  const request = event.data;
  const frames = request.call === "run" ? request.takes.map(({ frame }) => frame) : [];
  hangs ||= frames.includes(HANGS);
  if (hangs) return;
  if (request.call === "run" && frames.includes(CHATTERS)) {
    const returns = { rows: [], computeMs: 1 };
    for (const id of [request.id, request.id, 1_000_000]) {
      self.postMessage({ id, ok: true, returns } satisfies Reply);
    }
    return;
  }
  if (frames.includes(DAWDLES)) {
    setTimeout(() => answer?.(event), DAWDLES_MS);
    return;
  }
  const data = frames.includes(THROWS) ? { ...request, takes: "the test broke it" } : request;
  answer?.(new MessageEvent("message", { data }));
};
