/** The queue of videos whose every frame is explained: one at a time, while the page stays usable. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { isRefusal } from "./words.ts";
import { SocketLink } from "../../live/socket_link.ts";
import { type Entry, isBusy, nextOf, type Phase, type Progress, timeLeft, withPhase } from "./entry_state.ts";
import { FilmRun } from "./film_run.ts";
import { finishFilm } from "./finish.ts";
import { FrameLink } from "./frame_link.ts";
import { isFileOf, type Job } from "./job.ts";
import { jobOf } from "./new_job.ts";
import type { EveryFramePorts } from "./ports.ts";
import { beginStore, type JobStore, keptStores } from "./store.ts";
import { openVideo } from "./video_file.ts";
import { failureWords, howWords, isFull, NO_ROOM } from "./words.ts";

/** How often progress is shown, in ms. */
const SHOWN_MS = 200;

/** What a video of the queue holds. */
interface Held {
  /** Null until its file is chosen again. */
  file: File | null;
  job: Job;
  store: JobStore | null;
  pause: AbortController;
  readonly cancel: AbortController;
}

/** The queue. */
export class FilmQueue {
  readonly #ports: EveryFramePorts;
  readonly #entries = signal<readonly Entry[]>([]);
  readonly #held = new Map<string, Held>();
  /** Whether the live picture waits because of the queue. */
  #froze = false;

  constructor(ports: EveryFramePorts) {
    this.#ports = ports;
    void this.#wake();
  }

  get entries(): ReadonlySignal<readonly Entry[]> {
    return this.#entries;
  }

  /** Puts videos behind the others, to be explained as the main view is now; a file that an earlier visit began continues. */
  add(files: readonly File[]): void {
    for (const file of files) {
      const asleep = [...this.#held].find(([, held]) => held.file === null && isFileOf(held.job, file));
      if (asleep !== undefined) {
        const [id, held] = asleep;
        held.file = file;
        this.#set(id, { kind: "waiting" });
        continue;
      }
      const job = jobOf(file, this.#ports);
      this.#hold(job, { file, store: null });
      this.#entries.value = [...this.#entries.value, entryOf(job, { kind: "waiting" })];
    }
    this.#next();
  }

  /** Chooses the file of a video again, of which an earlier visit has done a part. */
  reopen(id: string, file: File): void {
    const held = this.#held.get(id);
    if (held === undefined) return;
    if (!isFileOf(held.job, file)) {
      this.#ports.say(`“${file.name}” is another file: choose “${held.job.file.name}”, as it was.`);
      return;
    }
    held.file = file;
    this.#set(id, { kind: "waiting" });
    this.#next();
  }

  /** Finishes the frame under way and keeps what is done. */
  pause(id: string): void {
    const phase = this.#phaseOf(id);
    if (phase?.kind !== "running") return;
    this.#set(id, { kind: "stopping", progress: phase.progress });
    this.#held.get(id)?.pause.abort();
  }

  resume(id: string): void {
    const held = this.#held.get(id);
    if (held === undefined || this.#phaseOf(id)?.kind !== "paused") return;
    this.#set(id, { kind: "waiting" });
    this.#next();
  }

  /** Gives a film up, or takes a finished one off the list: nothing of it is kept. */
  remove(id: string): void {
    const entry = this.#entries.value.find((one) => one.id === id);
    const held = this.#held.get(id);
    if (entry === undefined || held === undefined) return;
    held.cancel.abort(new DOMException("the film was given up", "AbortError"));
    this.#entries.value = this.#entries.value.filter((one) => one.id !== id);
    this.#held.delete(id);
    if (entry.phase.kind === "done") void entry.phase.film.remove();
    // A run that is under way removes what it keeps when it has ended.
    if (!isBusy(entry)) void held.store?.remove();
    this.#next();
  }

  /** Shows what earlier visits left. */
  async #wake(): Promise<void> {
    for (const store of await keptStores()) {
      const { job } = store;
      if (this.#held.has(job.id)) continue;
      this.#hold(job, { file: null, store });
      this.#entries.value = [...this.#entries.value, entryOf(job, { kind: "asleep" })];
    }
  }

  #hold(job: Job, { file, store }: Pick<Held, "file" | "store">): void {
    this.#held.set(job.id, { file, job, store, pause: new AbortController(), cancel: new AbortController() });
  }

  #next(): void {
    const next = nextOf(this.#entries.value);
    const held = next === null ? undefined : this.#held.get(next.id);
    if (next === null || held === undefined) {
      if (!this.#entries.value.some(isBusy)) this.#thaw();
      return;
    }
    this.#set(next.id, { kind: "running", progress: { done: 0, total: null }, leftS: null });
    held.pause = new AbortController();
    this.#freeze();
    void this.#make(next.id, held).finally(() => this.#next());
  }

  /** Makes one film; two tabs never make the same one. */
  async #make(id: string, held: Held): Promise<void> {
    await navigator.locks.request(`gradcast-every-frame-${id}`, { ifAvailable: true }, async (lock) => {
      if (lock === null) {
        return this.#set(id, { kind: "failed", words: "This film is being made in another tab." });
      }
      try {
        await this.#run(id, held);
      } catch (error) {
        this.#failed(id, error);
      } finally {
        if (held.cancel.signal.aborted) await held.store?.remove();
      }
    });
  }

  async #run(id: string, held: Held): Promise<void> {
    const { file, job, pause, cancel } = held;
    if (file === null) return this.#set(id, { kind: "asleep" });
    using video = await openVideo(file);
    const store = held.store ??= await beginStore(job);
    const link = new FrameLink({
      connect: (ports) =>
        new SocketLink({ ...ports, url: new URL("/ws", location.href.replace(/^http/, "ws")).href }),
      view: job.view,
      grows: job.grows,
    });
    const stop = () => link.dispose();
    cancel.signal.addEventListener("abort", stop);
    try {
      const end = await FilmRun.run({
        ...{ store, video, link },
        paused: pause.signal,
        cancelled: cancel.signal,
        onFrames: this.#follower(id, video.frames),
      });
      link.dispose();
      if (end.kind === "paused") {
        const phase = this.#phaseOf(id);
        const progress = phase?.kind === "stopping" ? phase.progress : { done: 0, total: video.frames };
        return this.#set(id, { kind: "paused", progress, why: null });
      }
      this.#set(id, { kind: "joining", share: 0 });
      const film = await finishFilm(
        { store, video, encoding: end.encoding },
        (share) => this.#joined(id, share),
      );
      if (cancel.signal.aborted) await film.remove();
      this.#set(id, { kind: "done", film });
    } finally {
      cancel.signal.removeEventListener("abort", stop);
      link.dispose();
    }
  }

  /** What was done stays where a film fails for want of room or of a server: it can continue. */
  #failed(id: string, error: unknown): void {
    const phase = this.#phaseOf(id);
    const kept = phase?.kind === "running" || phase?.kind === "stopping" ? phase.progress : null;
    if (isFull(error)) return this.#set(id, { kind: "paused", progress: kept ?? NONE, why: NO_ROOM });
    const words = failureWords(error);
    if (kept !== null && kept.done > 0 && !isRefusal(error)) {
      this.#set(id, { kind: "paused", progress: kept, why: words });
    } else this.#set(id, { kind: "failed", words });
  }

