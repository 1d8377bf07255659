/** Constants in the layout that the kernels want, made of the model's own when they are first needed. */
import type { TensorInfo } from "@tensorflow/tfjs-core";
import { type Merged, packGroups } from "./groups.ts";
import { packPanels } from "./native.ts";

/** A value in the shared memory. */
type Value = TensorInfo;

/** The memory that values lie in. */
export interface Memory {
  allocate(shape: readonly number[]): Value;
  upload(shape: readonly number[], values: Float32Array): Value;
  view(value: Value): Float32Array;
  free(value: Value): void;
  /** Where a value lies, in bytes. */
  address(value: Value): number;
}

/** A bias is read 16 numbers at a time. */
const BIAS_MULTIPLE = 16;

/** Makes each form of a constant once. */
export class NativeConstants {
  readonly #memory: Memory;
  /** By the value that they were made of. */
  readonly #packed = new Map<Value["dataId"], Value>();
  readonly #turned = new Map<Value["dataId"], Value>();
  readonly #padded = new Map<Value["dataId"], Value>();
  readonly #zeros = new Map<number, Value>();

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  /** A matrix or kernel in panels of columns. */
  panels(filter: Value, depth: number, columns: number): Value {
    let packed = this.#packed.get(filter.dataId);
    if (packed === undefined) {
      const values = this.#memory.view(filter);
      const panels = packPanels(depth, columns, (row, column) => values[row * columns + column] ?? 0);
      packed = this.#memory.upload([panels.length], panels);
      this.#packed.set(filter.dataId, packed);
    }
    return packed;
  }

  /** A matrix turned over its diagonal, in panels of columns. */
  turnedPanels(matrix: Value): Value {
    let packed = this.#turned.get(matrix.dataId);
    if (packed === undefined) {
      const [rows = 1, columns = 1] = matrix.shape;
      const values = this.#memory.view(matrix);
      const panels = packPanels(columns, rows, (row, column) => values[column * columns + row] ?? 0);
      packed = this.#memory.upload([panels.length], panels);
      this.#turned.set(matrix.dataId, packed);
    }
    return packed;
  }

  /** A kernel whose channels lie in groups, in panels of each product. */
  groupPanels(filter: Value, merged: Merged): Value {
    let packed = this.#packed.get(filter.dataId);
    if (packed === undefined) {
      const panels = packGroups(filter.shape, merged, this.#memory.view(filter));
      packed = this.#memory.upload([panels.length], panels);
      this.#packed.set(filter.dataId, packed);
    }
    return packed;
  }

  /** A bias with zeros behind it, or zeros alone. */
  bias(bias: Value | null, channels: number): Value {
    const length = Math.ceil(channels / BIAS_MULTIPLE) * BIAS_MULTIPLE;
    if (bias === null) {
      let zeros = this.#zeros.get(length);
      if (zeros === undefined) {
        zeros = this.#memory.upload([length], new Float32Array(length));
        this.#zeros.set(length, zeros);
      }
      return zeros;
    }
    let padded = this.#padded.get(bias.dataId);
    if (padded === undefined) {
      const values = new Float32Array(length);
      values.set(this.#memory.view(bias));
      padded = this.#memory.upload([length], values);
      this.#padded.set(bias.dataId, padded);
    }
    return padded;
  }

  /** Forgets what was made of a constant that is freed. */
  forget(value: Value): void {
    for (const made of [this.#packed, this.#turned, this.#padded]) {
      const own = made.get(value.dataId);
      made.delete(value.dataId);
      if (own !== undefined) this.#memory.free(own);
    }
  }
}
