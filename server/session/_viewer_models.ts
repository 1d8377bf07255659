/** The models that one viewer needs: leases that are waited for, held and given back. */
import type { WireError } from "../logger/mod.ts";
import type { ServedLease, SessionEvent } from "./state.ts";

/** How a viewer gets a model. */
export type ServeModel = (
  id: string,
  options: { readonly signal: AbortSignal; readonly onProgress: (done: number) => void },
) => Promise<ServedLease>;

/** What a viewer's models work with. */
export interface ViewerModelsParts {
  readonly serve: ServeModel;
  /** Receives what becomes of the models. */
  readonly dispatch: (event: SessionEvent) => void;
  /** What the viewer reads of an error. */
  readonly wireError: (error: unknown, action: string) => WireError;
}

/** The models of one viewer. */
export class ViewerModels {
  readonly #parts: ViewerModelsParts;
  /** How to give each one back, or to stop waiting for it. */
  readonly #held = new Map<string, AbortController>();

  constructor(parts: ViewerModelsParts) {
    this.#parts = parts;
  }

  /** Asks for the models that are new among those, and gives back what is not among them. */
  use(ids: readonly string[]): void {
    for (const [id, held] of this.#held) {
      if (ids.includes(id)) continue;
      this.#held.delete(id);
      held.abort();
    }
    for (const id of ids) if (!this.#held.has(id)) void this.#ask(id);
  }

  async #ask(id: string): Promise<void> {
    const { serve, dispatch, wireError } = this.#parts;
    const held = new AbortController();
    this.#held.set(id, held);
    const { signal } = held;
    try {
      const lease = await serve(id, {
        signal,
        onProgress: (done) => {
          if (!signal.aborted) dispatch({ kind: "model-progress", model: id, done });
        },
      });
      if (signal.aborted) return lease[Symbol.dispose]();
      signal.addEventListener("abort", () => lease[Symbol.dispose](), { once: true });
      dispatch({ kind: "model-ready", served: lease.served });
    } catch (error) {
      if (signal.aborted) return;
      this.#held.delete(id);
      const { code, message } = wireError(error, "load the model");
      dispatch({ kind: "model-failed", model: id, code, message });
    }
  }
}
