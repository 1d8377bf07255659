/** A recording from its countdown to its preview, as a state machine. Pure; times in ms of one clock. */
import { type Marker, MAX_MARKERS, type Sidecar } from "../../../shared/sidecar.ts";

/** Seconds that are counted down. */
export const COUNTDOWN = 3;

/** What writes the file: exact pictures, or whatever the browser's own recorder makes. */
export type Means = "exact" | "browser";

/** Why a recording ended. */
export type StopCause = "asked" | "camera-lost" | "server-gone" | "disk-full" | "encoder-failed";

/** A recording that is there to be looked at. */
export interface Recorded {
  readonly media: Blob;
  readonly sidecar: Sidecar;
  /** A small JPEG. */
  readonly thumbnail: Blob;
  readonly durationMs: number;
  readonly width: number;
  readonly height: number;
  readonly createdMs: number;
  readonly means: Means;
}

/** The running part of a recording. */
export interface Running {
  readonly means: Means;
  readonly startedMs: number;
  /** Length of the pauses that are over. */
  readonly pausedMs: number;
  /** Since when it is paused, or null; the tab hidden counts as a pause. */
  readonly pausedSinceMs: number | null;
  readonly hidden: boolean;
  readonly bytes: number;
  readonly markers: readonly Marker[];
}

/** A recording that waits for what people do with it. */
export interface Preview {
  readonly kind: "preview";
  readonly recorded: Recorded;
  readonly cause: StopCause;
  readonly name: string;
  /** The part that is kept, in ms from the beginning. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Whether it is being kept right now. */
  readonly keeping: boolean;
  /** Why it could not be kept, in words; empty where nothing went wrong. */
  readonly problem: string;
}

export type RecorderState =
  | { readonly kind: "rest" }
  | { readonly kind: "countdown"; readonly left: number }
  | { readonly kind: "opening" }
  | ({ readonly kind: "recording" } & Running)
  | { readonly kind: "finishing"; readonly cause: StopCause; readonly markers: readonly Marker[] }
  | Preview;

export type RecorderEvent =
  | { readonly kind: "begin" }
  | { readonly kind: "tick" }
  | { readonly kind: "opened"; readonly nowMs: number; readonly means: Means }
  | { readonly kind: "failed" }
  | { readonly kind: "pause"; readonly nowMs: number }
  | { readonly kind: "resume"; readonly nowMs: number }
  | { readonly kind: "hidden"; readonly nowMs: number }
  | { readonly kind: "visible"; readonly nowMs: number }
  | { readonly kind: "mark"; readonly nowMs: number }
  | { readonly kind: "grew"; readonly bytes: number }
  | { readonly kind: "stop"; readonly cause: StopCause }
  | { readonly kind: "finished"; readonly recorded: Recorded; readonly name: string }
  | { readonly kind: "renamed"; readonly name: string }
  | { readonly kind: "trimmed"; readonly fromMs: number; readonly toMs: number }
  | { readonly kind: "keep" }
  | { readonly kind: "kept" }
  | { readonly kind: "not-kept"; readonly words: string }
  | { readonly kind: "discard" }
  /** What was discarded is wanted after all. */
  | { readonly kind: "back"; readonly preview: Preview };

/** What the rim does. */
export type RecorderEffect = "open" | "pause" | "resume" | "finish" | "cancel" | "keep";

/** A step of the recorder. */
export interface Recording {
  readonly state: RecorderState;
  readonly effects: readonly RecorderEffect[];
}

/** The recorder before its first recording. */
export const REST: RecorderState = { kind: "rest" };

/** Shortest part that can be kept, in ms. */
export const SHORTEST_MS = 100;

/** Takes one event; what does not belong to the state changes nothing. */
export function record(state: RecorderState, event: RecorderEvent): Recording {
  switch (state.kind) {
    case "rest":
      if (event.kind === "back") return to(event.preview);
      return event.kind === "begin" ? to({ kind: "countdown", left: COUNTDOWN }) : to(state);
    case "countdown":
      if (event.kind === "discard" || event.kind === "stop" || event.kind === "hidden") return to(REST);
      if (event.kind !== "tick") return to(state);
      return state.left > 1
        ? to({ kind: "countdown", left: state.left - 1 })
        : to({ kind: "opening" }, "open");
    case "opening":
      return onOpening(event, state);
    case "recording":
      return onRunning(state, event);
    case "finishing":
      if (event.kind === "failed") return to(REST);
      return event.kind === "finished" ? to(preview(event, state.cause)) : to(state);
    case "preview":
      return onPreview(state, event);
    default: {
      const _never: never = state;
      return _never;
    }
  }
}

