/** What a hand does on the stage: drag to compare with and without the map, pinch for opacity. Pure. */

/** A press becomes a comparison after this time, in ms, or after this distance, in pixels. */
export const HOLD_MS = 250;
export const DRAG_PX = 6;

/** Shares from here on mean that the map lies everywhere again. */
const WHOLE_SHARE = 0.985;

/** A point of the window, in pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The pointers that are down, and what they are doing. */
export interface HandState {
  readonly pointers: ReadonlyMap<number, Point>;
  readonly comparing: boolean;
  /** Where two fingers began; null while nothing is pinched. */
  readonly pinch: { readonly distance: number; readonly opacity: number } | null;
}

/** No pointer is down. */
export const NO_HAND: HandState = { pointers: new Map(), comparing: false, pinch: null };

/** What a pointer does; `opacity`: the map's opacity at that moment, 0…1. */
export type HandEvent =
  | { readonly kind: "down"; readonly id: number; readonly at: Point; readonly opacity: number }
  /** A press was held for `HOLD_MS`. */
  | { readonly kind: "held"; readonly x: number }
  | { readonly kind: "moved"; readonly id: number; readonly at: Point }
  | { readonly kind: "up"; readonly id: number };

/** What the caller does about it. */
export type HandEffect =
  | { readonly kind: "none" }
  /** Reports "held" after `HOLD_MS`, unless something else comes before. */
  | { readonly kind: "wait"; readonly x: number }
  /** Puts the map's end at x. */
  | { readonly kind: "compare"; readonly x: number }
  | { readonly kind: "opacity"; readonly opacity: number };

/** The new state and what to do. */
export interface HandStep {
  readonly state: HandState;
  readonly effect: HandEffect;
}

/** Takes one event. */
export function hand(state: HandState, event: HandEvent): HandStep {
  switch (event.kind) {
    case "down": {
      const pointers = new Map(state.pointers).set(event.id, event.at);
      if (pointers.size !== 2) {
        return { state: { ...state, pointers }, effect: { kind: "wait", x: event.at.x } };
      }
      const pinch = { distance: spread(pointers), opacity: event.opacity };
      return { state: { ...state, pointers, pinch }, effect: { kind: "none" } };
    }
    case "held":
      return comparing(state, event.x);
    case "moved":
      return moved(state, event.id, event.at);
    case "up": {
      const pointers = new Map(state.pointers);
      pointers.delete(event.id);
      const left = pointers.size > 0 && state.comparing;
      return { state: { pointers, comparing: left, pinch: null }, effect: { kind: "none" } };
    }
    default: {
      const _never: never = event;
      return _never;
    }
  }
}

function moved(state: HandState, id: number, at: Point): HandStep {
  const start = state.pointers.get(id);
  if (start === undefined) return { state, effect: { kind: "none" } };
  if (state.pinch !== null) {
    const pointers = new Map(state.pointers).set(id, at);
    const opacity = state.pinch.opacity * spread(pointers) / Math.max(1, state.pinch.distance);
    return { state: { ...state, pointers }, effect: { kind: "opacity", opacity } };
  }
  const drags = state.comparing || Math.abs(at.x - start.x) >= DRAG_PX;
  return drags ? comparing(state, at.x) : { state, effect: { kind: "none" } };
}

function comparing(state: HandState, x: number): HandStep {
  return { state: { ...state, comparing: true }, effect: { kind: "compare", x } };
}

/** Distance of the first two pointers in pixels; 0 of fewer. */
function spread(pointers: ReadonlyMap<number, Point>): number {
  const [a, b] = [...pointers.values()];
  return a === undefined || b === undefined ? 0 : Math.hypot(a.x - b.x, a.y - b.y);
}

/** Share of the square that lies left of x, 0…1; close to its right edge: all of it. */
export function shareAt(
  x: number,
  { left, width }: { readonly left: number; readonly width: number },
): number {
  const share = Math.min(1, Math.max(0, (x - left) / width));
  return share > WHOLE_SHARE ? 1 : share;
}
