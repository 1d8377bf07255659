/** What the pool works with, and what whoever uses a model has of it. */
import type { ListedModel } from "../../shared/protocol.ts";
import type { Engine } from "../engine/port.ts";

/** How a model is opened. */
export interface OpenRequest {
  readonly path: string;
  /** Bytes that weights and values may take; null: as many as the machine has left. */
  readonly memoryBytes: number | null;
  /** Receives the share that is done, 0 to 1. */
  readonly onProgress: (done: number) => void;
  /** Ends the opening, as nobody waits for it any more. */
  readonly signal: AbortSignal;
}

/** What the pool works with. */
export interface PoolParts {
  /** Opens an engine with a model. */
  readonly open: (request: OpenRequest) => Promise<Engine>;
  /** Bytes that all loaded models may take together; null: no bound is known. */
  readonly memoryBytes: number | null;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** The right to a model: it stays loaded until every lease of it has ended. */
export interface ModelLease extends Disposable {
  /** The engine of now: another one where the model was loaded again meanwhile. */
  readonly engine: Engine;
}

/** How a lease is waited for. */
export interface AcquireOptions {
  /** Ends the wait; its reason is thrown. */
  readonly signal?: AbortSignal;
  /** Receives the share of the loading that is done, 0 to 1. */
  readonly onProgress?: (done: number) => void;
}

/** A model that computes with another one's engine: it takes no memory of its own worth counting. */
export interface DerivedModel {
  /** Opens it; whatever of the other model it needs it acquires itself. */
  readonly open: (signal: AbortSignal) => Promise<Engine>;
  /** What it is called, and what it was taught from, as it is now; `relist()` says that it has changed. */
  readonly describe: () => { readonly name: string; readonly taught: NonNullable<ListedModel["taught"]> };
}
