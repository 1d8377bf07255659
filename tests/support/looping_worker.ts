/** The engine's worker, which computes for ever at a batch with a row that asks for a certain class. */
/// <reference lib="deno.worker" />
import "../../server/engine/worker/host/worker.ts";
import type { FrameKey } from "../../server/engine/port.ts";
import type { WorkerRequest } from "../../server/engine/worker/host/messages.ts";

/** A row that asks for this class never ends. */
const LOOPS_AT = 13;

const answer = self.onmessage as ((event: MessageEvent<WorkerRequest>) => void) | null;

/** The frame on the page. */
let frame: FrameKey | null = null;

self.onmessage = (event: MessageEvent<WorkerRequest>) => {
  const request = event.data;
  if (request.call === "admit") frame = request.takes.key;
  const loops = request.call === "run" &&
    request.takes.some((row) =>
      row.frame === frame && row.want.kind === "projection" && row.want.also.includes(LOOPS_AT)
    );
  // A loop that nothing can interrupt from within.
  for (let count = 0; loops; count++);
  answer?.(event);
};
