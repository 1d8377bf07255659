/** The state of the connection, as a pure reducer; `socket_link.ts` performs its effects. */
import { type ErrorCode, errorOfCloseCode, ERRORS } from "../../shared/errors.ts";
import { backoff } from "./backoff.ts";

/** How long a server may take from open socket to welcome, in ms. */
export const WELCOME_TIMEOUT_MS = 5_000;

/** Shortest pause before a full server is asked again, in ms. */
export const BUSY_PAUSE_MS = 2_000;

/** A connection that lived shorter than this does not count as a success, in ms. */
const STEADY_MS = 2_000;

/** Close codes after which no attempt is made (E2). */
const FINAL_CLOSE_CODES: readonly number[] = [4001, 4002, 4010, 4029, 1009];

/** Close code after which an attempt is made when there is something to show (E4). */
const SEAT_GIVEN = ERRORS["seat-given"].close;

/** Where the connection stands; each state carries only what is valid in it. */
export type ConnectionState =
  | { readonly phase: "idle" }
  /** A socket is opening. `attempt` = failures in a row before it. */
  | { readonly phase: "opening"; readonly attempt: number; readonly after: Setback | null }
  /** The hello is sent, the welcome is awaited. */
  | { readonly phase: "greeting"; readonly attempt: number; readonly after: Setback | null }
  | {
    readonly phase: "live";
    readonly attempt: number;
    readonly sinceMs: number;
    readonly told: ErrorCode | null;
  }
  | {
    readonly phase: "waiting";
    readonly attempt: number;
    readonly retryAtMs: number;
    readonly after: Setback;
  }
  /** The seat went to somebody else: no attempt is made until this page has a use for another one (E4). */
  | { readonly phase: "resting"; readonly words: string }
  | { readonly phase: "ended"; readonly words: string };

/** Why the connection is not live. */
export interface Setback {
  readonly kind: "offline" | "busy";
  readonly words: string;
}

/** What happens to the connection; times in ms of one clock. */
export type ConnectionEvent =
  | { readonly kind: "start" }
  | { readonly kind: "opened" }
  | { readonly kind: "welcomed"; readonly nowMs: number }
  /** The server said an error that belongs to a close. */
  | { readonly kind: "told"; readonly code: ErrorCode; readonly message: string }
  | { readonly kind: "closed"; readonly closeCode: number; readonly nowMs: number; readonly random: number }
  /** The pause is over, or the welcome did not come in time. */
  | { readonly kind: "due" }
  /** The network is back, the tab shows, or somebody asked: do not wait any longer. */
  | { readonly kind: "hurry" }
  /** There is a picture to show, or something to ask for. */
  | { readonly kind: "wanted" }
  /** The socket is open but nothing comes through. */
  | { readonly kind: "stalled" }
  /** The server does not take this page, and said why (H8). */
  | { readonly kind: "refused"; readonly words: string };

/** What the caller does next; `wake` replaces an earlier wake. */
export type ConnectionEffect =
  | { readonly kind: "open" }
  | { readonly kind: "hello" }
  | { readonly kind: "close" }
  /** Let go of the socket that is opening; nobody wants to hear of its end. */
  | { readonly kind: "drop" }
  | { readonly kind: "wake"; readonly inMs: number }
  | { readonly kind: "sleep" }
  /** The socket did not open: ask over HTTP why. */
  | { readonly kind: "ask-why" };

/** A step of the connection. */
export interface Connected {
  readonly state: ConnectionState;
  readonly effects: readonly ConnectionEffect[];
}

/** Takes one event; events that mean nothing in a state leave it as it is. */
export function connect(state: ConnectionState, event: ConnectionEvent): Connected {
  switch (event.kind) {
    case "start":
      return state.phase === "idle" ? opening(0, null) : rest(state);
    case "opened":
      if (state.phase !== "opening") return rest(state);
      return {
        state: { ...state, phase: "greeting" },
        effects: [{ kind: "hello" }, { kind: "wake", inMs: WELCOME_TIMEOUT_MS }],
      };
    case "welcomed":
      if (state.phase !== "greeting") return rest(state);
      return {
        state: { phase: "live", attempt: state.attempt, sinceMs: event.nowMs, told: null },
        effects: [{ kind: "sleep" }],
      };
    case "told":
      return told(state, event.code, event.message);
    case "closed":
      return closed(state, event);
    case "due":
      if (state.phase === "waiting") return opening(state.attempt, state.after);
      return state.phase === "greeting" ? { state, effects: [{ kind: "close" }] } : rest(state);
    case "hurry":
      if (state.phase === "resting") return opening(0, null);
      return state.phase === "waiting" ? opening(0, state.after) : rest(state);
    case "wanted":
      return state.phase === "resting" ? opening(0, null) : rest(state);
    case "stalled":
      return state.phase === "live" ? { state, effects: [{ kind: "close" }] } : rest(state);
    case "refused":
      // A socket that has opened meanwhile knows better.
      if (state.phase !== "waiting" && state.phase !== "opening") return rest(state);
      return {
        state: { phase: "ended", words: event.words },
        effects: [{ kind: "sleep" }, { kind: "drop" }],
      };
    default: {
      const _never: never = event;
      return _never;
    }
  }
}

