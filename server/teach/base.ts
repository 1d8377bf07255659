/** The model that is taught: its network stays, its head is replaced. */
import { GradcastError } from "../../shared/errors.ts";
import type { Engine, LoadedModel } from "../engine/port.ts";
import type { ModelPool } from "../pool/mod.ts";
import { expectFeatures } from "./taught_engine.ts";

/** A right to the model. */
export interface Base extends Disposable {
  readonly engine: Engine;
  /** Tells whether features of it can be compared with others. */
  readonly key: string;
}

/**
 * Waits until the model is loaded.
 *
 * @throws GradcastError `not-teachable`, or as `ModelPool.acquire` does
 */
export async function takeBase(pool: ModelPool, id: string, signal: AbortSignal): Promise<Base> {
  const lease = await pool.acquire(id, { signal });
  try {
    if (pool.list().some((one) => one.id === id && one.taught !== undefined)) {
      throw new GradcastError(
        "not-teachable",
        `Cannot teach ${id}: it was taught itself; begin with the model that it was taught from`,
      );
    }
    expectFeatures(lease.engine.model);
    return {
      get engine() {
        return lease.engine;
      },
      key: baseKey(lease.engine.model),
      [Symbol.dispose]: () => lease[Symbol.dispose](),
    };
  } catch (error) {
    lease[Symbol.dispose]();
    throw error;
  }
}

/** What decides a model's features, as far as it is known of it. */
function baseKey(
  { width, height, features, normalisation, about: { parameters, layers } }: LoadedModel,
): string {
  return JSON.stringify([width, height, features, normalisation, parameters, layers]);
}
