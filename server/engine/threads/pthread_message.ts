/** What emscripten's glue code and its pthreads say to each other, as far as Gradcast reads it. */

/** A message in either direction; the glue code answers those that Gradcast does not name. */
export type PthreadMessage =
  | {
    readonly cmd: "load";
    readonly handlers: readonly string[];
    /** The glue code's text: what `mainScriptUrlOrBlob` was set to. */
    readonly urlOrBlob: string;
    readonly wasmMemory: WebAssembly.Memory;
    readonly wasmModule: WebAssembly.Module;
  }
  | {
    readonly cmd: "run";
    readonly start_routine: number;
    readonly arg: number;
    readonly pthread_ptr: number;
  }
  | { readonly cmd: "cancel" }
  | { readonly cmd: "loaded" }
  | { readonly cmd: "processProxyingQueue"; readonly queue: number }
  | { readonly cmd: "callHandler"; readonly handler: string; readonly args: readonly unknown[] };
