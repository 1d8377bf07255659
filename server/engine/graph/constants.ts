/** The network's constants in the WebAssembly memory, one copy for all executors of a model. */
import type { Weight } from "../model/weights.ts";
import type { Kernels, Value } from "./kernels.ts";

/** Makes a further form of a weight, such as its transpose. */
export type Derive = (weight: Weight) => Weight;

interface Entry {
  readonly value: Value;
  /** Forms that the way back reads, by their names. */
  readonly derived: Map<string, Value>;
  users: number;
}

/** Uploads every weight once, however many executors take it; told apart by identity, not by content. */
export class Constants {
  readonly #kernels: Kernels;
  readonly #entries = new Map<Weight, Entry>();

  constructor(kernels: Kernels) {
    this.#kernels = kernels;
  }

  /** The value of a weight; each call wants one `release`. */
  take(weight: Weight): Value {
    let entry = this.#entries.get(weight);
    if (entry === undefined) {
      const value = this.#kernels.upload(weight.shape, weight.values);
      entry = { value, derived: new Map(), users: 0 };
      this.#entries.set(weight, entry);
    }
    entry.users++;
    return entry.value;
  }

  /** A further form of a weight that was taken, made at the first call and freed with the weight. */
  derive(weight: Weight, form: string, make: Derive): Value {
    const entry = this.#entries.get(weight);
    if (entry === undefined) throw new Error(`Cannot derive the ${form} as its weight was not taken`);
    let value = entry.derived.get(form);
    if (value === undefined) {
      const { shape, values } = make(weight);
      value = this.#kernels.upload(shape, values);
      entry.derived.set(form, value);
    }
    return value;
  }

  /** Gives a weight back; the last one to do so frees it. */
  release(weight: Weight): void {
    const entry = this.#entries.get(weight);
    if (entry === undefined) throw new Error("Cannot release the weight as it was not taken");
    if (--entry.users > 0) return;
    for (const value of [entry.value, ...entry.derived.values()]) this.#kernels.free(value);
    this.#entries.delete(weight);
  }
}
