/** The learning loop of one collection: at most one fit at a time, the newest pictures win, and what nobody wants waits. */
import { GradcastError } from "../../shared/errors.ts";
import { HEAD_KINDS, type HeadKind, type HeadModel } from "../../shared/head_model.ts";
import type { Clock } from "../clock/mod.ts";
import type { HeadWorker } from "../heads/mod.ts";
import type { Lesson, LessonOrReason } from "./lesson.ts";

/** Pictures come ten a second: a fit begins when they have paused for so long, and at the latest so long after the first. */
const PAUSE_MS = 150;
const LONGEST_PAUSE_MS = 600;

/** A validation costs five fits: it begins when nothing has changed for so long, in ms. */
const QUIET_MS = 1_000;

/** A worker that had nothing to do for so long is ended, so that its memory is free, in ms. */
const IDLE_MS = 10_000;

/** How well a head does on pictures that it had not seen. */
export interface Validated {
  readonly accuracy: number;
  readonly deviation: number;
  readonly keys: readonly string[];
  /** `[actual][said]` pictures, in the order of `keys`. */
  readonly confusion: readonly (readonly number[])[];
  /** By the ids of pictures: the class that was said, and its probability. */
  readonly said: ReadonlyMap<number, { readonly key: string; readonly probability: number }>;
}

/** A head that was fitted. */
export interface Fitted {
  readonly kind: HeadKind;
  readonly head: HeadModel;
  readonly lesson: Lesson;
  /** Revision of the pictures that it was fitted to. */
  readonly revision: number;
  readonly ms: number;
  readonly validated: Validated | null;
}

/** How far it is. */
export interface LearnerState {
  readonly state: "waiting" | "learning" | "learned" | "cannot";
  readonly kind: HeadKind | null;
  readonly done: number;
  readonly reason: string | null;
}

/** What a learner works with. */
export interface LearnerParts {
  readonly clock: Clock;
  readonly openWorker: () => HeadWorker;
  /** The pictures of now. */
  readonly lesson: () => LessonOrReason;
  /** Called when a head was fitted. */
  readonly onLearned: (fitted: Fitted) => void;
  /** Called whenever the state, a head or a validation has changed. */
  readonly onChange: () => void;
  /** Receives what went wrong and is nobody's fault. */
  readonly onFault: (error: unknown) => void;
}

interface Job {
  readonly kind: HeadKind;
  readonly does: "fit" | "validate";
  readonly stop: AbortController;
}

interface Waiter extends PromiseWithResolvers<Fitted> {
  readonly kind: HeadKind;
}

/** Learns from a collection's pictures. */
export class Learner {
  readonly #parts: LearnerParts;
  readonly #fitted = new Map<HeadKind, Fitted>();
  readonly #wanted = new Map<HeadKind, number>();
  /** Kinds whose validation was asked for though they are not the chosen one. */
  readonly #compared = new Set<HeadKind>();
  #chosen: HeadKind;
  #revision = 0;
  #known: { readonly revision: number; readonly found: LessonOrReason } | null = null;
  #job: Job | null = null;
  #done = 1;
  #waiters: Waiter[] = [];
  #failure: { readonly reason: string; readonly revision: number } | null = null;
  #firstChangeMs: number | null = null;
  #lastChangeMs = -Infinity;
  #worker: HeadWorker | null = null;
  #cancelPause = () => {};
  #cancelIdle = () => {};
  #closed = false;

  constructor(chosen: HeadKind, parts: LearnerParts) {
    this.#chosen = chosen;
    this.#parts = parts;
  }

  get chosen(): HeadKind {
    return this.#chosen;
  }

