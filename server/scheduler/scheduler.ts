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
import type { Sketch } from "../engine/sketch.ts";
import { endEarly, type GoodRow, type Step } from "../methods/method.ts";
import { Holds, isHeldLongEnough } from "./_holds.ts";
import { type Picture, Pictures } from "./_pictures.ts";
import { type Run, runOf } from "./_run.ts";
import { FIRST_ROW_MS, RowCosts } from "./costs.ts";
import type { Job, JobHandle, RowTimes } from "./job.ts";
import { planBatch, type PlanConditions, planPictures, type WaitingRow } from "./plan.ts";
import { GUESTS, MOVING_MS, Shares, type ShareStats } from "./shares.ts";

/** Weight of the newest batch in the measured cost of a row, and of the newest frame in the measured interval. */
const MEASURE_WEIGHT = 0.2;

/** A probe that some job waits for; identical probes of several jobs are one task. */
interface Task extends WaitingRow {
  readonly key: string;
  readonly probe: Probe;
  readonly seats: { readonly run: Run; readonly index: number }[];
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

/** What the scheduler needs of an engine. */
export type ComputingEngine = Pick<Engine, "admit" | "release" | "run">;

/** What a scheduler is made of. */
export interface SchedulerParts {
  readonly engine: ComputingEngine;
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
  /** What the engine spent on each viewer, and on all guests, in the last 10 s. */
  readonly shares: readonly ShareStats[];
}

/** Runs one batch at a time; never blocks, never throws into its callers. */
export class Scheduler {
  readonly #engine: ComputingEngine;
  readonly #clock: Clock;
  readonly #shares: Shares;
  readonly #costs = new RowCosts();
  readonly #holds = new Holds();
  readonly #pictures: Pictures;
  readonly #waiting = new Map<string, Task>();
  readonly #computing = new Map<string, Task>();
  readonly #frames = new Map<FrameKey, FrameEntry>();
  #lastTileMs = -Infinity;
  #rowMs = FIRST_ROW_MS;
  #lastFrameMs = -Infinity;
  /** Time between frames of all moving pictures, in ms. */
  #frameIntervalMs = 0;
  /** When the engine last answered. */
  #answeredMs = -Infinity;
  #cancelRest = () => {};
  #busy = false;
  #batches = 0;
  #rows = 0;
  #shared = 0;

