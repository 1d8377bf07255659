/** The engine in a process of its own, as the live server has it, for a server within a test. */
import { fileURLToPath } from "node:url";
import { type Engine, openEngine } from "../../server/engine/mod.ts";
import { EngineDoor } from "../../server/engine/process/mod.ts";

const ENTRY = new URL("./loopback_engine.ts", import.meta.url);
const CONFIG = new URL("../../start.json", import.meta.url);

/** An engine, and the process that it computes in. */
export interface ProcessEngine extends AsyncDisposable {
  readonly engine: Engine;
}

/** Starts such a process and loads a model; Deno's tests may not open the product's Unix socket. */
export async function openProcessEngine(modelDir: string): Promise<ProcessEngine> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const door = new EngineDoor(listener);
  const child = new Deno.Command("deno", {
    args: [
      ...["run", "--quiet", "--no-prompt", "--v8-flags=--experimental-wasm-revectorize"],
      `--config=${fileURLToPath(CONFIG)}`,
      ...["--permission-set=engine", "--allow-read", `--allow-net=127.0.0.1:${port}`],
      fileURLToPath(ENTRY),
      String(port),
    ],
    stdin: "null",
  }).spawn();
  const engine = await openEngine({ modelDir, createWorker: () => door.createWorker() });
  return {
    engine,
    async [Symbol.asyncDispose]() {
      await engine.close();
      door[Symbol.dispose]();
      await child.status;
    },
  };
}
