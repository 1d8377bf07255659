/** Packs the probes of all viewers' methods into the engine's next batch. */
import type { Clock } from "../clock/mod.ts";
import { GradcastError } from "../../shared/errors.ts";
import type { FrameKey } from "../engine/port.ts";
import type { Sketch } from "../engine/sketch.ts";
import { asGradcastError, isBeside, Jobs, type Task } from "./_jobs.ts";
import type { Picture } from "./_pictures.ts";
import { type Run, runOf } from "./_run.ts";
import { type ComputingEngine, Station } from "./_station.ts";
import { FIRST_ROW_MS } from "./costs.ts";
import type { Job, JobHandle } from "./job.ts";
import { besideRestMs, planBatch, type PlanConditions, planPictures } from "./plan.ts";
import {
  BESIDE_SHARE,
  GUESTS,
  MOVING_MS,
  Shares,
  type ShareStats,
  type Standing,
  TILE_SHARE,
} from "./shares.ts";

/** Weight of the newest batch in the measured cost of a row, and of the newest frame in the measured interval. */
const MEASURE_WEIGHT = 0.2;

/** What a scheduler is made of. */
export interface SchedulerParts {
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
  /** What the engines spent on each viewer, and on all guests, in the last 10 s. */
  readonly shares: readonly ShareStats[];
}

/** Runs one batch of each engine at a time; never blocks, never throws into its callers. */
export class Scheduler {
  readonly #clock: Clock;
  readonly #shares: Shares;
  readonly #jobs: Jobs;
  /** By the ids of their models. */
  readonly #stations = new Map<string, Station>();
  #rowMs = FIRST_ROW_MS;
  #lastFrameMs = -Infinity;
  /** Time between frames of all moving pictures, in ms. */
  #frameIntervalMs = 0;
  #batches = 0;
  #rows = 0;

