/** The engine's worker, which never answers a batch with a row that asks for certain classes: it computes, or it waits. */
/// <reference lib="deno.worker" />
import "../../server/engine/worker/host/worker.ts";
import type { FrameKey } from "../../server/engine/port.ts";
import type { WorkerRequest } from "../../server/engine/worker/host/messages.ts";

/** A row that asks for this class is computed for ever. */
const LOOPS_AT = 13;

/** A row that asks for this class waits for ever, as for a thread that died. */
const WAITS_AT = 12;

const answer = self.onmessage as ((event: MessageEvent<WorkerRequest>) => void) | null;

/** The frame on the page. */
let frame: FrameKey | null = null;

self.onmessage = (event: MessageEvent<WorkerRequest>) => {
  const request = event.data;
  if (request.call === "admit") frame = request.takes.key;
  const asksFor = (index: number) =>
    request.call === "run" &&
    request.takes.some((row) =>
      row.frame === frame && row.want.kind === "projection" && row.want.also.includes(index)
    );
  // Neither can be interrupted from within.
  if (asksFor(WAITS_AT)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  const loops = asksFor(LOOPS_AT);
  for (let count = 0; loops; count++);
  answer?.(event);
};
