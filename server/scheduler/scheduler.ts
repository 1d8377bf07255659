/** Packs the probes of all viewers' methods into the engine's next batch. */
import { GradcastError } from "../../shared/errors.ts";
import type { Clock } from "../clock/mod.ts";
import {
  type BatchResult,
  type Engine,
  type FrameKey,
  type Probe,
  probeKey,
  type Row,
} from "../engine/port.ts";
import { endEarly, type GoodRow, type Step } from "../methods/method.ts";
import type { Job, JobHandle, RowTimes } from "./job.ts";
import { planBatch, type PlanConditions, tileRestMs, type WaitingRow } from "./plan.ts";

/** A picture counts as moving for this long after its last frame, in ms. */
const MOVING_MS = 1_000;

/** Weight of the newest batch in the measured cost of a row, and of the newest frame in the measured interval. */
const MEASURE_WEIGHT = 0.2;

/** Cost of a row before anything was measured, in ms. */
const FIRST_ROW_MS = 30;

/** A probe that some job waits for; identical probes of several jobs are one task. */
interface Task extends WaitingRow {
  readonly key: string;
  readonly probe: Probe;
  readonly seats: { readonly run: Run; readonly index: number }[];
}

/** A job with the group of rows that its generator waits for. */
interface Run {
  readonly job: Job;
  rows: (GoodRow | undefined)[];
  missing: number;
  times: RowTimes;
  costMs: number;
  state: "active" | "retired" | "ended";
}

/** A frame with what was computed of it and may be asked for again. */
interface FrameEntry {
  readonly known: Map<string, KnownRow>;
  runs: number;
  released: boolean;
}

interface KnownRow {
  readonly row: GoodRow;
  readonly times: RowTimes;
}

/** What a scheduler is made of. */
export interface SchedulerParts {
  readonly engine: Engine;
  readonly clock: Clock;
}

/** Counts for /healthz and tests. */
export interface SchedulerStats {
  readonly batches: number;
  readonly rows: number;
  /** Probes answered from an identical one. */
  readonly shared: number;
  readonly waiting: number;
  readonly rowMs: number;
}

/** Runs one batch at a time; never blocks, never throws into its callers. */
export class Scheduler {
  readonly #engine: Engine;
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Task>();
  readonly #computing = new Map<string, Task>();
  readonly #frames = new Map<FrameKey, FrameEntry>();
  readonly #movedMs = new Map<string, number>();
  #lastViewer: string | null = null;
  #lastTileMs = -Infinity;
  #rowMs = FIRST_ROW_MS;
  #lastFrameMs = -Infinity;
  /** Time between frames of all moving pictures, in ms. */
  #frameIntervalMs = 0;
  #cancelRest = () => {};
  #busy = false;
  #batches = 0;
  #rows = 0;
  #shared = 0;

  constructor({ engine, clock }: SchedulerParts) {
    this.#engine = engine;
    this.#clock = clock;
  }

  /** Starts a job; its frame must have been handed to the engine before. */
  submit(job: Job): JobHandle {
    const [handle] = this.submitAll([job]);
    return handle as JobHandle;
  }

