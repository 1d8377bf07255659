/** Values of unchanged frames, kept while windows of them are computed: around a window everything is as it was. */
import type { Kernels, Value } from "../graph/kernels.ts";
import type { Unchanged } from "../graph/regions.ts";
import type { FrameKey } from "../port.ts";

/** Frames whose values are kept; 13 MB each for EfficientNet-Lite0. */
const KEPT_FRAMES = 8;

/** Remembers values by frame; those used longest ago are forgotten first. */
export class UnchangedFrames {
  readonly #kernels: Kernels;
  readonly #frames = new Map<FrameKey, Unchanged>();

  constructor(kernels: Kernels) {
    this.#kernels = kernels;
  }

  /** The frame's values where all of these nodes' are there, else null. */
  take(frame: FrameKey, nodes: readonly string[]): Unchanged | null {
    const found = this.#frames.get(frame);
    if (found === undefined || nodes.some((node) => !found.values.has(node))) return null;
    this.#frames.delete(frame);
    this.#frames.set(frame, found);
    return found;
  }

  /** Keeps a row of a batch's values; they stay the caller's as well. */
  keep(frame: FrameKey, values: ReadonlyMap<string, Value>, row: number): Unchanged {
    this.forget(frame);
    const own = new Map(
      [...values].map(([node, value]) => [node, this.#kernels.reshape(value, value.shape)] as const),
    );
    const kept = { values: own, row };
    this.#frames.set(frame, kept);
    const [oldest = frame] = this.#frames.keys();
    if (this.#frames.size > KEPT_FRAMES) this.forget(oldest);
    return kept;
  }

  /** Frees a frame's values. */
  forget(frame: FrameKey): void {
    for (const value of this.#frames.get(frame)?.values.values() ?? []) this.#kernels.free(value);
    this.#frames.delete(frame);
  }
}
