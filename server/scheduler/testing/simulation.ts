/** An engine of known costs on a fake clock, and viewers that always have a next frame: fairness without a network. */
import type { FakeClock } from "../../clock/testing/fake_clock.ts";
import type { Admitted, BatchResult, FrameKey, Probe } from "../../engine/port.ts";
import { SKETCH_SIDE } from "../../engine/sketch.ts";
import type { Attribution } from "../../methods/method.ts";
import type { JobHandle } from "../job.ts";
import type { ComputingEngine } from "../_station.ts";
import type { Scheduler } from "../scheduler.ts";

/** The model whose rows the viewers want, unless it is said otherwise. */
export const MODEL = "simulated";

/** Keys of one viewer's frames lie this far apart. */
const KEYS_PER_VIEWER = 1_000_000;

/** What a simulated viewer costs, in ms. */
export interface SimulatedCosts {
  /** Its frame's own row. */
  readonly frameMs: number;
  /** Its picture. */
  readonly pictureMs?: number;
  /** Of a map that grows: each of its rows, how many there are, and the row that predicts alone. */
  readonly growing?: { readonly rowMs: number; readonly rows: number; readonly glanceMs: number };
  /** From a result to the next frame, in ms. */
  readonly gapMs?: number;
}

/** Takes as long as its rows are said to cost, one call after the other. */
export class SimulatedEngine implements ComputingEngine {
  /** Time that it was at work for each viewer, by its number, in ms. */
  readonly spentMs = new Map<number, number>();
  readonly #clock: FakeClock;
  readonly #pictureMs = new Map<FrameKey, number>();
  #freeMs = 0;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  /** Says what a frame's picture costs. */
  expect(frame: FrameKey, pictureMs: number): void {
    this.#pictureMs.set(frame, pictureMs);
  }

  async admit(frame: FrameKey): Promise<Admitted> {
    const computeMs = this.#pictureMs.get(frame) ?? 0;
    this.#spend(frame, computeMs);
    await this.#work(computeMs);
    return { sketch: new Uint8Array(SKETCH_SIDE ** 2), computeMs };
  }

  release(frame: FrameKey): void {
    this.#pictureMs.delete(frame);
  }

  async run(batch: readonly Probe[]): Promise<BatchResult> {
    const rowMs = batch.map(costOf);
    const computeMs = rowMs.reduce((sum, ms) => sum + ms, 0);
    for (const probe of batch) this.#spend(probe.frame, costOf(probe));
    await this.#work(computeMs);
    const row = { ok: true, logits: new Float32Array(1), projection: null, detail: null } as const;
    return { rows: batch.map(() => row), rowMs, computeMs };
  }

  #spend(frame: FrameKey, ms: number): void {
    const viewer = Math.floor(frame / KEYS_PER_VIEWER);
    this.spentMs.set(viewer, (this.spentMs.get(viewer) ?? 0) + ms);
  }

  #work(ms: number): Promise<void> {
    this.#freeMs = Math.max(this.#freeMs, this.#clock.now()) + ms;
    return new Promise((resolve) => void this.#clock.after(this.#freeMs - this.#clock.now(), resolve));
  }
}

/** A row's cost is its layer's name, so that rows of one cost are of one kind. */
function costOf({ want }: Probe): number {
  return want.kind === "layer" ? Number(want.layer) : 0;
}

function probeOf(frame: FrameKey, costMs: number, seed: number | null = null): Probe {
  return {
    frame,
    variation: seed === null ? { kind: "none" } : { kind: "noise", seed, level: 0.1 },
    want: { kind: "layer", layer: String(costMs), score: null },
  };
}

