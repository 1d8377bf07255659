/** The recorder: a state machine whose effects are carried out here. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { cleanClipName } from "../../../shared/clips.ts";
import { ClipKeeper } from "./clip_keeper.ts";
import { LeaveGuard } from "./leave_guard.ts";
import type { RecorderPorts } from "./ports.ts";
import type { Recorder } from "./recorder.ts";
import { record, type RecorderEffect, type RecorderEvent } from "./recorder_events.ts";
import { elapsedMs, type Preview, type RecorderState, REST, type StopCause } from "./recorder_state.ts";
import { RecordingRun } from "./recording_run.ts";

const COUNTDOWN_STEP_MS = 1_000;

/** How often the running time is updated, in ms. */
const STEP_MS = 250;

/** Makes a recorder that rests. */
export function createRecorder(ports: RecorderPorts): Recorder {
  return new RecorderModel(ports);
}

class RecorderModel implements Recorder {
  readonly state = signal<RecorderState>(REST);
  readonly elapsedMs = signal(0);
  readonly #ports: RecorderPorts;
  readonly #keeper: ClipKeeper;
  readonly #guard = new LeaveGuard((hidden) =>
    this.#dispatch({ kind: hidden ? "hidden" : "visible", nowMs: performance.now() })
  );
  #run: RecordingRun | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  #beginning = false;
  /** What was thrown away last, as long as its files are there. */
  #discarded: Preview | null = null;
  /** Removes the files of the last recording, once nobody can want it any longer. */
  #removeLast: () => Promise<void> = () => Promise.resolve();

  constructor(ports: RecorderPorts) {
    this.#ports = ports;
    this.#keeper = new ClipKeeper(ports.keep);
  }

  get trimming(): ReadonlySignal<number | null> {
    return this.#keeper.trimming;
  }

  toggle(): void {
    if (this.state.value.kind === "rest") void this.#begin();
    else this.#stop("asked");
  }

  togglePause(): void {
    const { value } = this.state;
    if (value.kind !== "recording") return;
    const kind = value.pausedSinceMs === null ? "pause" : "resume";
    this.#dispatch({ kind, nowMs: performance.now() });
  }

  mark(): void {
    this.#dispatch({ kind: "mark", nowMs: performance.now() });
  }

  cancel(): void {
    this.#dispatch({ kind: "discard" });
  }

  pictureChanged(): void {
    // Until the film is opened it may be of any picture.
    if (this.state.value.kind !== "countdown") this.#stop("camera-lost");
  }

  rename(name: string): void {
    this.#dispatch({ kind: "renamed", name });
  }

  trim(fromMs: number, toMs: number): void {
    this.#dispatch({ kind: "trimmed", fromMs, toMs });
  }

  keep(): void {
    this.#dispatch({ kind: "keep" });
  }

  trimmedFile(preview: Preview): Promise<Blob> {
    return this.#keeper.file(preview);
  }

  discard(): void {
    const { value } = this.state;
    if (value.kind !== "preview") return;
    this.#dispatch({ kind: "discard" });
    this.#discarded = value;
    const undo = () => {
      if (this.#discarded === value) this.#dispatch({ kind: "restored", preview: value });
    };
    this.#ports.say("The recording is discarded.", { label: "Undo", run: undo });
  }

  #dispatch(event: RecorderEvent): void {
    const before = this.state.value;
    const { state, effects } = record(before, event);
    this.state.value = state;
    for (const effect of effects) void this.#perform(effect);
    if (state.kind !== before.kind) this.#entered(state.kind);
  }

  #entered(kind: RecorderState["kind"]): void {
    clearInterval(this.#timer);
    if (kind === "countdown") {
      this.#run?.enlargeCamera(() => this.state.value.kind === "countdown");
      this.#timer = setInterval(() => this.#dispatch({ kind: "tick" }), COUNTDOWN_STEP_MS);
    }
    if (kind === "recording") this.#timer = setInterval(() => this.#step(), STEP_MS);
    if (kind === "rest" || kind === "preview") {
      this.#run?.end();
      this.#run = null;
    }
    // Whoever leaves while it does not rest would lose something.
    this.#guard.set(kind !== "rest");
  }

  async #perform(effect: RecorderEffect): Promise<void> {
    switch (effect) {
      case "open":
        return await this.#open();
      case "pause":
        return this.#run?.pause(performance.now());
      case "resume":
        return this.#run?.resume(performance.now());
      case "finish":
        return await this.#finish();
      case "cancel":
        return await this.#run?.cancel();
      case "keep":
        return await this.#keep();
      default: {
        const _never: never = effect;
        return _never;
      }
    }
  }

  async #begin(): Promise<void> {
    if (this.#beginning) return;
    this.#beginning = true;
    this.#discarded = null;
    void this.#removeLast();
    void import("./lazy_recorder.ts").then(({ clearOldSegments }) => clearOldSegments(), () => {});
    this.#run = new RecordingRun(this.#ports, {
      onGrow: (bytes) => this.#dispatch({ kind: "grew", bytes }),
      onStop: (cause) => this.#stop(cause),
    });
    await this.#run.listen();
    this.#beginning = false;
    this.#dispatch({ kind: "begin" });
  }

  async #open(): Promise<void> {
    const run = this.#run;
    try {
      const means = await run?.open() ?? null;
      if (means === null) return;
      const nowMs = performance.now();
      this.elapsedMs.value = 0;
      this.#dispatch({ kind: "opened", nowMs, means });
      run?.tick(nowMs);
    } catch {
      this.#fail(run);
    }
  }

  #step(): void {
    const nowMs = performance.now();
    const { value } = this.state;
    if (value.kind !== "recording") return;
    this.elapsedMs.value = elapsedMs(value, nowMs);
    this.#run?.tick(nowMs);
  }

  #stop(cause: StopCause): void {
    this.#dispatch({ kind: "stop", cause });
  }

  async #finish(): Promise<void> {
    const run = this.#run;
    const { value } = this.state;
    try {
      if (run === null || value.kind !== "finishing") {
        throw new Error("Cannot finish the film: none was begun");
      }
      const { recorded, name, remove } = await run.finish(performance.now(), value.markers);
      this.#removeLast = remove;
      this.#dispatch({ kind: "finished", recorded, name });
    } catch {
      this.#fail(run);
    }
  }

  async #keep(): Promise<void> {
    const { value } = this.state;
    if (value.kind !== "preview") return;
    const { say, showClips } = this.#ports;
    const kept = await this.#keeper.keep(value);
    this.#dispatch(kept);
    if (kept.kind === "not-kept") return;
    void this.#removeLast();
    say(`“${cleanClipName(value.name)}” is kept.`, { label: "Show clips", run: showClips });
  }

  #fail(run: RecordingRun | null): void {
    // What there is of it is of no use to anybody.
    run?.cancel().catch(() => {});
    this.#ports.say(
      "The recording failed: this browser could not write it. Try again with a smaller picture.",
    );
    if (run === this.#run) this.#dispatch({ kind: "failed" });
  }
}
