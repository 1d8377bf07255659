/** Models whose engines are in this process: the pool's twin in memory. */
import type { Engine } from "../../engine/port.ts";
import { ModelPool } from "../pool.ts";
import type { PoolParts } from "../pool_parts.ts";

/** A pool of engines that are open already, the first one in front; each is closed when its model is unloaded. */
export function createMemoryModels(
  engines: ReadonlyMap<string, Engine | (() => Promise<Engine>)>,
  more: Partial<PoolParts> = {},
): ModelPool {
  const pool = new ModelPool({
    async open({ path }) {
      const engine = engines.get(path);
      if (engine === undefined) throw new Error(`there is no engine of ${path}`);
      return typeof engine === "function" ? await engine() : engine;
    },
    memoryBytes: null,
    now: () => performance.now(),
    ...more,
  });
  for (const id of engines.keys()) pool.add({ path: id, id, name: id, bytes: 0 });
  return pool;
}

/** A pool of one model, whose engine is open already. */
export function soleModel(engine: Engine): ModelPool {
  const pool = createMemoryModels(new Map());
  pool.adopt(engine);
  return pool;
}
