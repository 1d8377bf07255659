/** Packs the probes of all viewers' methods into the engine's next batch. */
import type { Clock } from "../clock/mod.ts";
import type { Engine, FrameKey } from "../engine/port.ts";
import type { Sketch } from "../engine/sketch.ts";
import { asGradcastError, Jobs, type Task } from "./_jobs.ts";
import { type Picture, Pictures } from "./_pictures.ts";
import { type Run, runOf } from "./_run.ts";
import { FIRST_ROW_MS, RowCosts } from "./costs.ts";
import type { Job, JobHandle } from "./job.ts";
import { planBatch, type PlanConditions, planPictures } from "./plan.ts";
import { GUESTS, MOVING_MS, Shares, type ShareStats } from "./shares.ts";

/** Weight of the newest batch in the measured cost of a row, and of the newest frame in the measured interval. */
const MEASURE_WEIGHT = 0.2;

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
  readonly #jobs: Jobs;
  readonly #pictures: Pictures;
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

  constructor({ engine, clock }: SchedulerParts) {
    this.#engine = engine;
    this.#clock = clock;
    this.#shares = new Shares(clock.now());
    this.#jobs = new Jobs({
      now: () => clock.now(),
      costOf: (probe) => this.#costs.of(probe),
      onRelease: (key) => this.#giveBack(key),
    });
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
    const admitted = this.#pictures.add(account, picture).then((sketch) => {
      this.#jobs.show(picture.frame, sketch);
      return sketch;
    });
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
    const [first] = runs;
    if (first !== undefined) this.#noteFrame(first);
    const handles = this.#jobs.start(runs);
    this.#pump();
    return handles;
  }

  /** Forgets a frame here and in the engine as soon as its last job has ended. */
  release(key: FrameKey): void {
    this.#jobs.release(key);
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
      shared: this.#jobs.shared,
      waiting: this.#jobs.waiting.length,
      rowMs: this.#rowMs,
      shares: this.#shares.stats(this.#clock.now()),
    };
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
    this.#shares.fund(
      this.#clock.now(),
      new Set([...this.#jobs.tasks.map(({ account }) => account), ...this.#pictures.wanting]),
      new Set(this.#jobs.growing),
    );
  }

  #pump(): void {
    this.#cancelRest();
    if (this.#busy) return;
    this.#fund();
    const pictureMs = this.#sendPictures();
    const rows = this.#jobs.waiting.filter(({ frame }) => !this.#pictures.waits(frame));
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
    this.#jobs.take(plan.rows);
    for (const task of plan.rows) {
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
    const waiting = new Set(this.#jobs.waiting.map(({ account }) => account));
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
      const rows = this.#costs.share(probes, result);
      this.#charge(batch, rows.map(({ chargedMs }) => chargedMs), spare);
      const times = { startedMs, computeMs: result.computeMs };
      this.#jobs.deliver(batch, result.rows, { times, costs: rows.map(({ ms }) => ms) });
    } catch (error) {
      const lostMs = this.#clock.now() - Math.max(startedMs, this.#answeredMs);
      this.#charge(batch, batch.map(() => lostMs / batch.length), spare);
      this.#jobs.lose(batch, asGradcastError(error, "engine-failed"));
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
}

/** Whose share of the engine pays: a viewer's own, or the one that all guests have together. */
function accountOf({ viewer, guest }: Pick<Job, "viewer" | "guest">): string {
  return guest === true ? GUESTS : viewer;
}
