/** The page's recorder: carries out what the state machine says. The films' code is loaded when it is first needed. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { readSidecar } from "../../../shared/read_sidecar.ts";
import { cleanClipName } from "../../../shared/clips.ts";
import { pageShelf } from "../clips/shelf/browser_shelf.ts";
import { ShelfFullError } from "../clips/shelf/shelf.ts";
import type { Toasts } from "../../ui/toasts.ts";
import { openMicrophone } from "./microphone.ts";
import { type Part, partOf } from "./trimmed_clip.ts";
import {
  elapsedMs,
  type Means,
  type Preview,
  record,
  type Recorded,
  type RecorderEffect,
  type RecorderEvent,
  type RecorderState,
  REST,
  type StopCause,
} from "./recorder_state.ts";
import type { Take, TakeOptions } from "./take/take.ts";
import type { SidecarHead } from "./take/take_record.ts";
import type { Session } from "../../live/session.ts";
import type { Size } from "../../picture/placement.ts";
import { filmSizeOf } from "./film/film_pace.ts";

const COUNTDOWN_STEP_MS = 1_000;

/** What times in a film are rounded to, in s. */
const MICROSECOND_S = 1e-6;

/** How often the running time is told, in ms. */
const STEP_MS = 250;

/** How long a recording waits for a server that is gone, in ms. */
const SERVER_PATIENCE_MS = 5_000;

/** What a recorder needs from the page. */
export interface RecorderOptions extends Pick<TakeOptions, "surface" | "isStill" | "seen"> {
  readonly session: Session;
  readonly toasts: Toasts;
  readonly sound: () => boolean;
  readonly drawn: () => boolean;
  /** Whether a film into which maps are drawn has a caption. */
  readonly caption: () => boolean;
  /** What a recording is called in which nothing was explained. */
  readonly name: () => string;
  readonly head: () => Omit<SidecarHead, "drawn">;
  readonly showClips: () => void;
  /** Asks the camera for pictures of a size, or of the usual one (null). */
  readonly resizeCamera: (size: Size | null) => void;
}

/** The recorder. */
export interface Recorder {
  readonly state: ReadonlySignal<RecorderState>;
  /** Length of what is recorded so far, in ms. */
  readonly elapsedMs: ReadonlySignal<number>;
  /** Share of a cut that is done, 0…1, or null while nothing is cut. */
  readonly cutting: ReadonlySignal<number | null>;
  /** Begins with a countdown, or stops. */
  toggle(): void;
  /** Pauses or goes on. */
  togglePause(): void;
  mark(): void;
  /** Gives up before the recording has begun. */
  cancel(): void;
  /** The stage shows another picture: what is recorded ends here. */
  pictureChanged(): void;
  rename(name: string): void;
  trim(fromMs: number, toMs: number): void;
  keep(): void;
  /** Brings the part that people want as a file. */
  cut(preview: Preview): Promise<Blob>;
  /** Throws the recording away; a notice brings it back. */
  discard(): void;
}

