/** Entry of a Deno worker that is one pthread of the tfjs WASM backend: the job of emscripten's `.worker.js`. */
/// <reference lib="deno.worker" />
import { type GlueModule, runGlue } from "./package.ts";
import type { PthreadMessage } from "./pthread_message.ts";

/** What a pthread calls on its module once it is loaded. */
interface PthreadModule extends GlueModule {
  readonly PThread: { receiveObjectTransfer(message: PthreadMessage): void; threadInitTLS(): void };
  readonly ExitStatus: new () => { readonly status: number };
  __emscripten_thread_init(thread: number, isMain: number, isRuntime: number, canBlock: number): void;
  __emscripten_thread_exit(status: number): void;
  _pthread_self(): number;
  establishStackSpace(): void;
  invokeEntryPoint(routine: number, argument: number): void;
  keepRuntimeAlive(): boolean;
  executeNotifiedProxyingQueue(queue: number): void;
}

let thread: PthreadModule | null = null;
let initialised = false;
const waitingQueues: number[] = [];

self.onmessage = (event: MessageEvent<PthreadMessage>) => {
  const message = event.data;
  switch (message.cmd) {
    case "load":
      return load(message);
    case "run":
      return run(message);
    case "cancel":
      if (thread?._pthread_self()) thread.__emscripten_thread_exit(-1);
      return;
    case "processProxyingQueue":
      if (initialised) thread?.executeNotifiedProxyingQueue(message.queue);
      else waitingQueues.push(message.queue);
      return;
    case "loaded":
    case "callHandler":
      return;
    default:
      message satisfies never;
  }
};

function load(message: Extract<PthreadMessage, { cmd: "load" }>): void {
  const settings: GlueModule = {
    ENVIRONMENT_IS_PTHREAD: true,
    wasmModule: message.wasmModule,
    wasmMemory: message.wasmMemory,
    buffer: message.wasmMemory.buffer,
    printErr: (text) => self.postMessage({ cmd: "callHandler", handler: "printErr", args: [text] }),
    instantiateWasm: (imports, receive) => {
      const instance = new WebAssembly.Instance(message.wasmModule, imports);
      receive(instance);
      return instance.exports;
    },
  };
  runGlue(message.urlOrBlob, {
    self: { location: { href: "file:///" } },
    startWorker(module: PthreadModule) {
      thread = module;
      self.postMessage({ cmd: "loaded" } satisfies PthreadMessage);
    },
  })(settings);
}

function run(message: Extract<PthreadMessage, { cmd: "run" }>): void {
  if (thread === null) throw new Error("Cannot run the thread: it was not loaded");
  thread.__emscripten_thread_init(message.pthread_ptr, 0, 0, 1);
  thread.establishStackSpace();
  thread.PThread.receiveObjectTransfer(message);
  thread.PThread.threadInitTLS();
  initialised = true;
  for (const queue of waitingQueues.splice(0)) thread.executeNotifiedProxyingQueue(queue);
  try {
    thread.invokeEntryPoint(message.start_routine, message.arg);
  } catch (error) {
    if (error === "unwind") return;
    if (!(error instanceof thread.ExitStatus)) throw error;
    if (!thread.keepRuntimeAlive()) thread.__emscripten_thread_exit(error.status);
  }
}
