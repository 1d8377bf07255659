/** Starts the tfjs WASM backend of this isolate, with threads where they can be had. */
import { BackendWasm, setThreadsCount } from "@tensorflow/tfjs-backend-wasm";
import {
  backend as currentBackend,
  findBackendFactory,
  type KernelBackend,
  registerBackend,
  removeBackend,
  setBackend,
} from "@tensorflow/tfjs-core";
import { PAGES } from "../native/layout.ts";
import { type GlueModule, readBinary, readGlue, runGlue } from "./package.ts";
import { createPool, MAX_THREADS } from "./pool.ts";

/** How long the threads may take to start before one thread has to do, in ms. */
const START_TIMEOUT_MS = 20_000;

const BACKEND = "wasm";

/** What the package itself registered when it was imported: one thread, SIMD. */
const stock = findBackendFactory(BACKEND);

/** A running backend; there is one at a time in an isolate. */
export interface StartedBackend {
  readonly backend: BackendWasm;
  readonly threads: number;
  /** The memory that the kernels of Gradcast's own can share, of a fixed size, or null. */
  readonly memory: WebAssembly.Memory | null;
  /** One sentence on why fewer threads run than were asked for, or null. */
  readonly note: string | null;
}

/** Starts the threaded module; its functions are those that `BackendWasm` calls. */
type Start = (threads: number, memory: WebAssembly.Memory | null) => Promise<BackendWasm["wasm"]>;

/**
 * Starts the backend with as many of the wanted threads as can be had, at least one.
 *
 * @param start starts the threads, by default those of the package
 */
export async function startBackend(wanted: number, start: Start = startThreaded): Promise<StartedBackend> {
  const memory = reserveMemory();
  if (wanted <= 1 && memory === null) {
    return { backend: await register(stock), threads: 1, memory: null, note: null };
  }
  const threads = Math.max(1, Math.min(wanted, MAX_THREADS));
  const note = threads < wanted
    ? `The engine runs at most ${MAX_THREADS} threads, ${wanted} were asked for.`
    : null;
  try {
    const module = await start(threads, memory);
    setThreadsCount(threads);
    const backend = await register(() => new BackendWasm(module));
    return { backend, threads: module.tfjs.getThreadsCount(), memory, note };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const backend = await register(stock);
    return {
      backend,
      threads: 1,
      memory: null,
      note: `The engine runs one thread as ${threads} could not start: ${reason}`,
    };
  }
}

/** Ends the backend's threads and frees its memory. */
export function stopBackend(): void {
  removeBackend(BACKEND);
}

async function register(factory: () => KernelBackend | Promise<KernelBackend>): Promise<BackendWasm> {
  if (findBackendFactory(BACKEND) !== null) removeBackend(BACKEND);
  registerBackend(BACKEND, factory);
  const backend = await setBackend(BACKEND) ? currentBackend() : null;
  if (!(backend instanceof BackendWasm)) {
    throw new Error("Cannot start the engine: the WASM backend of tfjs did not start");
  }
  return backend;
}

/** The running module, with the functions that `BackendWasm` calls by name. */
interface ThreadedModule extends GlueModule {
  cwrap(name: string, returns: "number" | null, takes: readonly "number"[]): (...values: number[]) => number;
}

/** Reserves the memory that tfjs and the kernels share, or gives null where the system has no room for it. */
function reserveMemory(): WebAssembly.Memory | null {
  try {
    return new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true });
  } catch {
    return null;
  }
}

async function startThreaded(
  threads: number,
  memory: WebAssembly.Memory | null,
): Promise<BackendWasm["wasm"]> {
  const [glue, binary] = await Promise.all([readGlue(), readBinary()]);
  const failure = Promise.withResolvers<never>();
  let starting = true;
  const onError = (event: ErrorEvent) => {
    // A thread that died holds back its part of every later operation for ever: the whole engine has to end.
    if (!starting) throw new Error(`Cannot continue: a thread died: ${event.message}`);
    failure.reject(new Error(event.message));
  };
  const pool = createPool(threads, onError);
  const factory = runGlue<ThreadedModule>(glue, {
    self: { location: { href: "file:///" } },
    Worker: pool.Worker,
    // The WebAssembly takes half of this for the number of cores, and runs at most that many threads.
    navigator: { hardwareConcurrency: 2 * threads },
  });
  const timer = setTimeout(() => failure.reject(new Error("they took too long")), START_TIMEOUT_MS);
  try {
    const started = factory({
      mainScriptUrlOrBlob: glue,
      ...(memory === null ? {} : { wasmMemory: memory }),
      printErr: () => {},
      instantiateWasm(imports, receive) {
        WebAssembly.instantiate(binary, imports)
          .then(({ instance, module }) => receive(instance, module), failure.reject);
        return {};
      },
    });
    return withBridge(await Promise.race([started, failure.promise]));
  } catch (error) {
    pool.terminate();
    throw error;
  } finally {
    starting = false;
    clearTimeout(timer);
  }
}

/** Adds the `tfjs` functions as tfjs's own start does. */
function withBridge(module: ThreadedModule): BackendWasm["wasm"] {
  return Object.assign(module, {
    tfjs: {
      init: module.cwrap("init", null, []),
      initWithThreadsCount: module.cwrap("init_with_threads_count", null, ["number"]),
      getThreadsCount: module.cwrap("get_threads_count", "number", []),
      registerTensor: module.cwrap("register_tensor", null, ["number", "number", "number"]),
      disposeData: module.cwrap("dispose_data", null, ["number"]),
      dispose: module.cwrap("dispose", null, []),
    },
  });
}
