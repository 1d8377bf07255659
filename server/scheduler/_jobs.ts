/** Runs the generators of jobs, and keeps the rows that they wait for. */
import { GradcastError } from "../../shared/errors.ts";
import { LruCache } from "../../shared/lru_cache.ts";
import { type FrameKey, type Probe, probeKey, type Row } from "../engine/port.ts";
import { areAlike, type Sketch } from "../engine/sketch.ts";
import { endEarly, type GoodRow, type MethodStep } from "../methods/method.ts";
import { Holds, isHeldLongEnough } from "./_holds.ts";
import type { Run } from "./_run.ts";
import type { RowCost } from "./costs.ts";
import type { JobHandle, RowTimes } from "./job.ts";
import type { WaitingRow } from "./plan.ts";

/** A probe that some job waits for; identical probes of several jobs are one task. */
export interface Task extends WaitingRow {
  readonly key: string;
  /** Model that computes it. */
  readonly model: string;
  readonly probe: Probe;
  readonly seats: { readonly run: Run; readonly index: number }[];
}

/** Whether a row is of nothing but what is measured beside maps. */
export function isBeside({ seats }: Task): boolean {
  return seats.every(({ run }) => run.job.beside === true);
}

/** Rows of one frame under covers that are remembered: a cover that is painted makes others with every stroke. */
const KEPT_COVERED_ROWS = 32;

/** A frame with what was computed of it and may be asked for again. */
interface FrameEntry {
  readonly known: Map<string, KnownRow>;
  /** The same under covers. */
  covered: LruCache<string, KnownRow>;
  runs: number;
  released: boolean;
  /** What it shows, as each model's engine has said so far. */
  readonly sketches: Map<string, Sketch>;
}

interface KnownRow {
  readonly row: GoodRow;
  readonly times: RowTimes;
}

/** What jobs run with. */
export interface JobsParts {
  readonly now: () => number;
  readonly costOf: (model: string, probe: Probe) => RowCost;
  /** Called when nothing needs a frame any more. */
  readonly onRelease: (key: FrameKey) => void;
}

/** All jobs under way. */
export class Jobs {
  readonly #parts: JobsParts;
  readonly #holds = new Holds();
  readonly #waiting = new Map<string, Task>();
  readonly #computing = new Map<string, Task>();
  readonly #frames = new Map<FrameKey, FrameEntry>();
  #shared = 0;

  constructor(parts: JobsParts) {
    this.#parts = parts;
  }

  /** Rows that wait, in order of arrival. */
  get waiting(): readonly Task[] {
    return [...this.#waiting.values()];
  }

  /** Rows that wait or are being computed. */
  get tasks(): readonly Task[] {
    return [...this.#waiting.values(), ...this.#computing.values()];
  }

  /** Probes that were answered from an identical one. */
  get shared(): number {
    return this.#shared;
  }

  /** Accounts whose maps grow over many rows. */
  get growing(): readonly string[] {
    return this.#holds.accounts;
  }

  /** Accounts with rows of what is measured beside maps. */
  get beside(): readonly string[] {
    return this.tasks.flatMap(({ seats }) => seats)
      .filter(({ run }) => run.job.beside === true).map(({ run }) => run.account);
  }

  /** Begins with jobs of one frame. */
  start(runs: readonly Run[]): readonly JobHandle[] {
    for (const { job } of runs) {
      const frame = this.#frames.get(job.frame);
      if (frame !== undefined) frame.runs++;
      else this.#frames.set(job.frame, newFrame());
    }
    for (const run of runs) this.#begin(run);
    return runs.map((run) => ({
      retire: () => this.#retireWithHeld(run),
      supersede: () => this.#supersede(run),
    }));
  }

  /** Notes what a frame shows by a model's engine. */
  show(key: FrameKey, model: string, sketch: Sketch): void {
    this.#frames.get(key)?.sketches.set(model, sketch);
  }

  /** Whether anything is known of a frame. */
  has(key: FrameKey): boolean {
    return this.#frames.has(key);
  }

  /** Forgets a frame as soon as its last job has ended. */
  release(key: FrameKey): void {
    const frame = this.#frames.get(key);
    if (frame === undefined) return this.#parts.onRelease(key);
    frame.released = true;
    this.#drop(key, frame);
  }

  /** Takes rows out of those that wait, as they are going to be computed. */
  take(batch: readonly Task[]): void {
    for (const task of batch) {
      this.#waiting.delete(task.key);
      this.#computing.set(task.key, task);
    }
  }

  /** Gives the rows of a batch to those who wait for them; `costs` is what each took, in ms. */
  deliver(
    batch: readonly Task[],
    rows: readonly Row[],
    { times, costs }: { readonly times: RowTimes; readonly costs: readonly number[] },
  ): void {
    const current = batch.map((task) => this.#computed(task));
    for (const [index, task] of batch.entries()) {
      this.#settle(task, rows[index], {
        times,
        shareMs: costs[index] ?? 0,
        isCurrent: current[index] === true,
      });
    }
  }

  /** A task is computed no more; false where another one of its key has taken its place. */
  #computed(task: Task): boolean {
    if (this.#computing.get(task.key) !== task) return false;
    return this.#computing.delete(task.key);
  }

  /** Fails all jobs that wait for a batch. */
  lose(batch: readonly Task[], error: GradcastError): void {
    for (const task of batch) this.#computed(task);
    for (const task of batch) for (const { run } of task.seats) this.#fail(run, error);
  }

  /**
   * Forgets what a model's engine has said, as another one takes its place: viewers' jobs end without a word, guests'
   * fail with `error`.
   */
  renew(model: string, error: GradcastError): void {
    for (const frame of this.#frames.values()) {
      const { known, sketches } = frame;
      sketches.delete(model);
      frame.covered = new LruCache(KEPT_COVERED_ROWS);
      for (const key of known.keys()) if (key.startsWith(`${model} `)) known.delete(key);
    }
    // A job that ends may let one begin that waited for it.
    for (let tasks = this.#of(model); tasks.length > 0; tasks = this.#of(model)) {
      for (const { key } of tasks) {
        this.#waiting.delete(key);
        this.#computing.delete(key);
      }
      for (const { seats } of tasks) {
        for (const { run } of [...seats]) {
          if (run.job.guest === true) this.#fail(run, error);
          else if (run.state !== "ended") {
            this.#retire(run);
            this.#end(run);
          }
        }
      }
    }
  }

  #of(model: string): readonly Task[] {
    return this.tasks.filter((task) => task.model === model);
  }