/** Makes a recorder that rests. */
export function createRecorder(options: RecorderOptions): Recorder {
  const { session, toasts } = options;
  const state = signal<RecorderState>(REST);
  const elapsed = signal(0);
  const cutting = signal<number | null>(null);
  let timer: ReturnType<typeof setInterval> | undefined;
  let take: Take | null = null;
  let unfollow: (() => void) | null = null;
  let microphone: MediaStream | null = null;
  let head: SidecarHead | null = null;
  let means: Means = "exact";
  let createdMs = 0;
  /** The largest pictures that can be recorded now; null where the code of films could not be loaded. */
  let largestPicture: Promise<Size | null> = Promise.resolve(null);
  let liveMs = 0;
  let asking = false;
  let busy: AbortController | null = null;
  /** What was thrown away last, as long as its files are there. */
  let discarded: Preview | null = null;
  /** Removes the files of the last recording, once nobody can want them back. */
  let removeLast: () => Promise<void> = () => Promise.resolve();

  const studio = () => import("./lazy_recorder.ts");

  function dispatch(event: RecorderEvent): void {
    const before = state.value;
    const step = record(before, event);
    state.value = step.state;
    for (const effect of step.effects) void perform(effect);
    if (step.state.kind !== before.kind) entered(step.state);
  }

  function entered({ kind }: RecorderState): void {
    clearInterval(timer);
    if (kind === "countdown") largestPicture = enlargeCamera();
    if (kind === "countdown") timer = setInterval(() => dispatch({ kind: "tick" }), COUNTDOWN_STEP_MS);
    if (kind === "recording") timer = setInterval(step, STEP_MS);
    if (kind === "rest" || kind === "preview") letGo();
    // Whoever leaves while it does not rest would lose something.
    if (kind === "rest") {
      busy?.abort();
      busy = null;
    } else if (busy === null) {
      busy = new AbortController();
      addEventListener("beforeunload", (event) => event.preventDefault(), { signal: busy.signal });
      document.addEventListener("visibilitychange", onVisibility, { signal: busy.signal });
    }
  }

  function onVisibility(): void {
    const nowMs = performance.now();
    dispatch({ kind: document.visibilityState === "hidden" ? "hidden" : "visible", nowMs });
  }

  /** A film has the camera's own size, as far as it can be encoded; the countdown gives the camera its time. */
  async function enlargeCamera(): Promise<Size | null> {
    try {
      const size = await (await studio()).largestPicture();
      if (state.value.kind === "countdown") options.resizeCamera(size);
      return size;
    } catch {
      return null;
    }
  }

  function letGo(): void {
    options.resizeCamera(null);
    unfollow?.();
    unfollow = null;
    take = null;
    for (const track of microphone?.getTracks() ?? []) track.stop();
    microphone = null;
  }

  async function perform(effect: RecorderEffect): Promise<void> {
    switch (effect) {
      case "open":
        return await open();
      case "pause":
        return take?.pause(performance.now());
      case "resume":
        return take?.resume(performance.now());
      case "finish":
        return await finish();
      case "cancel":
        return await take?.cancel();
      case "keep":
        return await keep();
      default: {
        const _never: never = effect;
        return _never;
      }
    }
  }

  async function begin(): Promise<void> {
    if (asking) return;
    asking = true;
    discarded = null;
    void removeLast();
    void studio().then(({ clearOldSegments }) => clearOldSegments(), () => {});
    if (options.sound()) {
      microphone = await openMicrophone();
      if (microphone === null) {
        toasts.say("The browser gives no microphone: this recording has no sound.");
      }
    }
    asking = false;
    dispatch({ kind: "begin" });
  }

  async function open(): Promise<void> {
    try {
      const { openFilm, Take } = await studio();
      const largest = await largestPicture;
      if (largest === null) throw new Error("Cannot record: the code of films could not be loaded");
      const film = await openFilm({
        ...filmSizeOf(options.surface(), largest),
        sound: microphone?.getAudioTracks()[0] ?? null,
        onGrow: (bytes) => dispatch({ kind: "grew", bytes }),
        onBreak: (cause) => dispatch({ kind: "stop", cause }),
      });
      const drawn = options.drawn();
      head = { ...options.head(), drawn };
      const made = new Take({
        ...options,
        film,
        crop: "whole",
        drawn,
        caption: options.caption(),
        onStall: () => stop("encoder-failed"),
      });
      if (state.value.kind !== "opening") return await made.cancel();
      take = made;
      means = film.means;
      createdMs = Date.now();
      liveMs = performance.now();
      elapsed.value = 0;
      unfollow = session.observe(made);
      dispatch({ kind: "opened", nowMs: liveMs, means: film.means });
      made.tick(liveMs);
    } catch {
      failed();
    }
  }

  function step(): void {
    const nowMs = performance.now();
    const { value } = state;
    if (value.kind !== "recording") return;
    elapsed.value = elapsedMs(value, nowMs);
    take?.tick(nowMs);
    if (session.link.state.value.phase === "live") liveMs = nowMs;
    else if (nowMs - liveMs > SERVER_PATIENCE_MS) stop("server-gone");
  }

  function stop(cause: StopCause): void {
    dispatch({ kind: "stop", cause });
  }

  async function finish(): Promise<void> {
    const running = take;
    const nowMs = performance.now();
    const { value } = state;
    unfollow?.();
    try {
      if (running === null || head === null || value.kind !== "finishing") {
        throw new Error("Cannot finish the film as none was begun");
      }
      const taken = await running.finish(nowMs, head, value.markers);
      const sidecar = readSidecar(taken.sidecar);
      const recorded: Recorded = {
        media: taken.media,
        sidecar: { ...sidecar, frames: sidecar.frames.filter(({ t }) => t < taken.lastS + MICROSECOND_S) },
        thumbnail: taken.thumbnail,
        durationMs: taken.durationS * 1_000,
        width: taken.width,
        height: taken.height,
        createdMs,
        means,
      };
      removeLast = taken.remove;
      dispatch({ kind: "finished", recorded, name: taken.name === "" ? options.name() : taken.name });
    } catch {
      failed();
    }
  }

  async function keep(): Promise<void> {
    const { value } = state;
    if (value.kind !== "preview") return;
    try {
      const shelf = await pageShelf();
      const { clip, remove } = await part(value);
      await shelf.add(clip);
      dispatch({ kind: "kept" });
      // The shelf has a copy of its own.
      void remove();
      void removeLast();
      toasts.say(`“${cleanClipName(value.name)}” is kept.`, { label: "Show clips", run: options.showClips });
    } catch (error) {
      const words = error instanceof ShelfFullError
        ? "There is no room for the clip in this browser. Save it as a file, or delete other clips."
        : "The clip could not be kept. Save it as a file instead.";
      dispatch({ kind: "not-kept", words });
    }
  }

  async function part(preview: Preview): Promise<Part> {
    try {
      return await partOf(preview, (share) => cutting.value = share);
    } finally {
      cutting.value = null;
    }
  }

  function failed(): void {
    // Whatever there is of it is of no use to anybody.
    take?.cancel().catch(() => {});
    toasts.say("The recording failed: this browser could not write it. Try again with a smaller picture.");
    dispatch({ kind: "failed" });
  }

  return {
    state,
    elapsedMs: elapsed,
    cutting,
    cut: async (preview) => (await part(preview)).clip.media,
    toggle() {
      const { kind } = state.value;
      if (kind === "rest") void begin();
      else stop("asked");
    },
    togglePause() {
      const { value } = state;
      if (value.kind !== "recording") return;
      dispatch({ kind: value.pausedSinceMs === null ? "pause" : "resume", nowMs: performance.now() });
    },
    mark: () => dispatch({ kind: "mark", nowMs: performance.now() }),
    cancel: () => dispatch({ kind: "discard" }),
    pictureChanged() {
      // Until the film is opened it may be of any picture.
      if (state.value.kind !== "countdown") stop("camera-lost");
    },
    rename: (name) => dispatch({ kind: "renamed", name }),
    trim: (fromMs, toMs) => dispatch({ kind: "trimmed", fromMs, toMs }),
    keep: () => dispatch({ kind: "keep" }),
    discard() {
      const { value } = state;
      if (value.kind !== "preview") return;
      dispatch({ kind: "discard" });
      discarded = value;
      toasts.say("The recording is discarded.", {
        label: "Undo",
        run() {
          if (discarded === value) dispatch({ kind: "back", preview: value });
        },
      });
    },
  };
}