/** How long a recording is at a time, its pauses left out, in ms. */
export function elapsedMs({ startedMs, pausedMs, pausedSinceMs }: Running, nowMs: number): number {
  return (pausedSinceMs ?? nowMs) - startedMs - pausedMs;
}

/** Why a recording ended before somebody asked for it, in words; empty where somebody did. */
export function causeWords(cause: StopCause): string {
  switch (cause) {
    case "asked":
      return "";
    case "camera-lost":
      return "The picture changed or the camera was lost. The part until then is here.";
    case "server-gone":
      return "The server could not be reached any more. The part until then is here.";
    case "disk-full":
      return "There is no more room for the recording. The part until then is here.";
    case "encoder-failed":
      return "The browser could not go on encoding. The part until then is here.";
    default: {
      const _never: never = cause;
      return _never;
    }
  }
}

function onOpening(event: RecorderEvent, state: RecorderState): Recording {
  if (event.kind === "failed") return to(REST);
  if (event.kind === "stop" || event.kind === "discard") return to(REST, "cancel");
  if (event.kind !== "opened") return to(state);
  return to({
    kind: "recording",
    means: event.means,
    startedMs: event.nowMs,
    pausedMs: 0,
    pausedSinceMs: null,
    hidden: false,
    bytes: 0,
    markers: [],
  });
}

function onRunning(state: Extract<RecorderState, { kind: "recording" }>, event: RecorderEvent): Recording {
  switch (event.kind) {
    case "pause":
      return state.pausedSinceMs === null ? to({ ...state, pausedSinceMs: event.nowMs }, "pause") : to(state);
    case "resume":
      return resume(state, event.nowMs);
    case "hidden":
      return state.pausedSinceMs === null
        ? to({ ...state, pausedSinceMs: event.nowMs, hidden: true }, "pause")
        : to(state);
    case "visible":
      return state.hidden ? resume(state, event.nowMs) : to(state);
    case "mark": {
      if (state.markers.length >= MAX_MARKERS) return to(state);
      const t = elapsedMs(state, event.nowMs) / 1_000;
      return to({ ...state, markers: [...state.markers, { t, name: String(state.markers.length + 1) }] });
    }
    case "grew":
      return to({ ...state, bytes: event.bytes });
    case "stop":
      return to({ kind: "finishing", cause: event.cause, markers: state.markers }, "finish");
    case "failed":
      return to(REST);
    default:
      return to(state);
  }
}

function resume(state: Extract<RecorderState, { kind: "recording" }>, nowMs: number): Recording {
  if (state.pausedSinceMs === null) return to(state);
  const pausedMs = state.pausedMs + nowMs - state.pausedSinceMs;
  return to({ ...state, pausedMs, pausedSinceMs: null, hidden: false }, "resume");
}

function preview(
  { recorded, name }: Extract<RecorderEvent, { kind: "finished" }>,
  cause: StopCause,
): RecorderState {
  return {
    kind: "preview",
    recorded,
    cause,
    name,
    fromMs: 0,
    toMs: recorded.durationMs,
    keeping: false,
    problem: "",
  };
}

function onPreview(state: Preview, event: RecorderEvent): Recording {
  switch (event.kind) {
    case "renamed":
      return to({ ...state, name: event.name });
    case "trimmed": {
      const fromMs = Math.max(0, Math.min(event.fromMs, state.recorded.durationMs - SHORTEST_MS));
      const toMs = Math.min(state.recorded.durationMs, Math.max(event.toMs, fromMs + SHORTEST_MS));
      return to({ ...state, fromMs, toMs });
    }
    case "keep":
      return state.keeping ? to(state) : to({ ...state, keeping: true, problem: "" }, "keep");
    case "not-kept":
      return to({ ...state, keeping: false, problem: event.words });
    case "kept":
    case "discard":
      return to(REST);
    default:
      return to(state);
  }
}

function to(state: RecorderState, ...effects: RecorderEffect[]): Recording {
  return { state, effects };
}