  get state(): LearnerState {
    const job = this.#job;
    if (job?.does === "fit") return { state: "learning", kind: job.kind, done: this.#done, reason: null };
    const idle = { kind: null, done: 1 };
    if (this.#failure !== null) return { ...idle, state: "cannot", reason: this.#failure.reason };
    const found = this.#lesson();
    if ("reason" in found) return { ...idle, state: "waiting", reason: found.reason };
    if (this.#isNew(this.#chosen)) return { ...idle, state: "learned", reason: null };
    return { state: "learning", kind: this.#chosen, done: 0, reason: null };
  }

  /** The newest head of a kind, perhaps of earlier pictures. */
  fitted(kind: HeadKind): Fitted | null {
    return this.#fitted.get(kind) ?? null;
  }

  /** Whether a head is fitted to the pictures of now. */
  isNew(kind: HeadKind): boolean {
    return this.#isNew(kind);
  }

  /** The pictures have changed; `sweeping`: so that what is being fitted is of no use any more. */
  changed(sweeping: boolean): void {
    this.#revision++;
    this.#failure = null;
    const nowMs = this.#parts.clock.now();
    this.#firstChangeMs ??= nowMs;
    this.#lastChangeMs = nowMs;
    const job = this.#job;
    if (job !== null && (sweeping || job.does === "validate")) this.#stop(job);
    if ("reason" in this.#lesson()) this.#forget();
    this.#plan();
  }

  /** Names have changed, or a class without pictures is new: nothing has to be learned for it. */
  renamed(): void {
    this.#known = null;
    this.#plan();
  }

  /** Another head is the chosen one. */
  choose(kind: HeadKind): void {
    if (kind === this.#chosen) return;
    this.#chosen = kind;
    // The newest wish comes first.
    if (this.#job !== null && this.#job.kind !== kind) this.#stop(this.#job);
    this.#plan();
  }

  /** Keeps heads of a kind fitted until the returned function is called. */
  keep(kind: HeadKind): () => void {
    this.#wanted.set(kind, (this.#wanted.get(kind) ?? 0) + 1);
    this.#plan();
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      const left = (this.#wanted.get(kind) ?? 1) - 1;
      if (left > 0) this.#wanted.set(kind, left);
      else this.#wanted.delete(kind);
    };
  }

  /** Fits and validates every kind, for a comparison. */
  compare(): void {
    for (const kind of HEAD_KINDS) this.#compared.add(kind);
    this.#plan();
  }

  /**
   * A head of a kind, fitted to the pictures of now.
   *
   * @throws GradcastError `not-learned` where something is missing, or what the fit throws
   */
  async take(kind: HeadKind): Promise<Fitted> {
    const found = this.#lesson();
    if ("reason" in found) throw notLearned(found.reason);
    const known = this.#fitted.get(kind);
    if (known !== undefined && this.#isNew(kind)) return known;
    const waiter: Waiter = { ...Promise.withResolvers<Fitted>(), kind };
    this.#waiters.push(waiter);
    this.#plan();
    return await waiter.promise;
  }

  /** Ends what is under way. */
  close(): void {
    this.#closed = true;
    this.#cancelPause();
    this.#cancelIdle();
    if (this.#job !== null) this.#stop(this.#job);
    this.#refuse(new GradcastError("server-closing", "Cannot learn: the collection was closed"));
    this.#worker?.close();
    this.#worker = null;
  }

  /** What there is to learn, put together once for all who ask. */
  #lesson(): LessonOrReason {
    if (this.#known?.revision !== this.#revision) {
      this.#known = { revision: this.#revision, found: this.#parts.lesson() };
    }
    return this.#known.found;
  }

  #isNew(kind: HeadKind): boolean {
    return this.#fitted.get(kind)?.revision === this.#revision;
  }

  /** Too few pictures are left: nothing is known of them. */
  #forget(): void {
    this.#fitted.clear();
    const found = this.#lesson();
    if ("reason" in found) this.#refuse(notLearned(found.reason));
  }

  #refuse(error: GradcastError): void {
    for (const { reject } of this.#waiters.splice(0)) reject(error);
  }

  #stop(job: Job): void {
    job.stop.abort(new GradcastError("server-closing", "Cannot finish the fit: newer pictures have come"));
  }

  /** Begins with what is next, or waits for a pause. */
  #plan(): void {
    this.#cancelPause();
    if (this.#closed) return;
    this.#parts.onChange();
    if (this.#job !== null) return;
    const { clock } = this.#parts;
    const next = this.#next();
    if (next === null) {
      this.#cancelIdle();
      this.#cancelIdle = clock.after(IDLE_MS, () => {
        if (this.#job !== null) return;
        this.#worker?.close();
        this.#worker = null;
      });
      return;
    }
    const waitMs = this.#waitMs(next.does, clock.now());
    if (waitMs > 0) this.#cancelPause = clock.after(waitMs, () => this.#plan());
    else void this.#run({ ...next, stop: new AbortController() });
  }

  /** How long a job has to wait, in ms. */
  #waitMs(does: Job["does"], nowMs: number): number {
    if (does === "validate") return this.#lastChangeMs + QUIET_MS - nowMs;
    const pauseEndMs = this.#lastChangeMs + PAUSE_MS;
    return Math.min(pauseEndMs, (this.#firstChangeMs ?? -Infinity) + LONGEST_PAUSE_MS) - nowMs;
  }

  /** The chosen head first, then what others wait for, then how good they are. */
  #next(): Pick<Job, "kind" | "does"> | null {
    if (this.#failure !== null || "reason" in this.#lesson()) return null;
    const fits = [
      ...new Set([this.#chosen, ...this.#waiters.map(({ kind }) => kind), ...this.#wanted.keys()]),
    ];
    const stale = fits.find((kind) => !this.#isNew(kind));
    if (stale !== undefined) return { kind: stale, does: "fit" };
    const unproven = [this.#chosen, ...this.#compared].find((kind) =>
      this.#isNew(kind) && this.#fitted.get(kind)?.validated === null
    );
    if (unproven !== undefined) return { kind: unproven, does: "validate" };
    const missing = [...this.#compared].find((kind) => !this.#isNew(kind));
    return missing === undefined ? null : { kind: missing, does: "fit" };
  }

  async #run(job: Job): Promise<void> {
    this.#cancelIdle();
    this.#job = job;
    this.#done = 0;
    this.#parts.onChange();
    const revision = this.#revision;
    try {
      if (job.does === "fit") await this.#fit(job, revision);
      else await this.#validate(job);
    } catch (error) {
      if (!job.stop.signal.aborted) this.#fail(error, revision);
    } finally {
      this.#job = null;
      this.#done = 1;
      this.#plan();
    }
  }

  async #fit({ kind, stop: { signal } }: Job, revision: number): Promise<void> {
    const found = this.#lesson();
    if ("reason" in found) return;
    this.#firstChangeMs = null;
    const { lesson } = found;
    const { clock } = this.#parts;
    const startMs = clock.now();
    const head = await this.#workerNow().fit(kind, lesson.from, {}, { onProgress: this.#progress, signal });
    const fitted = { kind, head, lesson, revision, ms: clock.now() - startMs, validated: null };
    this.#fitted.set(kind, fitted);
    const served = this.#waiters.filter((one) => one.kind === kind);
    // Whoever waits while pictures come would wait for ever.
    this.#waiters = this.#waiters.filter((one) => one.kind !== kind);
    for (const { resolve } of served) resolve(fitted);
    this.#parts.onLearned(fitted);
  }

  async #validate({ kind, stop: { signal } }: Job): Promise<void> {
    const fitted = this.#fitted.get(kind);
    if (fitted === undefined) return;
    const { lesson: { from, ids, keys } } = fitted;
    const { accuracy, deviation, confusion, predicted, probability } = await this.#workerNow().crossValidate(
      kind,
      from,
      {},
      { onProgress: this.#progress, signal },
    );
    const said = new Map(
      ids.map((id, row) => [
        id,
        { key: keys[predicted[row] ?? 0] ?? "", probability: probability[row] ?? 0 },
      ]),
    );
    this.#fitted.set(kind, { ...fitted, validated: { accuracy, deviation, keys, confusion, said } });
  }

  readonly #progress = (done: number): void => {
    this.#done = done;
    this.#parts.onChange();
  };

  #fail(error: unknown, revision: number): void {
    const known = error instanceof GradcastError ? error : null;
    if (known === null || known.code === "server-fault") this.#parts.onFault(error);
    const reason = error instanceof Error ? error.message : String(error);
    // Later pictures may be learned again.
    if (revision === this.#revision) this.#failure = { reason, revision };
    this.#refuse(known ?? new GradcastError("server-fault", `Cannot learn: ${reason}`, { cause: error }));
  }

  #workerNow(): HeadWorker {
    return this.#worker ??= this.#parts.openWorker();
  }
}

function notLearned(reason: string): GradcastError {
  return new GradcastError("not-learned", `Cannot use the head: nothing has been learned yet. ${reason}`);
}
