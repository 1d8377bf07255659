/** The recorder as a state machine: events in, states and effects out. Pure; times in ms of one clock. */
import { MAX_MARKERS } from "../../../shared/sidecar.ts";
import type { Means } from "../../film/film.ts";
import {
  COUNTDOWN,
  elapsedMs,
  type Preview,
  type Recorded,
  type RecorderState,
  REST,
  SHORTEST_MS,
  type StopCause,
} from "./recorder_state.ts";

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
  | { readonly kind: "restored"; readonly preview: Preview };

/** What the model does. */
export type RecorderEffect = "open" | "pause" | "resume" | "finish" | "cancel" | "keep";

/** A step of the recorder. */
export interface Recording {
  readonly state: RecorderState;
  readonly effects: readonly RecorderEffect[];
}

/** Takes one event; what does not belong to the state changes nothing. */
export function record(state: RecorderState, event: RecorderEvent): Recording {
  switch (state.kind) {
    case "rest":
      if (event.kind === "restored") return to(event.preview);
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
