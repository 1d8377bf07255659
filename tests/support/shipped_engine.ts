/** The shipped model in an engine of the test's own process. */
import {
  type BatchResult,
  type Engine,
  openEngine,
  type Probe,
  probeKey,
  type Row,
} from "../../server/engine/mod.ts";

/** Where it lies. */
export const SHIPPED_MODEL = "models/efficientnet-lite0";

/**
 * Opens it with one thread: several files of tests share the cores, and threads that wait for each other compute nothing.
 * That two threads compute the same, the engine's own tests say.
 */
export function openShipped(): Promise<Engine> {
  return openEngine({ modelDir: SHIPPED_MODEL, threads: 1 });
}

/**
 * An engine that computes the logits of an input once, however many maps ask for them: methods that look from outside vary a
 * picture in the same ways for every class. What is kept is kept until the engine in front is let go.
 */
export function computingOnce(engine: Pick<Engine, "run">): Pick<Engine, "run"> {
  const known = new Map<string, Row>();
  return {
    async run(batch): Promise<BatchResult> {
      const missing = batch.filter((probe) => !known.has(probeKey(probe)));
      const { rows, computeMs } = missing.length === 0
        ? { rows: [], computeMs: 0 }
        : await engine.run(missing);
      const fresh = new Map(missing.map((probe, index) => [probeKey(probe), rows[index]]));
      for (const probe of missing) keep(known, probe, fresh.get(probeKey(probe)));
      const all = batch.map((probe) => known.get(probeKey(probe)) ?? fresh.get(probeKey(probe)));
      return { rows: all.filter((row) => row !== undefined), computeMs };
    },
  };
}

/** Rows of logits alone are small; one that failed is asked for again. */
function keep(known: Map<string, Row>, probe: Probe, row: Row | undefined): void {
  if (row?.ok === true && probe.want.kind === "logits") known.set(probeKey(probe), row);
}