  /** Starts jobs of one viewer and frame together, so that their first rows go into one batch. */
  submitAll(jobs: readonly Job[]): readonly JobHandle[] {
    const runs = jobs.map((job): Run => ({
      job,
      rows: [],
      missing: 0,
      times: { startedMs: this.#clock.now(), computeMs: 0 },
      costMs: 0,
      state: "active",
    }));
    for (const { job } of runs) {
      const frame = this.#frames.get(job.frame);
      if (frame === undefined) this.#frames.set(job.frame, { known: new Map(), runs: 1, released: false });
      else frame.runs++;
    }
    const [first] = jobs;
    if (first?.still === true) this.#movedMs.delete(first.viewer);
    else if (first !== undefined) this.#noteMove(first.viewer);
    for (const run of runs) this.#advance(run);
    this.#pump();
    return runs.map((run) => ({ retire: () => this.#retire(run) }));
  }

  /** Forgets a frame here and in the engine as soon as its last job has ended. */
  release(key: FrameKey): void {
    const frame = this.#frames.get(key);
    if (frame === undefined) {
      this.#engine.release(key);
      return;
    }
    frame.released = true;
    this.#drop(key, frame);
  }

  /** Forgets a viewer that has gone. */
  forget(viewer: string): void {
    this.#movedMs.delete(viewer);
    this.#pump();
  }

  stats(): SchedulerStats {
    return {
      batches: this.#batches,
      rows: this.#rows,
      shared: this.#shared,
      waiting: this.#waiting.size,
      rowMs: this.#rowMs,
    };
  }

  /** Resumes a generator with its rows until it waits for rows that nobody has computed. */
  #advance(run: Run): void {
    let rows: readonly GoodRow[] = run.rows.filter((row) => row !== undefined);
    while (run.state !== "ended") {
      const step = this.#resume(run, rows);
      if (step === null) return;
      rows = [];
      switch (step.kind) {
        case "ranking":
          run.job.listener.ranking(step.logits, run.times);
          break;
        case "tile":
          run.job.listener.tile(step.tile, run.costMs);
          break;
        case "probes":
          if (!this.#seat(run, step)) return;
          rows = run.rows.filter((row) => row !== undefined);
          break;
        default: {
          const never: never = step;
          throw new TypeError(`Cannot take the step as it is of no known kind: current value is ${never}`);
        }
      }
    }
  }

  #resume(run: Run, rows: readonly GoodRow[]): Step | null {
    try {
      const next = run.job.attribution.next(rows);
      if (next.done !== true) return next.value;
      run.job.listener.done(next.value, run.costMs);
      this.#close(run);
    } catch (error) {
      this.#fail(run, asGradcastError(error, "server-fault"));
    }
    return null;
  }

  /**
   * Gives every probe of a group a seat: at a known row, at an identical task or at a new one. True when all
   * rows were known; a retired run that needs others ends here.
   */
  #seat(run: Run, step: Extract<Step, { kind: "probes" }>): boolean {
    const known = step.probes.map((probe) => this.#frames.get(probe.frame)?.known.get(probeKey(probe)));
    run.rows = known.map((found) => found?.row);
    run.times = known.find((found) => found !== undefined)?.times ?? run.times;
    run.missing = run.rows.filter((row) => row === undefined).length;
    this.#shared += step.probes.length - run.missing;
    if (run.missing === 0) return true;
    if (run.state === "retired") {
      this.#end(run);
      return false;
    }
    for (const [index, probe] of step.probes.entries()) {
      if (known[index] === undefined) this.#ask(run, index, probe, step.lane);
    }
    return false;
  }

  #ask(run: Run, index: number, probe: Probe, lane: "frame" | "tile"): void {
    const key = probeKey(probe);
    const task = this.#computing.get(key) ?? this.#waiting.get(key);
    if (task === undefined) {
      this.#waiting.set(key, {
        key,
        probe,
        viewer: run.job.viewer,
        frame: run.job.frame,
        lane,
        seats: [{ run, index }],
      });
      return;
    }
    this.#shared++;
    task.seats.push({ run, index });
  }