/** A viewer whose picture moves and who always has a newer frame waiting, as a slot of size 1 gives it. */
export class SimulatedViewer {
  /** Frames predicted, and when, in ms. */
  readonly predictedMs: number[] = [];
  /** Rows that came of maps that grow, all of them and by frame. */
  tiles = 0;
  readonly #rowsOfMaps = new Map<FrameKey, number>();
  readonly #name: string;
  readonly #costs: SimulatedCosts;
  readonly #scheduler: Scheduler;
  readonly #engine: SimulatedEngine;
  readonly #clock: FakeClock;
  readonly #firstKey: number;
  readonly #model: string;
  #frames = 0;
  #job: JobHandle | null = null;
  #stopped = false;

  constructor(
    number: number,
    costs: SimulatedCosts,
    parts: { scheduler: Scheduler; engine: SimulatedEngine; clock: FakeClock; model?: string },
    /** Of several that are one viewer: which of them, 0 or 1. */
    place = 0,
  ) {
    this.#name = String(number);
    this.#firstKey = (number + place / 2) * KEYS_PER_VIEWER;
    this.#model = parts.model ?? MODEL;
    this.#costs = costs;
    this.#scheduler = parts.scheduler;
    this.#engine = parts.engine;
    this.#clock = parts.clock;
  }

  /** Adds the next frame. */
  next(): void {
    if (this.#stopped) return;
    const frame = this.#firstKey + ++this.#frames;
    const { frameMs, pictureMs = 0, growing } = this.#costs;
    this.#job?.supersede();
    this.#engine.expect(frame, pictureMs);
    void this.#scheduler.admit({
      viewer: this.#name,
      frame,
      model: this.#model,
      format: "rgb",
      bytes: new Uint8Array(),
    });
    this.#job = this.#scheduler.submit({
      viewer: this.#name,
      frame,
      model: this.#model,
      still: false,
      attribution: this.#explain(frame, frameMs),
      ...(growing === undefined ? {} : {
        hold: { pane: 0, revision: 1, until: "map" as const, glance: this.#predict(frame, growing.glanceMs) },
      }),
      listener: {
        ranking: () => this.#predicted(),
        tile: () => {
          this.tiles++;
          this.#rowsOfMaps.set(frame, (this.#rowsOfMaps.get(frame) ?? 0) + 1);
        },
        done: () => {},
        failed: (error) => {
          throw error;
        },
      },
    });
    this.#scheduler.release(frame - 1);
  }

  /** How many rows came of each frame's map that grew. */
  get rowsOfMaps(): readonly number[] {
    return [...this.#rowsOfMaps.values()];
  }

  /** Begins to count again. */
  forgetCounts(): void {
    this.predictedMs.length = 0;
    this.tiles = 0;
    this.#rowsOfMaps.clear();
  }

  stop(): void {
    this.#stopped = true;
    this.#job?.retire();
    this.#scheduler.release(this.#firstKey + this.#frames);
    this.#scheduler.forget(this.#name);
  }

  #predicted(): void {
    this.predictedMs.push(this.#clock.now());
    const { gapMs = 0 } = this.#costs;
    if (gapMs === 0) this.next();
    else this.#clock.after(gapMs, () => this.next());
  }

  *#predict(frame: FrameKey, costMs: number): Attribution {
    const [row] = yield { kind: "probes", lane: "frame", probes: [probeOf(frame, costMs)] };
    yield { kind: "ranking", logits: row?.logits ?? new Float32Array() };
    return { classIndex: 0, layer: null, height: 1, width: 1, values: new Float32Array(1) };
  }

  *#explain(frame: FrameKey, costMs: number): Attribution {
    const map = yield* this.#predict(frame, costMs);
    const { rows, rowMs } = this.#costs.growing ?? { rows: 0, rowMs: 0 };
    for (let row = 0; row < rows; row++) {
      yield { kind: "probes", lane: "tile", probes: [probeOf(frame, rowMs, row)] };
      const place = { row: 0, column: 0, rows: 1, columns: 1, mapHeight: 1, mapWidth: 1 };
      yield {
        kind: "tile",
        tile: { classIndex: 0, ...place, values: new Float32Array(1), progress: row / rows },
      };
    }
    return map;
  }
}
