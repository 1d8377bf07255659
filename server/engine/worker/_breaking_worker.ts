/** The engine's worker for tests: it breaks on batches that ask for certain frames. */
/// <reference lib="deno.worker" />
import "./worker.ts";
import type { Request } from "./messages.ts";

/** A batch with this frame makes the worker's own code throw. */
const THROWS = 666;
/** A batch with this frame is never answered. */
const HANGS = 667;

const answer = self.onmessage as ((event: MessageEvent<unknown>) => void) | null;

self.onmessage = (event: MessageEvent<Request>) => {
  const request = event.data;
  const frames = request.call === "run" ? request.takes.map(({ frame }) => frame) : [];
  if (frames.includes(HANGS)) return;
  const data = frames.includes(THROWS) ? { ...request, takes: "the test broke it" } : request;
  answer?.(new MessageEvent("message", { data }));
};
