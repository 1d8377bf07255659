/** The learning loop of one collection: at most one fit at a time, the newest pictures win, and what nobody wants waits. */
import { GradcastError } from "../../shared/errors.ts";
import { HEAD_KINDS, type HeadKind } from "../../shared/head_model.ts";
import { type HeadWorker, type RunnableHead, unpackHead } from "../heads/mod.ts";
import { fitFailure } from "./fit_failure.ts";
import type { Fitted, LearnerState } from "./fitted.ts";
import { type Job, nextJob, waitMs } from "./learning_plan.ts";
import { closed, IdleWorker } from "./_idle_worker.ts";
import type { LearnerParts } from "./learner_parts.ts";
import type { Lesson, LessonOrReason } from "./lesson.ts";
import { Waiters } from "./_waiters.ts";

interface Running extends Job {
  readonly stop: AbortController;
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
  #job: Running | null = null;
  #done = 1;
  readonly #waiters = new Waiters();
  /** What could not be fitted to the pictures of now, or not be validated, and why. */
  readonly #failures = new Map<HeadKind, { readonly reason: string; readonly error: GradcastError }>();
  #firstChangeMs: number | null = null;
  #lastChangeMs = -Infinity;
  readonly #worker: IdleWorker;
  /** The newest head of the chosen kind as bytes, until it was handed over. */
  #packed: { readonly head: Fitted["head"]; readonly bytes: Uint8Array<ArrayBuffer> } | null = null;
  #cancelPause = () => {};
  #closed = false;

  constructor(chosen: HeadKind, parts: LearnerParts) {
    this.#chosen = chosen;
    this.#parts = parts;
    this.#worker = new IdleWorker(parts.clock, parts.openWorker);
  }

  get chosen(): HeadKind {
    return this.#chosen;
  }

