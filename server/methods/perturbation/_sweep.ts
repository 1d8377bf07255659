/**
 * Which windows occlusion measures when, on one frame and over the frames of a stream.
 *
 * A still picture is measured once: the coarse grid first, then every other window, or as many as the budget
 * leaves, the most worthwhile first. A moving picture is measured in rounds: the whole coarse grid, then only a
 * few other windows, where the map is strongest. At some ten windows a second beside the frames, the 49 coarse
 * windows of the default take 5 s, and all 169 would take 17 s: by then the picture has moved on, while the 49
 * alone correlate 0.89 with the full map on average. A drop is shown until the round after its own has ended,
 * so nothing of the past lingers, and only on frames that show the same as the one that it was measured on: when the
 * camera moves or the scene changes, the map begins again.
 */
import type { Samples } from "../../../shared/codec.ts";
import type { FrameKey } from "../../engine/port.ts";
import { areAlike, type Sketch } from "../../engine/sketch.ts";
import { type DropMeans, tabulate } from "./_drop_means.ts";
import { fillIn } from "../numerics/kriging.ts";
import { WindowPredictor } from "./_window_predictor.ts";
import { isCoarse, placeOf, type WindowGrid } from "../numerics/windows.ts";

/** Share of the coarse grid's size that a round spends on other windows. */
const FINE_SHARE = 1 / 3;

/** What a stream remembers of its frames. */
export class StreamDrops {
  readonly classIndex: number;
  /** `[windows]` latest drop of each, NaN before the first. */
  readonly drops: Float64Array;
  /** `[windows]` frame that each drop was measured on. */
  readonly frames: Float64Array;
  /** `[windows]` round that each was measured in, -1 before the first. */
  readonly rounds: Int32Array;
  /** `[windows]` what that frame shows; null where it is not known. */
  readonly sketches: (Sketch | null)[];
  round = 0;

  constructor(classIndex: number, windows: number) {
    this.classIndex = classIndex;
    this.drops = new Float64Array(windows).fill(NaN);
    this.frames = new Float64Array(windows).fill(-1);
    this.rounds = new Int32Array(windows).fill(-1);
    this.sketches = new Array<Sketch | null>(windows).fill(null);
  }
}

/** What a sweep is made of. */
export interface SweepParts {
  readonly grid: WindowGrid;
  readonly frame: FrameKey;
  /** What the frame shows; null where no frame of the stream has a sketch, and all of them count as alike. */
  readonly sketch: Sketch | null;
  /** `[windows]` how much each promises. */
  readonly evidence: Float64Array;
  readonly stream: StreamDrops;
  readonly still: boolean;
  /** Windows to measure on this frame at most, at least 1; by default all. */
  readonly budget?: number;
}

/** The windows of one frame. */
export class Sweep {
  readonly #grid: WindowGrid;
  readonly #frame: FrameKey;
  readonly #sketch: Sketch | null;
  readonly #stream: StreamDrops;
  readonly #still: boolean;
  /** Windows to measure on this frame. */
  readonly #goal: number;
  /** Windows beside the coarse grid that a round measures. */
  readonly #fineShare: number;
  readonly #coarse: readonly number[];
  readonly #fine: readonly number[];
  /** `[windows]` drops of this very frame, NaN where not measured: only they count for its finished map. */
  readonly #own: Float64Array;
  /** `[windows]` whether the stream's drop was measured on a frame like this one. */
  readonly #holds: boolean[];
  readonly #predictor: WindowPredictor;
  #measured = 0;