  /** Fails all jobs with rows that wait for a model. */
  abandon(model: string, error: GradcastError): void {
    const lost = this.waiting.filter((task) => task.model === model);
    for (const { key } of lost) this.#waiting.delete(key);
    for (const { seats } of lost) for (const { run } of [...seats]) this.#fail(run, error);
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
          this.#rank(run, step);
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
          throw new TypeError(`Cannot take the step: its kind ${never} is unknown`);
        }
      }
    }
  }

  /** Reports the ranking, once for each frame: glance and map both have it. A newer frame may begin meanwhile. */
  #rank(run: Run, { logits, whole }: Extract<MethodStep, { kind: "ranking" }>): void {
    const isNew = !run.ranked;
    run.ranked = true;
    if (isNew) run.job.listener.ranking(logits, run.times, whole);
  }

  #resume(run: Run, rows: readonly GoodRow[]): MethodStep | null {
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
  #seat(run: Run, step: Extract<MethodStep, { kind: "probes" }>): boolean {
    const known = step.probes.map((probe) => this.#knownRow(run, probe));
    run.lane = step.lane;
    run.rows = known.map((found) => found?.row);
    run.times = known.find((found) => found !== undefined)?.times ?? run.times;
    run.missing = run.rows.filter((row) => row === undefined).length;
    this.#shared += step.probes.length - run.missing;
    if (run.missing === 0) return true;
    const isOver = run.state === "retired" ||
      (this.#holds.isHeld(run) && isHeldLongEnough(run, this.#parts.now(), this.#isPast(run)));
    if (isOver) {
      this.#end(run);
      return false;
    }
    for (const [index, probe] of step.probes.entries()) {
      if (known[index] === undefined) this.#ask(run, index, probe, step.lane);
    }
    return false;
  }

  #knownRow(run: Run, probe: Probe): KnownRow | undefined {
    const frame = this.#frames.get(probe.frame);
    return frame?.[probe.cover === undefined ? "known" : "covered"].get(taskKey(run, probe));
  }

  /** Whether the newest frame of a held run's pane shows something else than its own does (T4). */
  #isPast(run: Run): boolean {
    const newest = this.#holds.newest(run);
    const [own, other] = [run, newest].map((one) =>
      this.#frames.get(one?.job.frame ?? NaN)?.sketches.get(run.job.model)
    );
    return own !== undefined && other !== undefined && !areAlike(own, other);
  }

  #ask(run: Run, index: number, probe: Probe, lane: "frame" | "tile"): void {
    const key = taskKey(run, probe);
    const task = this.#computing.get(key) ?? this.#waiting.get(key);
    if (task !== undefined) {
      this.#shared++;
      task.seats.push({ run, index });
      return;
    }
    const { account, job: { frame, model } } = run;
    this.#waiting.set(key, {
      key,
      model,
      probe,
      account,
      frame,
      lane,
      cost: this.#parts.costOf(model, probe),
      seats: [{ run, index }],
    });
  }

  /** A newer frame takes a run's place: its map continues where that is held. */
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
    this.#parts.onRelease(key);
  }

  #settle(
    task: Task,
    row: Row | undefined,
    { times, shareMs, isCurrent }: {
      readonly times: RowTimes;
      readonly shareMs: number;
      /** Whether the engine that computed it still has its place. */
      readonly isCurrent: boolean;
    },
  ): void {
    if (row === undefined || !row.ok) {
      const error = new GradcastError(
        "engine-failed",
        row?.reason ?? "Cannot explain the frame: its row is missing",
      );
      for (const { run } of task.seats) this.#fail(run, error);
      return;
    }
    // The unchanged frame is asked for again by every view; windows are many and each is asked for once.
    if (isCurrent && task.probe.variation.kind === "none") {
      const { frame, cover } = task.probe;
      this.#frames.get(frame)?.[cover === undefined ? "known" : "covered"].set(task.key, { row, times });
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

function newFrame(): FrameEntry {
  return {
    known: new Map(),
    covered: new LruCache(KEPT_COVERED_ROWS),
    runs: 1,
    released: false,
    sketches: new Map(),
  };
}

/** Identical probes of one model are one task. */
function taskKey({ job: { model } }: Run, probe: Probe): string {
  return `${model} ${probeKey(probe)}`;
}

/** An error as jobs receive it. */
export function asGradcastError(error: unknown, code: "engine-failed" | "server-fault"): GradcastError {
  if (error instanceof GradcastError) return error;
  return new GradcastError(code, error instanceof Error ? error.message : String(error), {
    cause: error ?? "nothing",
  });
}
