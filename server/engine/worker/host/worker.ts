/** Entry of the engine's worker: starts the engine and answers calls one by one. */
/// <reference lib="deno.worker" />
import { GradcastError } from "../../../../shared/errors.ts";
import { packError } from "../../../../shared/packed_error.ts";
import { NotCovered } from "../../graph/not_covered.ts";
import { needsOf } from "../../graph/native_needs.ts";
import { openModel } from "../../model/model.ts";
import { startNative } from "../../native/start.ts";
import { startBackend } from "../../threads/backend.ts";
import { EngineCore } from "../batch/core.ts";
import { LoadingProgress } from "./loading.ts";
import type { Calls, Reply, WorkerRequest } from "./messages.ts";
import { availableBytes, HEAP_BYTES, heapBytes } from "../batch/room.ts";
import { buffersOf } from "./transfer.ts";

let core: EngineCore | null = null;

/** Requests wait for the ones before them: a frame is there before a batch that reads it. */
let last: Promise<void> = Promise.resolve();

self.onmessage = (event: MessageEvent<WorkerRequest>) => {
  last = last.then(() => answer(event.data));
};

async function answer(request: WorkerRequest): Promise<void> {
  try {
    await perform(request);
  } catch (error) {
    // Anything unforeseen may have left the WebAssembly memory in disorder: it ends this worker.
    const foreseen = error instanceof GradcastError || (error instanceof Error && request.call === "start");
    if (!foreseen || request.call === "release") throw error;
    // Why an engine cannot start is its words' business: whoever starts it reads them.
    const items = error instanceof NotCovered ? error.items : [];
    const packed = packError(error, { code: "engine-failed", message: error.message, items });
    self.postMessage({ id: request.id, ok: false, error: packed } satisfies Reply);
  }
}

async function perform(request: WorkerRequest): Promise<void> {
  switch (request.call) {
    case "start":
      return sendReply(
        request.id,
        await start(request.takes, (done) => self.postMessage({ id: request.id, done } satisfies Reply)),
      );
    case "admit":
      return sendReply(
        request.id,
        await started().admit(
          request.takes.key,
          request.takes.format,
          request.takes.picture,
          request.takes.size,
        ),
      );
    case "release":
      return core?.release(request.key);
    case "run": {
      const result = started().run(request.takes);
      return sendReply(request.id, result, buffersOf(result));
    }
    case "head":
      started().setHead(request.takes.key, request.takes.head);
      return sendReply(request.id, null);
    case "stats":
      return sendReply(request.id, started().stats());
    default:
      request satisfies never;
  }
}

async function start(
  { modelDir, threads, memoryBytes }: Calls["start"]["takes"],
  onProgress: (done: number) => void,
): Promise<Calls["start"]["returns"]> {
  const most = memoryBytes === null ? heapBytes(availableBytes()) : Math.min(HEAP_BYTES, memoryBytes);
  const progress = new LoadingProgress(onProgress);
  const onRead = (share: number) => progress.at("read", share);
  const [folder, backend] = await Promise.all([
    openModel(modelDir, { mostBytes: most, onRead }),
    startBackend(threads),
  ]);
  progress.at("build", 1);
  const native = await startNative({ ...backend, needs: needsOf(folder.graph) });
  progress.at("compile", 1);
  core = new EngineCore(folder, backend, native, {
    heapBytes: most,
    takesFolder: true,
    onLoading: (stage, share) => progress.at(stage, share),
  });
  return { model: core.model, threads: backend.threads, threadsNote: backend.note, memoryBytes: most };
}

function started(): EngineCore {
  if (core === null) throw new Error("Cannot compute: the engine was not started");
  return core;
}

function sendReply(
  id: number,
  returns: Extract<Reply, { ok: true }>["returns"],
  transfer: readonly ArrayBuffer[] = [],
): void {
  const stats = core === null ? {} : { stats: core.stats() };
  self.postMessage({ id, ok: true, returns, ...stats } satisfies Reply, [...transfer]);
}
