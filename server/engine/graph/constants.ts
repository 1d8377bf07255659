/** The network's constants in the WebAssembly memory, one copy for all executors of a model. */
import { moveWeight, type Weight } from "../model/weights.ts";
import type { Kernels, Value } from "./kernels.ts";

/** Makes a further form of a weight, such as its transpose. */
export type Derive = (weight: Weight) => Weight;

interface KeptConstant {
  readonly value: Value;
  /** Forms that the backward pass reads, by their names. */
  readonly derived: Map<string, Value>;
  /** Whether the weight's own numbers are those of the value. */
  readonly moved: boolean;
  users: number;
}

/** Numbers that are worth moving, in bytes: small ones do not count. */
const MOVED_BYTES = 65_536;

/** Options of {@link Constants}. */
export interface ConstantsOptions {
  /**
   * Whether weights give up their own memory once they are uploaded, and are read where they then lie. For whoever has
   * the model to himself, in a memory that neither moves nor grows.
   */
  readonly moveWeights?: boolean;
  /** Called with the bytes of each weight that was uploaded. */
  readonly onUpload?: (bytes: number) => void;
}

/** Uploads every weight once, however many executors take it; told apart by identity, not by content. */
export class Constants {
  readonly #kernels: Kernels;
  readonly #entries = new Map<Weight, KeptConstant>();
  readonly #moveWeights: boolean;
  readonly #onUpload: (bytes: number) => void;

  constructor(kernels: Kernels, { moveWeights = false, onUpload = () => {} }: ConstantsOptions = {}) {
    this.#kernels = kernels;
    this.#moveWeights = moveWeights;
    this.#onUpload = onUpload;
  }

  /** The value of a weight; each call wants one `release`. */
  take(weight: Weight): Value {
    let entry = this.#entries.get(weight);
    if (entry === undefined) {
      const value = this.#kernels.upload(weight.shape, weight.values);
      this.#onUpload(weight.values.byteLength);
      const moved = this.#moveWeights && weight.values.byteLength >= MOVED_BYTES;
      if (moved) moveWeight(weight, this.#kernels.view(value));
      entry = { value, derived: new Map(), moved, users: 0 };
      this.#entries.set(weight, entry);
    }
    entry.users++;
    return entry.value;
  }

  /** A further form of a weight that was taken, made at the first call and freed with the weight. */
  derive(weight: Weight, form: string, make: Derive): Value {
    const entry = this.#entries.get(weight);
    if (entry === undefined) throw new Error(`Cannot derive the ${form}: its weight was not taken`);
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
    if (entry === undefined) throw new Error("Cannot release the weight: it was not taken");
    if (--entry.users > 0) return;
    if (entry.moved) moveWeight(weight, this.#kernels.view(entry.value).slice());
    for (const value of [entry.value, ...entry.derived.values()]) this.#kernels.free(value);
    this.#entries.delete(weight);
  }
}
