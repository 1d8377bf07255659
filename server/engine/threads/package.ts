/** Where the pinned tfjs WASM package lies, and its threaded glue code run in the mode that Deno needs. */
import type { PthreadMessage } from "./pthread_message.ts";
import { shortenSpin } from "./spin.ts";

const GLUE = import.meta.resolve("@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js");
const BINARY = import.meta.resolve(
  "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.wasm",
);

/** What the glue code needs of a worker that it runs a thread in. */
export interface GlueWorker {
  onmessage: ((event: { readonly data: PthreadMessage }) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(message: PthreadMessage): void;
  terminate(): void;
}

/** The part of emscripten's module object that Gradcast touches, as settings before and as exports after the start. */
export interface GlueModule {
  ENVIRONMENT_IS_PTHREAD?: boolean;
  wasmModule?: WebAssembly.Module;
  wasmMemory?: WebAssembly.Memory;
  buffer?: ArrayBufferLike;
  /** Goes to every pthread in its `load` message. */
  mainScriptUrlOrBlob?: string;
  printErr?: (text: string) => void;
  instantiateWasm?: (
    imports: WebAssembly.Imports,
    receive: (instance: WebAssembly.Instance, module?: WebAssembly.Module) => void,
  ) => WebAssembly.Exports | Record<string, never>;
}

/** Names of the host that the glue code looks at; `undefined` hides the host's own. */
export interface GlueHost {
  readonly Worker?: new (url: string) => GlueWorker;
  readonly navigator?: { readonly hardwareConcurrency: number };
  /** Called in a pthread when its instance stands. */
  readonly startWorker?: (module: never) => void;
  readonly self: { readonly location: { readonly href: string } };
}

/** Builds the running module out of the settings it is given. */
export type GlueFactory<M extends GlueModule> = (settings: GlueModule) => Promise<M>;

/** Reads the text of the package's threaded glue code. */
export function readGlue(): Promise<string> {
  return Deno.readTextFile(new URL(GLUE));
}

/** Reads the package's threaded WebAssembly, as it is. */
export function readPackageBinary(): Promise<Uint8Array<ArrayBuffer>> {
  return Deno.readFile(new URL(BINARY));
}

/** Reads the package's threaded WebAssembly, with a wait that suits cores that others use too. */
export async function readBinary(): Promise<Uint8Array<ArrayBuffer>> {
  return shortenSpin(await readPackageBinary());
}

/**
 * Runs the glue code as if in a web worker.
 *
 * Deno has a `process`, so importing the file would start it in its Node mode, which reaches for
 * `worker_threads` and which tfjs switches threads off in. A function body can hide single globals, an import
 * cannot. `glue` is only ever the pinned package's own file, as `readGlue` returns it.
 */
export function runGlue<M extends GlueModule>(glue: string, host: GlueHost): GlueFactory<M> {
  const names: Record<string, unknown> = {
    process: undefined,
    document: undefined,
    window: undefined,
    exports: undefined,
    module: undefined,
    define: undefined,
    importScripts: () => {},
    ...host,
  };
  const run = new Function(...Object.keys(names), `${glue}\nreturn WasmBackendModuleThreadedSimd;`);
  return run(...Object.values(names));
}