  constructor({ grid, frame, sketch, evidence, stream, still, budget = grid.count }: SweepParts) {
    this.#grid = grid;
    this.#frame = frame;
    this.#sketch = sketch;
    this.#stream = stream;
    this.#still = still;
    this.#goal = Math.min(budget, grid.count);
    this.#fineShare = still ? Infinity : Math.ceil(grid.coarseCount * FINE_SHARE);
    this.#predictor = new WindowPredictor(grid);
    const windows = Array.from({ length: grid.count }, (_, index) => index);
    const promising = windows.sort((a, b) => (evidence[b] ?? 0) - (evidence[a] ?? 0) || a - b);
    this.#coarse = promising.filter((index) => isCoarse(grid, index));
    this.#fine = promising.filter((index) => !isCoarse(grid, index));
    this.#own = new Float64Array(grid.count).fill(NaN);
    const known = new Map<Sketch | null, boolean>();
    this.#holds = stream.sketches.map((earlier) => {
      const holds = known.get(earlier) ?? isAlike(earlier, sketch);
      known.set(earlier, holds);
      return holds;
    });
  }

  /** Share of the windows to measure that were measured on this frame, 0…1. */
  get progress(): number {
    return this.#measured / this.#goal;
  }

  /** How many of the windows were measured on this frame: the finished map is made of them. */
  get samples(): Samples {
    return this.#made(this.#measured);
  }

  /** How many of the windows what can be shown now is made of, those of earlier frames included. */
  get shownSamples(): Samples {
    return this.#made(this.#shownDrops().reduce((sum, drop) => Number.isNaN(drop) ? sum : sum + 1, 0));
  }

  /** Up to `count` windows to measure next; none once as many were measured on this frame as wanted. */
  next(count: number): number[] {
    const left = Math.min(count, this.#goal - this.#measured);
    if (left === 0) return [];
    const chosen = this.#choose(left);
    if (chosen.length > 0) return chosen;
    this.#stream.round++;
    return this.#choose(left);
  }

  /** Takes the drop of a window; one that was measured before is only replaced. */
  record(index: number, drop: number): void {
    if (Number.isNaN(this.#own[index])) {
      this.#measured++;
      this.#predictor.record(index, drop);
    }
    this.#own[index] = drop;
    const { drops, frames, rounds, sketches, round } = this.#stream;
    if ((frames[index] ?? 0) > this.#frame) return;
    drops[index] = drop;
    frames[index] = this.#frame;
    rounds[index] = round;
    sketches[index] = this.#sketch;
    this.#holds[index] = true;
  }

  /** What can be shown now: this frame's drops, and those of earlier frames like it that are not too old. */
  shown(): DropMeans {
    return tabulate(this.#grid, this.#shownDrops());
  }

  /** This frame's drops alone; those that were not measured are interpolated. */
  finished(): DropMeans {
    return tabulate(this.#grid, fillIn(this.#grid, this.#own));
  }

  /** `[windows]` drops that can be shown now, NaN where there is none. */
  #shownDrops(): Float64Array {
    const { drops, round } = this.#stream;
    return this.#own.map((own, index) => {
      const fresh = this.#roundOf(index) >= Math.max(0, round - 1);
      return Number.isNaN(own) && fresh ? drops[index] ?? NaN : own;
    });
  }

  #made(count: number): Samples {
    return { count, of: this.#grid.count, error: null };
  }

  #choose(count: number): number[] {
    const coarse = this.#coarse.filter((index) => this.#due(index)).slice(0, count);
    const spent = this.#fine.filter((index) => this.#roundOf(index) === this.#stream.round).length;
    const left = Math.min(count - coarse.length, Math.max(0, this.#fineShare - spent));
    return left === 0 ? coarse : [...coarse, ...this.#strongest(left)];
  }

  /** Measured neither on this frame nor, while the picture moves, in this round on a frame like it. */
  #due(index: number): boolean {
    return Number.isNaN(this.#own[index]) && (this.#still || this.#roundOf(index) < this.#stream.round);
  }

  /** The round that a window was measured in, -1 where that was never or on a frame unlike this one. */
  #roundOf(index: number): number {
    return this.#holds[index] === true ? this.#stream.rounds[index] ?? -1 : -1;
  }

  /** The `count` windows beside the coarse grid that are worth most. */
  #strongest(count: number): number[] {
    const worth = this.#worth();
    const best: { index: number; worth: number }[] = [];
    for (const index of this.#fine) {
      if (!this.#due(index)) continue;
      const own = worth(index);
      if (best.length === count && own <= (best.at(-1)?.worth ?? 0)) continue;
      const place = best.findIndex((other) => own > other.worth);
      best.splice(place < 0 ? best.length : place, 0, { index, worth: own });
      if (best.length > count) best.pop();
    }
    return best.map(({ index }) => index);
  }

  /** What a window is worth: on a moving picture the size of what is shown there, drops of the past included. */
  #worth(): (index: number) => number {
    if (this.#still) return (index) => this.#predictor.worth(index);
    const means = this.shown();
    return (index) => Math.abs(this.#predicted(means, index));
  }

  /** Mean drop of the measured windows that overlap this one. */
  #predicted(means: DropMeans, index: number): number {
    const { row, column } = placeOf(this.#grid, index);
    const rows = this.#grid.rows.windowsOfWindow[row];
    const columns = this.#grid.columns.windowsOfWindow[column];
    return rows === undefined || columns === undefined ? 0 : means.over(rows, columns) ?? 0;
  }
}

function isAlike(earlier: Sketch | null, current: Sketch | null): boolean {
  return earlier === null || current === null ? earlier === current : areAlike(earlier, current);
}
