/** The engine's process with a worker that computes for ever when it is asked for a certain class. */
const OwnWorker = globalThis.Worker;
globalThis.Worker = class extends OwnWorker {
  constructor(_script: string | URL, options?: WorkerOptions) {
    super(new URL("./looping_worker.ts", import.meta.url), options);
  }
};
await import("../../server/engine/process/main.ts");
