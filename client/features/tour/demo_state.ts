/** Whether the tour runs unattended, as in a booth, or somebody uses the page. Pure. */

/** After this long without a touch, key or pointer the loop begins again, in ms. */
export const STILL_MS = 60_000;

/** Where a booth stands. */
export type DemoState =
  /** The tour runs; `round`: how often it began, from 0. */
  | { readonly kind: "playing"; readonly round: number }
  /** Somebody uses the page, and did something last at `lastMs`. */
  | { readonly kind: "awake"; readonly round: number; readonly lastMs: number };

/** What happens in a booth. */
export type DemoEvent =
  | { readonly kind: "touched"; readonly nowMs: number }
  /** A tour is over. */
  | { readonly kind: "ended" }
  /** Time passes; `busy`: something is under way that must not be ended, such as a recording. */
  | { readonly kind: "tick"; readonly nowMs: number; readonly busy: boolean };

/** How a booth begins. */
export const FIRST_ROUND: DemoState = { kind: "playing", round: 0 };

/** Takes one event. */
export function demonstrated(state: DemoState, event: DemoEvent): DemoState {
  switch (event.kind) {
    case "touched":
      return { kind: "awake", round: state.round, lastMs: event.nowMs };
    case "ended":
      return state.kind === "playing" ? { kind: "playing", round: state.round + 1 } : state;
    case "tick":
      if (state.kind === "playing") return state;
      if (event.busy) return { ...state, lastMs: event.nowMs };
      return event.nowMs - state.lastMs < STILL_MS ? state : { kind: "playing", round: state.round + 1 };
    default: {
      const _never: never = event;
      return _never;
    }
  }
}
