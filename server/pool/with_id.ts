/** Engines by the ids of the pool. */
import type { Engine, LoadedModel } from "../engine/port.ts";

/** The same engine, whose model has the id by which the pool knows it. */
export function withId(engine: Engine, id: string): Engine {
  const model: LoadedModel = { ...engine.model, id };
  return {
    model,
    threads: engine.threads,
    threadsNote: engine.threadsNote,
    admit: (key, format, picture, size) => engine.admit(key, format, picture, size),
    release: (key) => engine.release(key),
    run: (batch) => engine.run(batch),
    setHead: (key, head) => engine.setHead(key, head),
    stats: () => engine.stats(),
    vitals: () => engine.vitals(),
    close: () => engine.close(),
  };
}
