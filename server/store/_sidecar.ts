/** Whether a sidecar is what it should be: checked piece by piece in a worker, as a long one takes a while to read. */

import { Worker } from "node:worker_threads";

/** What the worker receives: more of the file, null at its end; it answers each with a {@link FromSidecarWorker}. */
export type ToSidecarWorker = ArrayBuffer | null;

/** `more` wants what follows, `again` the file from its beginning; `done` says what is wrong with it, or null. */
export type FromSidecarWorker =
  | { readonly kind: "more" }
  | { readonly kind: "again" }
  | { readonly kind: "done"; readonly fault: string | null };

/** Opens the file at its beginning. */
export type OpenSidecar = () => ReadableStream<Uint8Array<ArrayBuffer>>;

/** Heap of the worker, in MB: a V8 that is not held to one lets garbage of 60 MB lie. */
const LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 24 };

/** The check that is under way; each waits for the one before, so that they take no more memory than one. */
let last: Promise<unknown> = Promise.resolve();

/** What is wrong with a sidecar, in words, or null. It is read once or twice, a piece at a time, to the first fault. */
export function sidecarFault(open: OpenSidecar): Promise<string | null> {
  const check = last.then(() => checkAside(open));
  last = check.catch(() => {});
  return check;
}

async function checkAside(open: OpenSidecar): Promise<string | null> {
  const worker = new Worker(new URL("./_sidecar_worker.ts", import.meta.url), {
    name: "gradcast-sidecar",
    resourceLimits: LIMITS,
  });
  try {
    for (;;) {
      const answer = await checkOnce(worker, open());
      if (answer.kind === "done") return answer.fault;
    }
  } finally {
    await worker.terminate();
  }
}

/** Hands the file to the worker until it wants no more of it. */
async function checkOnce(
  worker: Worker,
  file: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<Exclude<FromSidecarWorker, { kind: "more" }>> {
  // Leaving the loop ends the stream, and closes the file with it.
  for await (const bytes of file) {
    const answer = await ask(worker, whole(bytes));
    if (answer.kind !== "more") return answer;
  }
  const answer = await ask(worker, null);
  if (answer.kind !== "more") return answer;
  throw new Error("Cannot check the sidecar: its worker wants more than the whole file");
}

function ask(worker: Worker, message: ToSidecarWorker): Promise<FromSidecarWorker> {
  return new Promise((resolve, reject) => {
    worker.removeAllListeners();
    worker.once("message", resolve);
    worker.once(
      "error",
      (cause) => reject(new Error("Cannot check the sidecar: its worker died", { cause })),
    );
    worker.postMessage(message, message === null ? [] : [message]);
  });
}

/** A buffer alone is handed over; a view of one would be copied byte by byte. */
function whole(bytes: Uint8Array<ArrayBuffer>): ArrayBuffer {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer;
}