  #retire(run: Run): void {
    if (run.state !== "active") return;
    run.state = "retired";
    let waits = false;
    for (const task of this.#waiting.values()) {
      const others = task.seats.filter((seat) => seat.run !== run);
      if (others.length === task.seats.length) continue;
      waits = true;
      task.seats.splice(0, task.seats.length, ...others);
      if (others.length === 0) this.#waiting.delete(task.key);
    }
    if (waits) this.#end(run);
  }

  #end(run: Run): void {
    try {
      endEarly(run.job.attribution);
    } finally {
      this.#close(run);
    }
  }

  #fail(run: Run, error: GradcastError): void {
    if (run.state === "ended") return;
    this.#retire(run);
    this.#end(run);
    run.job.listener.failed(error);
  }

  #close(run: Run): void {
    if (run.state === "ended") return;
    run.state = "ended";
    const frame = this.#frames.get(run.job.frame);
    if (frame === undefined) return;
    frame.runs--;
    this.#drop(run.job.frame, frame);
  }

  #drop(key: FrameKey, frame: FrameEntry): void {
    if (!frame.released || frame.runs > 0) return;
    this.#frames.delete(key);
    this.#engine.release(key);
  }

  #noteMove(viewer: string): void {
    const nowMs = this.#clock.now();
    this.#movedMs.set(viewer, nowMs);
    const intervalMs = Math.min(nowMs - this.#lastFrameMs, MOVING_MS);
    this.#frameIntervalMs += MEASURE_WEIGHT * (intervalMs - this.#frameIntervalMs);
    this.#lastFrameMs = nowMs;
  }

  #pump(): void {
    this.#cancelRest();
    if (this.#busy || this.#waiting.size === 0) return;
    const nowMs = this.#clock.now();
    const conditions: PlanConditions = {
      moving: [...this.#movedMs.values()].some((movedMs) => nowMs - movedMs < MOVING_MS),
      rowMs: this.#rowMs,
      sinceTileMs: nowMs - this.#lastTileMs,
      nextFrameMs: this.#lastFrameMs + this.#frameIntervalMs - nowMs,
    };
    const batch = planBatch([...this.#waiting.values()], conditions, this.#lastViewer);
    if (batch.length === 0) {
      // The frames that tiles wait for may never come. Whole milliseconds: a rest of rounding errors would never end.
      this.#cancelRest = this.#clock.after(Math.ceil(tileRestMs(conditions)), () => this.#pump());
      return;
    }
    for (const task of batch) {
      this.#waiting.delete(task.key);
      this.#computing.set(task.key, task);
      if (task.lane === "tile") this.#lastTileMs = nowMs;
    }
    this.#lastViewer = batch.at(-1)?.viewer ?? null;
    this.#busy = true;
    void this.#compute(batch, nowMs);
  }

  async #compute(batch: readonly Task[], startedMs: number): Promise<void> {
    try {
      const result = await this.#engine.run(batch.map((task) => task.probe));
      this.#batches++;
      this.#rows += batch.length;
      this.#rowMs += MEASURE_WEIGHT * (result.computeMs / batch.length - this.#rowMs);
      this.#deliver(batch, result, { startedMs, computeMs: result.computeMs });
    } catch (error) {
      const failure = asGradcastError(error, "engine-failed");
      for (const task of batch) this.#computing.delete(task.key);
      for (const task of batch) for (const { run } of task.seats) this.#fail(run, failure);
    } finally {
      this.#busy = false;
      this.#pump();
    }
  }

  #deliver(batch: readonly Task[], result: BatchResult, times: RowTimes): void {
    for (const task of batch) this.#computing.delete(task.key);
    for (const [index, task] of batch.entries()) {
      this.#settle(task, result.rows[index], times, times.computeMs / batch.length);
    }
  }

  #settle(task: Task, row: Row | undefined, times: RowTimes, shareMs: number): void {
    if (row === undefined || !row.ok) {
      const error = new GradcastError(
        "engine-failed",
        row?.reason ?? "Cannot explain the frame as its row is missing",
      );
      for (const { run } of task.seats) this.#fail(run, error);
      return;
    }
    // The unchanged frame is asked for again by every view; windows are many and each is asked for once.
    if (task.probe.variation.kind === "none") {
      this.#frames.get(task.probe.frame)?.known.set(task.key, { row, times });
    }
    for (const { run, index } of task.seats) {
      if (run.state === "ended") continue;
      run.rows[index] = row;
      run.times = times;
      run.costMs += shareMs / task.seats.length;
      run.missing--;
      if (run.missing === 0) this.#advance(run);
    }
  }
}

function asGradcastError(error: unknown, code: "engine-failed" | "server-fault"): GradcastError {
  if (error instanceof GradcastError) return error;
  return new GradcastError(code, error instanceof Error ? error.message : String(error), { cause: error });
}