  constructor({ clock }: SchedulerParts) {
    this.#clock = clock;
    this.#shares = new Shares(clock.now());
    this.#jobs = new Jobs({
      now: () => clock.now(),
      costOf: (model, probe) => this.#at(model).costs.of(probe),
      onRelease: (key) => {
        for (const station of this.#stations.values()) station.release(key);
      },
    });
  }

  /**
   * From now on an engine computes the rows of a model; those that waited for it begin. Where another one did so before,
   * viewers' jobs of the model end and ask for nothing: what they were about has to be submitted again.
   */
  serve(model: string, engine: ComputingEngine): void {
    this.#exchange(model, engine);
    this.#pump();
  }

  /** Rows of a model wait from now on, until an engine comes; jobs under way end as `serve` says. */
  suspend(model: string): void {
    this.#exchange(model, null);
  }

  /** No engine will come for a model: what waits for it fails, and so does what is submitted later. */
  abandon(model: string, error: GradcastError): void {
    this.#at(model).exchange(null, error);
    this.#pump();
  }

  /** Forgets a model that nobody asks for any more. */
  remove(model: string): void {
    this.#stations.get(model)?.cancelRest();
    this.#stations.delete(model);
  }

  /**
   * Hands a picture to a model's engine when its viewer's turn comes: at once for one in credit. Its jobs may be
   * submitted right away. The answer is what the picture shows, or null where the frame was released before.
   *
   * @throws GradcastError as the engine's `admit` does, or why there is no engine
   */
  admit(picture: Picture): Promise<Sketch | null> {
    const account = accountOf(picture);
    const { model, frame } = picture;
    const { pictures, engine, fault } = this.#at(model);
    this.#fund();
    const admitted = pictures.add(account, picture).then((sketch) => {
      if (sketch !== null) this.#jobs.show(frame, model, sketch);
      return sketch;
    });
    if (fault !== null) pictures.refuse(fault);
    else if (engine !== null && this.#shares.inCredit(account)) pictures.send(account, false);
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

  /** Whether a frame is still here, so that a further job about it can be submitted. */
  has(key: FrameKey): boolean {
    return this.#jobs.has(key);
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

  #exchange(model: string, engine: ComputingEngine | null): void {
    const station = this.#at(model);
    const before = station.engine;
    station.exchange(engine);
    if (before !== null && before !== engine) this.#jobs.renew(model, reloaded());
  }

  #at(model: string): Station {
    const known = this.#stations.get(model);
    if (known !== undefined) return known;
    const station = new Station(model, {
      clock: this.#clock,
      onCost: (account, cost) => {
        this.#fund();
        this.#shares.charge(account, { kind: "pictures", ...cost }, this.#clock.now());
      },
    });
    this.#stations.set(model, station);
    return station;
  }

  #noteFrame({ job: { guest, beside, still }, account }: Run): void {
    if (guest === true || beside === true) return;
    if (still) return this.#shares.stopped(account);
    const nowMs = this.#clock.now();
    this.#shares.moved(account, nowMs);
    const intervalMs = Math.min(nowMs - this.#lastFrameMs, MOVING_MS);
    this.#frameIntervalMs += MEASURE_WEIGHT * (intervalMs - this.#frameIntervalMs);
    this.#lastFrameMs = nowMs;
  }

  /** Shares out the time that has passed among those who wanted the engines. */
  #fund(): void {
    const stations = [...this.#stations.values()];
    const pictures = stations.flatMap((station) => station.pictures.wanting);
    this.#shares.fund(
      this.#clock.now(),
      new Set([...this.#jobs.tasks.map(({ account }) => account), ...pictures]),
      new Map([
        ...this.#jobs.beside.map((account) => [account, BESIDE_SHARE] as const),
        ...this.#jobs.growing.map((account) => [account, TILE_SHARE] as const),
      ]),
      Math.max(1, stations.filter(({ busy }) => busy).length),
    );
  }

  /** Lets every engine that is idle begin with its next batch. */
  #pump(): void {
    for (const station of this.#stations.values()) {
      station.cancelRest();
      if (station.fault !== null) this.#jobs.abandon(station.model, station.fault);
      else if (station.isFree) this.#begin(station);
    }
  }

  #begin(station: Station): void {
    this.#fund();
    const pictureMs = this.#sendPictures(station);
    const waiting = this.#waitingAt(station).filter(({ frame }) => !station.pictures.waits(frame));
    const nowMs = this.#clock.now();
    if (waiting.length === 0) return this.#rest(station, pictureMs);
    const standings = this.#shares.standings(nowMs);
    const conditions: PlanConditions = {
      moving: this.#shares.isMoving(nowMs),
      rowMs: station.rowMs,
      sinceTileMs: nowMs - station.lastTileMs,
      nextFrameMs: this.#lastFrameMs + this.#frameIntervalMs - nowMs,
      wantedElsewhere: this.#isWantedElsewhere(station, standings),
    };
    const besideMs = waiting.some(isBeside)
      ? besideRestMs(waiting, conditions, nowMs - station.lastBesideMs)
      : 0;
    const rows = besideMs > 0 ? waiting.filter((task) => !isBeside(task)) : waiting;
    const restMs = besideMs > 0 ? Math.min(pictureMs, besideMs) : pictureMs;
    if (rows.length === 0) return this.#rest(station, restMs);
    const plan = planBatch(rows, standings, conditions);
    // What is waited for may never come.
    if (plan.kind === "rest") return this.#rest(station, Math.min(plan.ms, restMs));
    this.#jobs.take(plan.rows);
    for (const task of plan.rows) {
      this.#shares.served(task.account, this.#batches);
      if (task.lane === "tile") station.lastTileMs = nowMs;
      if (isBeside(task)) station.lastBesideMs = nowMs;
    }
    station.begun(plan.rows.map(({ frame }) => frame));
    void this.#compute(station, plan.rows, { startedMs: nowMs, spare: plan.spare });
  }

  #waitingAt({ model }: Station): readonly Task[] {
    return this.#jobs.waiting.filter((task) => task.model === model);
  }

  /** Whether somebody in credit has work at another engine: all of them share the machine's cores. */
  #isWantedElsewhere({ model }: Station, standings: ReadonlyMap<string, Standing>): boolean {
    if (this.#stations.size < 2) return false;
    return this.#jobs.tasks.some((task) =>
      task.model !== model && this.#at(task.model).engine !== null &&
      (standings.get(task.account)?.creditMs ?? 1) > 0
    );
  }

  /** Sends the pictures whose turn it is; returns when to look again, in ms. */
  #sendPictures(station: Station): number {
    const { pictures } = station;
    if (pictures.accounts.length === 0) return Infinity;
    const waiting = new Set(this.#waitingAt(station).map(({ account }) => account));
    const standings = this.#shares.standings(this.#clock.now());
    const { send, restMs } = planPictures(pictures.accounts, waiting, standings);
    for (const account of send) pictures.send(account, !this.#shares.inCredit(account));
    return restMs;
  }

  /** Looks again after a while; whole milliseconds, as a rest of rounding errors would never end. */
  #rest(station: Station, ms: number): void {
    if (ms === Infinity) return;
    station.cancelRest = this.#clock.after(Math.max(1, Math.ceil(ms)), () => this.#pump());
  }

  async #compute(
    station: Station,
    batch: readonly Task[],
    { startedMs, spare }: { readonly startedMs: number; readonly spare: boolean },
  ): Promise<void> {
    const probes = batch.map((task) => task.probe);
    try {
      const { engine } = station;
      if (engine === null) throw new GradcastError("engine-failed", "Cannot compute: the model was unloaded");
      const result = await engine.run(probes);
      this.#batches++;
      this.#rows += batch.length;
      const rowMs = result.computeMs / batch.length;
      this.#rowMs += MEASURE_WEIGHT * (rowMs - this.#rowMs);
      station.measured(rowMs);
      const rows = station.costs.share(probes, result);
      this.#charge(station, batch, rows.map(({ chargedMs }) => chargedMs), spare);
      const times = { startedMs, computeMs: result.computeMs };
      this.#jobs.deliver(batch, result.rows, { times, costs: rows.map(({ ms }) => ms) });
    } catch (error) {
      const lostMs = this.#clock.now() - Math.max(startedMs, station.answeredMs);
      this.#charge(station, batch, batch.map(() => lostMs / batch.length), spare);
      this.#jobs.lose(batch, asGradcastError(error, "engine-failed"));
    } finally {
      station.busy = false;
      this.#pump();
    }
  }

  /** Takes what a batch cost off the shares of those who waited for its rows. */
  #charge(station: Station, batch: readonly Task[], costs: readonly number[], spare: boolean): void {
    this.#fund();
    const nowMs = this.#clock.now();
    station.answeredMs = nowMs;
    for (const [index, { lane, seats }] of batch.entries()) {
      const ms = (costs[index] ?? 0) / seats.length;
      const kind = lane === "frame" ? "frames" : "tiles";
      for (const { run } of seats) this.#shares.charge(run.account, { kind, ms, spare }, nowMs);
    }
  }
}

function reloaded(): GradcastError {
  return new GradcastError(
    "engine-failed",
    "Cannot finish the explanation: its model was changed or unloaded meanwhile. Ask again",
  );
}

/** Whose share of the engine pays: a viewer's own, or the one that all guests have together. */
function accountOf({ viewer, guest }: Pick<Job, "viewer" | "guest">): string {
  return guest === true ? GUESTS : viewer;
}