/** The connection in one word: what `data-testid="connection"` says. */
export function connectionWord(
  state: ConnectionState,
): "connecting" | "live" | "busy" | "paused" | "offline" {
  switch (state.phase) {
    case "idle":
      return "connecting";
    case "opening":
    case "greeting":
      return state.after?.kind ?? "connecting";
    case "live":
      return "live";
    case "waiting":
      return state.after.kind;
    case "resting":
      return "paused";
    case "ended":
      return "offline";
    default: {
      const _never: never = state;
      return _never;
    }
  }
}

/** What stands beside that word: the countdown or the reason; empty while live. */
export function connectionDetail(state: ConnectionState, nowMs: number): string {
  switch (state.phase) {
    case "idle":
    case "live":
      return "";
    case "opening":
    case "greeting":
      return state.after === null ? "" : "reconnecting now";
    case "waiting":
      return `reconnecting in ${Math.max(1, Math.ceil((state.retryAtMs - nowMs) / 1000))} s`;
    case "resting":
    case "ended":
      return state.words;
    default: {
      const _never: never = state;
      return _never;
    }
  }
}

function opening(attempt: number, after: Setback | null): Connected {
  return { state: { phase: "opening", attempt, after }, effects: [{ kind: "sleep" }, { kind: "open" }] };
}

function told(state: ConnectionState, code: ErrorCode, message: string): Connected {
  const { close } = ERRORS[code];
  if (close === null) return rest(state);
  if (state.phase === "live") return rest({ ...state, told: code });
  if (state.phase === "greeting") {
    const words = code === "busy"
      ? `${message}. The page tries again until a place is free.`
      : ERRORS[code].words;
    return rest({ ...state, after: { kind: code === "busy" ? "busy" : "offline", words } });
  }
  return rest(state);
}

function closed(state: ConnectionState, event: Extract<ConnectionEvent, { kind: "closed" }>): Connected {
  if (state.phase !== "opening" && state.phase !== "greeting" && state.phase !== "live") return rest(state);
  if (event.closeCode === SEAT_GIVEN) {
    return {
      state: { phase: "resting", words: ERRORS["seat-given"].words },
      effects: [{ kind: "sleep" }],
    };
  }
  const code = state.phase === "live" && state.told !== null ? state.told : errorOfCloseCode(event.closeCode);
  if (FINAL_CLOSE_CODES.includes(event.closeCode)) {
    const words = code === null ? "The server ended the connection. Reload the page." : ERRORS[code].words;
    return { state: { phase: "ended", words }, effects: [{ kind: "sleep" }] };
  }
  const steady = state.phase === "live" && event.nowMs - state.sinceMs >= STEADY_MS;
  const failures = steady ? 0 : state.attempt;
  const busy = code === "busy";
  const pauseMs = Math.max(backoff(failures, event.random), busy ? BUSY_PAUSE_MS : 0);
  const told = state.phase === "live" ? null : state.after;
  const after: Setback = busy
    ? { kind: "busy", words: told?.kind === "busy" ? told.words : ERRORS.busy.words }
    : { kind: "offline", words: code === null ? "The server cannot be reached." : ERRORS[code].words };
  return {
    state: { phase: "waiting", attempt: failures + 1, retryAtMs: event.nowMs + pauseMs, after },
    effects: [
      { kind: "wake", inMs: pauseMs },
      ...(state.phase === "opening" ? [{ kind: "ask-why" } as const] : []),
    ],
  };
}

function rest(state: ConnectionState): Connected {
  return { state, effects: [] };
}
