/** An engine whose batches wait until the test lets them through, and jobs that note what they receive. */
import type { FrameFormat } from "../../../shared/codec.ts";
import type { Admitted, BatchResult, Engine, FrameKey, LoadedModel, Probe, Row } from "../../engine/port.ts";
import { SKETCH_SIDE } from "../../engine/sketch.ts";
import type { Attribution, GoodRow, RawMap } from "../../methods/method.ts";
import type { Job } from "../job.ts";

const MODEL: LoadedModel = {
  id: "gate",
  name: "Gate",
  width: 4,
  height: 4,
  defaultLayer: "head",
  classes: 1,
  knows: "1 classes",
  tries: [],
  labels: ["one"],
  layers: [],
  projectionLayer: null,
  normalisation: { mean: [127, 127, 127], scale: [128, 128, 128] },
  about: { description: "", source: {}, licence: {}, layers: 0, parameters: 0, multiplyAdds: 0 },
};

/** Time that every batch claims to have taken, in ms. */
export const BATCH_MS = 20;

/** Holds each batch back until `pass` or `fail`. */
export class GateEngine implements Engine {
  readonly model = MODEL;
  readonly threads = 1;
  readonly threadsNote = null;
  readonly batches: (readonly Probe[])[] = [];
  readonly released: FrameKey[] = [];
  readonly admitted: FrameKey[] = [];
  /** Time that every picture claims to have taken, in ms. */
  pictureMs = 0;
  #held: { resolve(result: BatchResult): void; reject(error: Error): void } | null = null;

  /** The picture's first byte is all that it shows. */
  admit(frame: FrameKey, _format: FrameFormat, bytes: Uint8Array<ArrayBuffer>): Promise<Admitted> {
    this.admitted.push(frame);
    return Promise.resolve({
      sketch: new Uint8Array(SKETCH_SIDE ** 2).fill(bytes[0] ?? 0),
      computeMs: this.pictureMs,
    });
  }

  release(key: FrameKey): void {
    this.released.push(key);
  }

  run(batch: readonly Probe[]): Promise<BatchResult> {
    this.batches.push(batch);
    return new Promise((resolve, reject) => this.#held = { resolve, reject });
  }

  setHead(): Promise<void> {
    return Promise.resolve();
  }

  /** The names of the batch that is being computed. */
  get computing(): string {
    return this.#held === null ? "" : this.batches.at(-1)?.map(nameOf).join(" ") ?? "";
  }

  /** Lets the batch through; rows of the frames in `lost` fail. */
  async pass(lost: readonly FrameKey[] = []): Promise<void> {
    const rows = (this.batches.at(-1) ?? []).map(({ frame }): Row =>
      lost.includes(frame)
        ? { ok: false, reason: "the frame is gone" }
        : { ok: true, logits: new Float32Array([frame]), projection: null, detail: null }
    );
    const held = this.#held;
    this.#held = null;
    held?.resolve({ rows, rowMs: rows.map(() => BATCH_MS / rows.length), computeMs: BATCH_MS });
    await Promise.resolve();
    await Promise.resolve();
  }

  /** The worker dies under the batch. */
  async fail(): Promise<void> {
    const held = this.#held;
    this.#held = null;
    held?.reject(new Error("the worker died"));
    await Promise.resolve();
    await Promise.resolve();
  }

  stats(): Promise<never> {
    throw new Error("not asked in these tests");
  }

  vitals(): never {
    throw new Error("not asked in these tests");
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** `f3` for the unchanged frame 3, `t3.8` for its window at 8. */
function nameOf({ frame, variation }: Probe): string {
  return variation.kind === "fill" ? `t${frame}.${variation.window.left}` : `f${frame}`;
}

/** The row of the unchanged frame. */
export function frameRow(frame: FrameKey): Probe {
  return { frame, variation: { kind: "none" }, want: { kind: "logits" } };
}

/** The row of a frame with a window at `left`. */
export function tileRow(frame: FrameKey, left: number): Probe {
  const window = { top: 0, left, height: 1, width: 1 };
  return { frame, variation: { kind: "fill", window, fill: "grey" }, want: { kind: "logits" } };
}

const MAP: RawMap = { classIndex: 0, layer: null, height: 1, width: 1, values: new Float32Array(1) };

/** What a job was told, in order. */
export type Told = string[];

/** A job of one frame row, then groups of tile rows, with a tile after each group. */
export function makeJob(
  viewer: string,
  frame: FrameKey,
  groups: readonly number[][],
  more: Partial<Job> = {},
): {
  job: Job;
  told: Told;
} {
  const told: Told = [];
  function* attribution(): Attribution {
    try {
      const [row] = yield { kind: "probes", lane: "frame", probes: [frameRow(frame)] };
      yield { kind: "ranking", logits: row?.logits ?? new Float32Array() };
      for (const [index, group] of groups.entries()) {
        const rows: readonly GoodRow[] = yield {
          kind: "probes",
          lane: "tile",
          probes: group.map((left) => tileRow(frame, left)),
        };
        const place = { row: 0, column: 0, rows: 1, columns: 1, mapHeight: 1, mapWidth: 1 };
        const values = new Float32Array([rows.length]);
        yield {
          kind: "tile",
          tile: { classIndex: 0, ...place, values, progress: (index + 1) / groups.length },
        };
      }
      return MAP;
    } finally {
      told.push("closed");
    }
  }
  const job: Job = {
    viewer,
    frame,
    model: MODEL.id,
    still: true,
    attribution: attribution(),
    listener: {
      ranking: () => told.push("ranking"),
      tile: ({ values }) => told.push(`tile of ${values[0]}`),
      done: () => told.push("done"),
      failed: ({ code }) => told.push(`failed ${code}`),
    },
    ...more,
  };
  return { job, told };
}