  get state(): LearnerState {
    const job = this.#job;
    if (job?.does === "fit") return { state: "learning", kind: job.kind, done: this.#done, reason: null };
    const idle = { kind: null, done: 1 };
    const failure = this.#failures.get(this.#chosen);
    if (failure !== undefined) return { ...idle, state: "cannot", reason: failure.reason };
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
    this.#failures.clear();
    const nowMs = this.#parts.clock.now();
    this.#firstChangeMs ??= nowMs;
    this.#lastChangeMs = nowMs;
    const job = this.#job;
    if (job !== null && (sweeping || job.does === "validate")) this.#stop(job);
    if ("reason" in this.#lesson()) this.#forget();
    this.#plan();
  }

  /** The pictures are there: a head that was kept and was fitted to them is taken as it is, otherwise they are learned. */
  async begin(
    restore: (
      lesson: Lesson,
      worker: () => HeadWorker,
    ) => Promise<Omit<Fitted, "lesson" | "revision"> | null>,
  ): Promise<void> {
    this.#revision++;
    const revision = this.#revision;
    const found = this.#lesson();
    const kept = "reason" in found
      ? null
      : await restore(found.lesson, () => this.#worker.get()).catch((error: unknown) => {
        if (!this.#closed) this.#parts.onFault(error);
        return null;
      });
    // Somebody may have changed the pictures meanwhile.
    if (revision !== this.#revision || this.#closed) return;
    if (kept === null || "reason" in found) return this.changed(true);
    const fitted = { ...kept, lesson: found.lesson, revision };
    this.#fitted.set(fitted.kind, fitted);
    this.#parts.onLearned(fitted);
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
   * @throws GradcastError `not-learned` where something is missing, `fit-failed` with the reason, `server-closing`
   */
  async take(kind: HeadKind): Promise<Fitted> {
    if (this.#closed) throw closed();
    const found = this.#lesson();
    if ("reason" in found) throw notLearned(found.reason);
    const known = this.#fitted.get(kind);
    if (known !== undefined && this.#isNew(kind)) return known;
    const failure = this.#failures.get(kind);
    if (failure !== undefined) throw failure.error;
    const waited = this.#waiters.wait(kind);
    this.#plan();
    return await waited;
  }

  /** SHA-256 of a head as JSON, in hex, which may have got other names since it was fitted. */
  async hashOf({ head, sha256 }: Fitted, named: RunnableHead): Promise<string> {
    if (named.classes.every((name, place) => name === head.classes[place])) return sha256;
    const packed = await this.#worker.get().pack(named);
    // The worker may be idle now.
    this.#plan();
    return packed.sha256;
  }

  /** Ends what is under way. */
  close(): void {
    this.#closed = true;
    this.#cancelPause();
    if (this.#job !== null) this.#stop(this.#job);
    this.#waiters.refuse(closed());
    this.#worker.close();
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
    if ("reason" in found) this.#waiters.refuse(notLearned(found.reason));
  }

  #stop(job: Running): void {
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
    if (next === null) return this.#worker.rest();
    const restMs = waitMs(next.does, {
      nowMs: clock.now(),
      firstChangeMs: this.#firstChangeMs,
      lastChangeMs: this.#lastChangeMs,
    });
    if (restMs > 0) this.#cancelPause = clock.after(restMs, () => this.#plan());
    else void this.#run({ ...next, stop: new AbortController() });
  }

  /** What is next; null where there is nothing to do. */
  #next(): Job | null {
    if ("reason" in this.#lesson()) return null;
    // What failed would fail again until the pictures are others.
    return nextJob({
      chosen: this.#chosen,
      waited: [...this.#waiters.kinds, ...this.#wanted.keys()],
      compared: [...this.#compared],
      isNew: (kind) => this.#isNew(kind) || this.#failures.has(kind),
      isValidated: (kind) => (this.#fitted.get(kind)?.validated ?? null) !== null || this.#failures.has(kind),
    });
  }

  async #run(job: Running): Promise<void> {
    this.#worker.wake();
    this.#job = job;
    this.#done = 0;
    this.#parts.onChange();
    const revision = this.#revision;
    try {
      if (job.does === "fit") await this.#fit(job, revision);
      else await this.#validate(job);
    } catch (error) {
      if (!job.stop.signal.aborted) this.#fail(job.kind, error, revision);
    } finally {
      this.#job = null;
      this.#done = 1;
      this.#plan();
    }
  }

  async #fit({ kind, stop: { signal } }: Running, revision: number): Promise<void> {
    const found = this.#lesson();
    if ("reason" in found) return;
    this.#firstChangeMs = null;
    const { lesson } = found;
    const { clock } = this.#parts;
    const startMs = clock.now();
    const steps = { onProgress: this.#progress, signal };
    const { bytes, sha256 } = await this.#worker.get().fitPacked(kind, lesson.from, {}, steps);
    const ms = clock.now() - startMs;
    const fitted = { kind, head: unpackHead(bytes), sha256, lesson, revision, ms, validated: null };
    this.#fitted.set(kind, fitted);
    this.#packed = kind === this.#chosen ? { head: fitted.head, bytes } : null;
    // Whoever waits while pictures come would wait for ever.
    this.#waiters.serve(fitted);
    this.#parts.onLearned(fitted);
  }

  async #validate({ kind, stop: { signal } }: Running): Promise<void> {
    const fitted = this.#fitted.get(kind);
    if (fitted === undefined) return;
    this.#settle(kind);
    const { lesson: { from, ids, keys } } = fitted;
    const { accuracy, deviation, confusion, predicted, probability } = await this.#worker.get().crossValidate(
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
    this.#settle(kind);
  }

  /** Hands the chosen head over once pictures have paused, and again when it was validated. */
  #settle(kind: HeadKind): void {
    const fitted = this.#fitted.get(kind);
    if (kind !== this.#chosen || fitted === undefined || !this.#isNew(kind)) return;
    const packed = this.#packed?.head === fitted.head ? this.#packed.bytes : null;
    if (fitted.validated !== null) this.#packed = null;
    this.#parts.onSettled?.(fitted, async () => packed ?? (await this.#worker.get().pack(fitted.head)).bytes);
  }

  readonly #progress = (done: number): void => {
    this.#done = done;
    this.#parts.onChange();
  };

  #fail(kind: HeadKind, thrown: unknown, revision: number): void {
    if (!(thrown instanceof GradcastError) || thrown.code === "server-fault") this.#parts.onFault(thrown);
    const error = fitFailure(kind, thrown);
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    // Later pictures may be learned again.
    if (revision === this.#revision) this.#failures.set(kind, { reason, error });
    this.#waiters.refuse(error, kind);
  }
}

function notLearned(reason: string): GradcastError {
  return new GradcastError("not-learned", `Cannot use the head: nothing has been learned yet. ${reason}`);
}