  /** Shows progress, a few times a second. */
  #follower(id: string, total: number): (done: number) => void {
    const startedMs = performance.now();
    let before: number | null = null;
    let shownMs = -Infinity;
    return (done) => {
      before ??= done;
      const nowMs = performance.now();
      if (nowMs - shownMs < SHOWN_MS) return;
      shownMs = nowMs;
      const progress = { done, total: Math.max(total, done) };
      const phase = this.#phaseOf(id);
      if (phase?.kind === "stopping") this.#set(id, { kind: "stopping", progress });
      else this.#set(id, { kind: "running", progress, leftS: timeLeft(progress, before, nowMs - startedMs) });
    };
  }

  #joined(id: string, share: number): void {
    const phase = this.#phaseOf(id);
    if (phase?.kind === "joining" && share - phase.share >= 0.01) this.#set(id, { kind: "joining", share });
  }

  #phaseOf(id: string): Phase | undefined {
    return this.#entries.value.find((entry) => entry.id === id)?.phase;
  }

  #set(id: string, phase: Phase): void {
    this.#entries.value = withPhase(this.#entries.value, id, phase);
  }

  /** The live picture would take half of the engine's time. */
  #freeze(): void {
    const { source } = this.#ports;
    if (this.#froze || source.isStill()) return;
    source.setFrozen(true);
    this.#froze = true;
  }

  #thaw(): void {
    if (this.#froze) this.#ports.source.setFrozen(false);
    this.#froze = false;
  }
}

const NONE: Progress = { done: 0, total: null };

function entryOf(job: Job, phase: Phase): Entry {
  return { id: job.id, name: job.file.name, how: howWords(job), phase };
}
