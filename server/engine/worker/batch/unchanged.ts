/** Values of unchanged frames, kept while windows of them are computed: around a window everything is as it was. */
import type { Kernels, Value } from "../../graph/kernels.ts";
import type { Unchanged } from "../../graph/regions.ts";
import { size } from "../../graph/shapes.ts";
import { type FrameKey, type FramePicture, pictureKey } from "../../port.ts";
import { rowOf } from "../wants/volumes.ts";

/** Frames whose values are kept at most; 13 MB each for EfficientNet-Lite0. */
const KEPT_FRAMES = 8;

/** Remembers values by frame and cover; those used longest ago are forgotten first. */
export class UnchangedFrames {
  readonly #kernels: Kernels;
  readonly #bytes: number;
  /** By `pictureKey`. */
  readonly #frames = new Map<string, Unchanged>();

  /** @param bytes that are kept from one batch to the next */
  constructor(kernels: Kernels, bytes: number) {
    this.#kernels = kernels;
    this.#bytes = bytes;
  }

  /** The frame's values where all of these nodes' are there, else null. */
  take(picture: FramePicture, nodes: readonly string[]): Unchanged | null {
    const key = pictureKey(picture);
    const found = this.#frames.get(key);
    if (found === undefined || nodes.some((node) => !found.values.has(node))) return null;
    this.#frames.delete(key);
    this.#frames.set(key, found);
    return found;
  }

  /** Keeps a row of a batch's values, at least until `trim`; they stay the caller's as well. */
  keep(picture: FramePicture, values: ReadonlyMap<string, Value>, row: number): Unchanged {
    const key = pictureKey(picture);
    this.#free(key);
    const [rows = 1] = [...values.values()].map(({ shape: [rows = 1] }) => rows);
    // A batch's values stay for as long as one row of them does.
    const shared = rows === 1 || bytesOf(values.values()) <= this.#bytes / 2;
    const own = new Map(
      [...values].map(([node, value]) =>
        [node, shared ? this.#kernels.reshape(value, value.shape) : this.#copy(value, row)] as const
      ),
    );
    const kept = { values: own, row: shared ? row : 0 };
    this.#frames.set(key, kept);
    return kept;
  }

  /** Forgets frames until what is kept is within its bounds. */
  trim(): void {
    for (const key of this.#frames.keys()) {
      const values = [...this.#frames.values()].flatMap(({ values }) => [...values.values()]);
      const distinct = new Map(values.map((value) => [value.dataId, value])).values();
      if (this.#frames.size <= KEPT_FRAMES && bytesOf(distinct) <= this.#bytes) return;
      this.#free(key);
    }
  }

  /** Frees a frame's values, those under covers too. */
  forget(frame: FrameKey): void {
    const own = pictureKey({ frame });
    for (const key of this.#frames.keys()) if (key === own || key.startsWith(`${own} `)) this.#free(key);
  }

  #free(key: string): void {
    for (const value of this.#frames.get(key)?.values.values() ?? []) this.#kernels.free(value);
    this.#frames.delete(key);
  }

  #copy(value: Value, row: number): Value {
    const copy = this.#kernels.allocate([1, ...value.shape.slice(1)]);
    this.#kernels.view(copy).set(rowOf(this.#kernels, value, row));
    return copy;
  }
}

function bytesOf(values: Iterable<Value>): number {
  let bytes = 0;
  for (const { shape } of values) bytes += size(shape) * Float32Array.BYTES_PER_ELEMENT;
  return bytes;
}
