/** A model of the pool, and the memory that it takes. */
import type { ModelState } from "../../shared/protocol.ts";
import type { Engine, LoadedModel } from "../engine/port.ts";
import type { FoundModel } from "./catalogue.ts";
import type { DerivedModel } from "./pool_parts.ts";

/** Memory of an engine's process beside weights and values when it begins, in bytes: Deno, its threads, compiled code. */
export const PROCESS_BYTES = 260e6;

/** The same once it has computed for a while: what JavaScript holds, and more compiled code. */
const USED_PROCESS_BYTES = 400e6;

/** Memory that a model is expected to take for each byte of its files: weights, and the values that one picture needs. */
const BYTES_PER_FILE_BYTE = 3;

/** A model on its way into memory. */
export interface Loading {
  readonly engine: Promise<Engine>;
  /** Aborted when nobody waits for it any more. */
  readonly stop: AbortController;
}

/** A model of the pool. */
export interface Entry {
  readonly id: string;
  found: FoundModel;
  readonly uploaded: boolean;
  readonly derived: DerivedModel | null;
  state: ModelState;
  reason: string | null;
  engine: Engine | null;
  /** What is known since it was loaded once. */
  model: LoadedModel | null;
  /** Memory that it took when it was last looked at, in bytes; null: it was never loaded. */
  bytes: number | null;
  leases: number;
  usedMs: number;
  /** Null: it is not on its way. */
  loading: Loading | null;
  done: number;
  readonly watchers: Set<(done: number) => void>;
}

/** Memory that a loaded model takes, in bytes. */
export function bytesOf(engine: Engine): number {
  return USED_PROCESS_BYTES + (engine.vitals().stats?.heapBytes ?? 0);
}

export function expectedBytes({ found }: Entry): number {
  return USED_PROCESS_BYTES + BYTES_PER_FILE_BYTE * found.bytes;
}