  constructor({ engine, clock }: SchedulerParts) {
    this.#engine = engine;
    this.#clock = clock;
    this.#shares = new Shares(clock.now());
    this.#pictures = new Pictures({
      engine,
      clock,
      answeredMs: () => this.#answeredMs,
      onCost: (account, cost) => {
        this.#fund();
        this.#answeredMs = this.#clock.now();
        this.#shares.charge(account, { kind: "pictures", ...cost }, this.#answeredMs);
      },
    });
  }

  /**
   * Hands a picture to the engine when its viewer's turn comes: at once for one in credit. Its jobs may be submitted
   * right away. The answer is what the picture shows, or null where the frame was released before.
   *
   * @throws GradcastError as the engine's `admit` does
   */
  admit(picture: Picture): Promise<Sketch | null> {
    const account = accountOf(picture);
    this.#fund();
    const admitted = this.#pictures.add(account, picture);
    if (this.#shares.inCredit(account)) this.#pictures.send(account, false);
    else this.#pump();
    return admitted;
  }

  /** Starts a job; its frame must have been handed over for admission before. */
  submit(job: Job): JobHandle {
    const [handle] = this.submitAll([job]);
    return handle as JobHandle;
  }

  /** Starts jobs of one viewer and frame together, so that their first rows go into one batch. */
  submitAll(jobs: readonly Job[]): readonly JobHandle[] {
    this.#fund();
    const runs = jobs.map((job) => runOf(job, accountOf(job), this.#clock.now()));
    for (const { job } of runs) {
      const frame = this.#frames.get(job.frame);
      if (frame === undefined) this.#frames.set(job.frame, { known: new Map(), runs: 1, released: false });
      else frame.runs++;
    }
    const [first] = runs;
    if (first !== undefined) this.#noteFrame(first);
    for (const run of runs) this.#begin(run);
    this.#pump();
    return runs.map((run) => ({
      retire: () => this.#retireWithHeld(run),
      supersede: () => this.#supersede(run),
    }));
  }

  /** Forgets a frame here and in the engine as soon as its last job has ended. */
  release(key: FrameKey): void {
    const frame = this.#frames.get(key);
    if (frame === undefined) {
      this.#giveBack(key);
      return;
    }
    frame.released = true;
    this.#drop(key, frame);
  }

  /** Forgets a viewer that has gone. */
  forget(viewer: string): void {
    this.#shares.forget(viewer);
    this.#pump();
  }

  stats(): SchedulerStats {
    return {
      batches: this.#batches,
      rows: this.#rows,
      shared: this.#shared,
      waiting: this.#waiting.size,
      rowMs: this.#rowMs,
      shares: this.#shares.stats(this.#clock.now()),
    };
  }

  /** Begins with a job's map, or with predictions alone while an older map of its pane is held. */
  #begin(run: Run): void {
    const held = this.#holds.held(run);
    if (held !== null && (run.job.still || held.job.hold?.revision !== run.job.hold?.revision)) {
      this.#retire(held);
    }
    this.#holds.begin(run);
    if (this.#holds.held(run) === null || run.job.hold?.until !== "map") return this.#advance(run, []);
    const { glance } = run.job.hold ?? {};
    if (glance === undefined) {
      run.phase = "parked";
      return;
    }
    run.phase = "glance";
    run.generator = glance;
    this.#advance(run, []);
  }

  /** Begins with the map of a frame that was predicted alone, now that no older one is held. */
  #unpark(run: Run): void {
    if (run.state !== "active" || run.phase !== "parked") return;
    run.phase = "map";
    run.generator = run.job.attribution;
    run.costMs = 0;
    this.#advance(run, []);
  }

  /** Resumes a generator with its rows until it waits for rows that nobody has computed. */
  #advance(run: Run, answer: readonly GoodRow[]): void {
    let rows = answer;
    while (run.state !== "ended") {
      const step = this.#resume(run, rows);
      if (step === null) return;
      rows = [];
      switch (step.kind) {
        case "ranking":
          this.#rank(run, step.logits);
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

  /** Tells the ranking, once for each frame: glance and map both have it. A newer frame may begin meanwhile. */
  #rank(run: Run, logits: Float32Array): void {
    const isNew = !run.ranked;
    run.ranked = true;
    if (isNew) run.job.listener.ranking(logits, run.times);
  }

  #resume(run: Run, rows: readonly GoodRow[]): Step | null {
    try {
      const next = run.generator.next(rows);
      if (next.done !== true) return next.value;
      if (run.phase === "glance") this.#park(run);
      else {
        run.job.listener.done(next.value, run.costMs);
        this.#close(run);
      }
    } catch (error) {
      this.#fail(run, asGradcastError(error, "server-fault"));
    }
    return null;
  }

  /** The predictions are made; the map begins when nothing older is held any more. */
  #park(run: Run): void {
    run.phase = "parked";
    if (run.state === "retired") this.#end(run);
    else if (this.#holds.held(run) === null) this.#unpark(run);
  }

  /**
   * Gives every probe of a group a seat: at a known row, at an identical task or at a new one. True when all
   * rows were known; a retired run that needs others ends here, and so does one that was held long enough.
   */
  #seat(run: Run, step: Extract<Step, { kind: "probes" }>): boolean {
    const known = step.probes.map((probe) => this.#frames.get(probe.frame)?.known.get(probeKey(probe)));
    run.lane = step.lane;
    run.rows = known.map((found) => found?.row);
    run.times = known.find((found) => found !== undefined)?.times ?? run.times;
    run.missing = run.rows.filter((row) => row === undefined).length;
    this.#shared += step.probes.length - run.missing;
    if (run.missing === 0) return true;
    const isOver = run.state === "retired" ||
      (this.#holds.isHeld(run) && isHeldLongEnough(run, this.#clock.now()));
    if (isOver) {
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
    if (task !== undefined) {
      this.#shared++;
      task.seats.push({ run, index });
      return;
    }
    const { account, job: { frame } } = run;
    this.#waiting.set(key, {
      key,
      probe,
      account,
      frame,
      lane,
      cost: this.#costs.of(probe),
      seats: [{ run, index }],
    });
  }

  /** A newer frame takes a run's place: its map goes on where that is held. */
  #supersede(run: Run): void {
    const { hold } = run.job;
    const hasBegun = run.state === "active" && run.phase === "map" && run.ranked;
    if (hold === undefined || hold.until === "never" || !hasBegun) return this.#retire(run);
    const held = this.#holds.held(run);
    if (held === run) return;
    if (held !== null && hold.until === "map") return this.#retire(run);
    // What waits of the newest frame is worth most; what is being computed of the one before comes all the same.
    if (held !== null) this.#retire(held);
    this.#holds.hold(run);
  }

  #retireWithHeld(run: Run): void {
    const held = this.#holds.held(run);
    this.#retire(run);
    if (held !== null && held !== run) this.#retire(held);
  }

  #retire(run: Run): void {
    if (run.state !== "active") return;
    run.state = "retired";
    const isParked = run.phase === "parked";
    let waits = false;
    for (const task of this.#waiting.values()) {
      const others = task.seats.filter((seat) => seat.run !== run);
      if (others.length === task.seats.length) continue;
      waits = true;
      task.seats.splice(0, task.seats.length, ...others);
      if (others.length === 0) this.#waiting.delete(task.key);
    }
    if (waits || isParked) this.#end(run);
    else this.#letGo(run);
  }

  #end(run: Run): void {
    try {
      endEarly(run.generator);
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
    if (frame !== undefined) {
      frame.runs--;
      this.#drop(run.job.frame, frame);
    }
    this.#letGo(run);
  }

  /** A run is not held any more; the newest frame of its pane may have its map now. */
  #letGo(run: Run): void {
    const newest = this.#holds.isHeld(run) ? this.#holds.newest(run) : null;
    this.#holds.forget(run);
    if (newest !== null) this.#unpark(newest);
  }

  #drop(key: FrameKey, frame: FrameEntry): void {
    if (!frame.released || frame.runs > 0) return;
    this.#frames.delete(key);
    this.#giveBack(key);
  }

  #giveBack(key: FrameKey): void {
    if (this.#pictures.waits(key)) this.#pictures.drop(key);
    else this.#engine.release(key);
  }

  #noteFrame({ job: { guest, still }, account }: Run): void {
    if (guest === true) return;
    if (still) return this.#shares.stopped(account);
    const nowMs = this.#clock.now();
    this.#shares.moved(account, nowMs);
    const intervalMs = Math.min(nowMs - this.#lastFrameMs, MOVING_MS);
    this.#frameIntervalMs += MEASURE_WEIGHT * (intervalMs - this.#frameIntervalMs);
    this.#lastFrameMs = nowMs;
  }

  /** Shares out the time that has passed among those who wanted the engine. */
  #fund(): void {
    const tasks = [...this.#waiting.values(), ...this.#computing.values()];
    this.#shares.fund(
      this.#clock.now(),
      new Set([...tasks.map(({ account }) => account), ...this.#pictures.wanting]),
      new Set(this.#holds.accounts),
    );
  }

  #pump(): void {
    this.#cancelRest();
    if (this.#busy) return;
    this.#fund();
    const pictureMs = this.#sendPictures();
    const rows = [...this.#waiting.values()].filter(({ frame }) => !this.#pictures.waits(frame));
    const nowMs = this.#clock.now();
    if (rows.length === 0) return this.#rest(pictureMs);
    const conditions: PlanConditions = {
      moving: this.#shares.isMoving(nowMs),
      rowMs: this.#rowMs,
      sinceTileMs: nowMs - this.#lastTileMs,
      nextFrameMs: this.#lastFrameMs + this.#frameIntervalMs - nowMs,
    };
    const plan = planBatch(rows, this.#shares.standings(nowMs), conditions);
    // What is waited for may never come.
    if (plan.kind === "rest") return this.#rest(Math.min(plan.ms, pictureMs));
    for (const task of plan.rows) {
      this.#waiting.delete(task.key);
      this.#computing.set(task.key, task);
      this.#shares.served(task.account, this.#batches);
      if (task.lane === "tile") this.#lastTileMs = nowMs;
    }
    this.#busy = true;
    void this.#compute(plan.rows, { startedMs: nowMs, spare: plan.spare });
  }

  /** Sends the pictures whose turn it is; returns when to look again, in ms. */
  #sendPictures(): number {
    const { accounts } = this.#pictures;
    if (accounts.length === 0) return Infinity;
    const waiting = new Set(this.#waiting.values().map(({ account }) => account));
    const { send, restMs } = planPictures(accounts, waiting, this.#shares.standings(this.#clock.now()));
    for (const account of send) this.#pictures.send(account, !this.#shares.inCredit(account));
    return restMs;
  }

  /** Looks again after a while; whole milliseconds, as a rest of rounding errors would never end. */
  #rest(ms: number): void {
    if (ms === Infinity) return;
    this.#cancelRest = this.#clock.after(Math.max(1, Math.ceil(ms)), () => this.#pump());
  }

  async #compute(
    batch: readonly Task[],
    { startedMs, spare }: { readonly startedMs: number; readonly spare: boolean },
  ): Promise<void> {
    const probes = batch.map((task) => task.probe);
    try {
      const result = await this.#engine.run(probes);
      this.#batches++;
      this.#rows += batch.length;
      this.#rowMs += MEASURE_WEIGHT * (result.computeMs / batch.length - this.#rowMs);
      const costs = this.#costs.share(probes, result);
      this.#charge(batch, costs, spare);
      this.#deliver(batch, result, { startedMs, computeMs: result.computeMs }, costs);
    } catch (error) {
      const lostMs = this.#clock.now() - Math.max(startedMs, this.#answeredMs);
      this.#charge(batch, batch.map(() => lostMs / batch.length), spare);
      const failure = asGradcastError(error, "engine-failed");
      for (const task of batch) this.#computing.delete(task.key);
      for (const task of batch) for (const { run } of task.seats) this.#fail(run, failure);
    } finally {
      this.#busy = false;
      this.#pump();
    }
  }

  /** Takes what a batch cost off the shares of those who waited for its rows. */
  #charge(batch: readonly Task[], costs: readonly number[], spare: boolean): void {
    this.#fund();
    const nowMs = this.#clock.now();
    this.#answeredMs = nowMs;
    for (const [index, { lane, seats }] of batch.entries()) {
      const ms = (costs[index] ?? 0) / seats.length;
      const kind = lane === "frame" ? "frames" : "tiles";
      for (const { run } of seats) this.#shares.charge(run.account, { kind, ms, spare }, nowMs);
    }
  }

  #deliver(batch: readonly Task[], result: BatchResult, times: RowTimes, costs: readonly number[]): void {
    for (const task of batch) this.#computing.delete(task.key);
    for (const [index, task] of batch.entries()) {
      this.#settle(task, result.rows[index], times, costs[index] ?? 0);
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
      if (task.lane === "tile") run.tileRows++;
      run.missing--;
      if (run.missing === 0) this.#advance(run, run.rows.filter((one) => one !== undefined));
    }
  }
}

/** Whose share of the engine pays: a viewer's own, or the one that all guests have together. */
function accountOf({ viewer, guest }: Pick<Job, "viewer" | "guest">): string {
  return guest === true ? GUESTS : viewer;
}

function asGradcastError(error: unknown, code: "engine-failed" | "server-fault"): GradcastError {
  if (error instanceof GradcastError) return error;
  return new GradcastError(code, error instanceof Error ? error.message : String(error), { cause: error });
}
