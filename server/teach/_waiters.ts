/** Who waits for heads of a collection. */
import type { GradcastError } from "../../shared/errors.ts";
import type { HeadKind } from "../../shared/head_model.ts";
import type { Fitted } from "./fitted.ts";

interface Waiter extends PromiseWithResolvers<Fitted> {
  readonly kind: HeadKind;
}

/** Those who wait. */
export class Waiters {
  #all: readonly Waiter[] = [];

  /** Kinds that somebody waits for. */
  get kinds(): readonly HeadKind[] {
    return this.#all.map(({ kind }) => kind);
  }

  /** Waits for a head of a kind. */
  wait(kind: HeadKind): Promise<Fitted> {
    const waiter = { ...Promise.withResolvers<Fitted>(), kind };
    this.#all = [...this.#all, waiter];
    return waiter.promise;
  }

  /** Hands a head to those who wait for its kind. */
  serve(fitted: Fitted): void {
    for (const { resolve } of this.#take((kind) => kind === fitted.kind)) resolve(fitted);
  }

  /** Answers those who wait for a kind, or all (null), that there will be none. */
  refuse(error: GradcastError, only: HeadKind | null = null): void {
    for (const { reject } of this.#take((kind) => only === null || kind === only)) reject(error);
  }

  #take(fits: (kind: HeadKind) => boolean): readonly Waiter[] {
    const taken = this.#all.filter(({ kind }) => fits(kind));
    this.#all = this.#all.filter((one) => !taken.includes(one));
    return taken;
  }
}
