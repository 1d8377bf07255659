/** The connection of somebody who watches, as a pure reducer. Times in ms of one clock. */
import { errorOfCloseCode, ERRORS } from "../../shared/errors.ts";
import { backoff } from "../live/backoff.ts";

/** Where it stands. */
export type WatchState =
  | { readonly phase: "opening"; readonly attempt: number; readonly words: string }
  | { readonly phase: "live"; readonly away: boolean }
  | {
    readonly phase: "waiting";
    readonly attempt: number;
    readonly retryAtMs: number;
    readonly words: string;
  }
  | { readonly phase: "ended"; readonly words: string };

export type WatchEvent =
  | { readonly kind: "welcomed" }
  | { readonly kind: "away"; readonly on: boolean }
  | { readonly kind: "closed"; readonly code: number; readonly nowMs: number; readonly random: number }
  /** The server does not take this page, and said why (H8). */
  | { readonly kind: "refused"; readonly words: string }
  /** The pause is over, or the network is back. */
  | { readonly kind: "due" };

/** A page that has just been opened. */
export const FIRST_WATCH: WatchState = { phase: "opening", attempt: 0, words: "" };

/** Shortest pause before a show that is not there is asked for again, in ms: its presenter may still be coming. */
const UNKNOWN_PAUSE_MS = 2_000;

/** Takes one event; what means nothing in a state leaves it as it is. */
export function watch(state: WatchState, event: WatchEvent): WatchState {
  switch (event.kind) {
    case "welcomed":
      return state.phase === "opening" ? { phase: "live", away: false } : state;
    case "away":
      return state.phase === "live" ? { ...state, away: event.on } : state;
    case "refused":
      return state.phase === "waiting" || state.phase === "opening"
        ? { phase: "ended", words: event.words }
        : state;
    case "due":
      return state.phase === "waiting"
        ? { phase: "opening", attempt: state.attempt, words: state.words }
        : state;
    case "closed":
      return state.phase === "opening" || state.phase === "live" ? closed(state, event) : state;
    default: {
      const _never: never = event;
      return _never;
    }
  }
}

function closed(
  state: Extract<WatchState, { phase: "opening" | "live" }>,
  { code, nowMs, random }: Extract<WatchEvent, { kind: "closed" }>,
): WatchState {
  const error = errorOfCloseCode(code);
  if (error !== null && !ERRORS[error].retry) return { phase: "ended", words: ERRORS[error].words };
  const failures = state.phase === "live" ? 0 : state.attempt;
  const pauseMs = Math.max(
    backoff(failures, random),
    error === "unknown-show" || error === "busy" ? UNKNOWN_PAUSE_MS : 0,
  );
  return {
    phase: "waiting",
    attempt: failures + 1,
    retryAtMs: nowMs + pauseMs,
    words: error === null
      ? "The server cannot be reached. This page tries again until it answers."
      : ERRORS[error].words,
  };
}

/** What is said about the connection; empty while everything is well. */
export function watchWords(state: WatchState): string {
  switch (state.phase) {
    case "opening":
      return state.words === "" ? "Connecting…" : state.words;
    case "live":
      return state.away ? "The presenter is away for a moment." : "";
    case "waiting":
    case "ended":
      return state.words;
    default: {
      const _never: never = state;
      return _never;
    }
  }
}
