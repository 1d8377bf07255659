/** Where the tour stands: its steps, and what each waits for. Pure. */

/** The steps, in their order. */
export const TOUR_STEPS = ["point", "glow", "cover", "fall", "another", "unsure", "record"] as const;
export type TourStep = typeof TOUR_STEPS[number];

/** What a step shows is waited for this long, in ms; then the step says that it is not to be seen here. */
export const PATIENCE_MS = 6_000;

/** An unattended step stays for at least this long, and this long for each letter of its words, in ms. */
const SHORTEST_MS = 5_000;
const LETTER_MS = 60;

/** A tour under way. */
export interface TourState {
  readonly step: TourStep;
  /** Whether nobody presses anything: steps follow each other by themselves. */
  readonly unattended: boolean;
  /** When the step began, in ms; what has no connection waits without its time running. */
  readonly sinceMs: number;
  /** When what it shows was to be seen first, or was given up; null: it is waited for. */
  readonly readyMs: number | null;
  /** Whether it was given up. */
  readonly missed: boolean;
}

/** What happens to a tour. */
export type TourEvent =
  | { readonly kind: "next" | "back"; readonly nowMs: number }
  /**
   * Time passes. `live`: the server answers; `shown`: what the step shows is to be seen; `letters`: of its words.
   */
  | {
    readonly kind: "tick";
    readonly nowMs: number;
    readonly live: boolean;
    readonly shown: boolean;
    readonly letters: number;
  };

/** Begins a tour. */
export function firstStep(nowMs: number, unattended: boolean): TourState {
  return begun(TOUR_STEPS[0], nowMs, unattended);
}

/** Takes one event; null: the tour is over. */
export function toured(state: TourState, event: TourEvent): TourState | null {
  switch (event.kind) {
    case "next":
      return moved(state, 1, event.nowMs);
    case "back":
      return moved(state, -1, event.nowMs) ?? state;
    case "tick":
      return ticked(state, event);
    default: {
      const _never: never = event;
      return _never;
    }
  }
}

/** The step's number, from 1. */
export function numberOf(step: TourStep): number {
  return TOUR_STEPS.indexOf(step) + 1;
}

function begun(step: TourStep, nowMs: number, unattended: boolean): TourState {
  return { step, unattended, sinceMs: nowMs, readyMs: null, missed: false };
}

function moved({ step, unattended }: TourState, by: 1 | -1, nowMs: number): TourState | null {
  const next = TOUR_STEPS[TOUR_STEPS.indexOf(step) + by];
  return next === undefined ? null : begun(next, nowMs, unattended);
}

function ticked(
  state: TourState,
  { nowMs, live, shown, letters }: Extract<TourEvent, { kind: "tick" }>,
): TourState | null {
  if (!live) return { ...state, sinceMs: nowMs, readyMs: null, missed: false };
  // What comes late still comes.
  if (shown && (state.readyMs === null || state.missed)) return { ...state, readyMs: nowMs, missed: false };
  if (state.readyMs === null) {
    return nowMs - state.sinceMs < PATIENCE_MS ? state : { ...state, readyMs: nowMs, missed: true };
  }
  const readingMs = Math.max(SHORTEST_MS, LETTER_MS * letters);
  return state.unattended && nowMs - state.readyMs >= readingMs ? moved(state, 1, nowMs) : state;
}
