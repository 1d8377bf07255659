/** Listens to hands on the stage: drag to compare with and without the map, wheel or pinch for opacity. */
import type { Signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { RefObject } from "preact";
import { hand, type HandEvent, HOLD_MS, NO_HAND, shareAt } from "./gesture_state.ts";

/** Opacity per pixel of the wheel. */
const WHEEL_STEP = 0.0008;

/** What hands change. */
export interface GesturePorts {
  /** Share of the square, from its left as it is seen, over which the map lies, 0…1. */
  readonly wipe: Signal<number>;
  /** The map's opacity as it was chosen, 0…1. */
  readonly opacity: () => number;
  readonly setOpacity: (opacity: number) => void;
}

/** Listens on the stage while it is there; `ports` stay the same. */
export function useGestures(
  stage: RefObject<HTMLElement | null>,
  square: RefObject<HTMLElement | null>,
  ports: GesturePorts,
): void {
  useEffect(() => stage.current === null ? undefined : listen(stage.current, square, ports), []);
}

/** Begins to listen; the returned function ends it. */
function listen(
  element: HTMLElement,
  square: RefObject<HTMLElement | null>,
  { wipe, opacity, setOpacity }: GesturePorts,
): () => void {
  const listeners = new AbortController();
  const { signal } = listeners;
  let state = NO_HAND;
  let hold: ReturnType<typeof setTimeout> | undefined;

  function take(event: HandEvent): boolean {
    const step = hand(state, event);
    state = step.state;
    const { effect } = step;
    if (effect.kind !== "none" || event.kind !== "moved") clearTimeout(hold);
    if (effect.kind === "wait") {
      hold = setTimeout(() => take({ kind: "held", x: effect.x }), HOLD_MS);
    } else if (effect.kind === "opacity") setOpacity(effect.opacity);
    else if (effect.kind === "compare" && square.current !== null) {
      wipe.value = shareAt(effect.x, square.current.getBoundingClientRect());
    }
    return effect.kind === "compare";
  }

  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || isControl(event.target)) return;
    take({ kind: "down", id: event.pointerId, at: pointOf(event), opacity: opacity() });
  }, { signal });
  element.addEventListener("pointermove", (event) => {
    const compares = take({ kind: "moved", id: event.pointerId, at: pointOf(event) });
    if (compares) element.setPointerCapture(event.pointerId);
  }, { signal });
  for (const kind of ["pointerup", "pointercancel"] as const) {
    element.addEventListener(kind, ({ pointerId: id }) => take({ kind: "up", id }), { signal });
  }
  element.addEventListener("dblclick", () => wipe.value = 1, { signal });
  element.addEventListener("wheel", (event) => {
    // With Ctrl the wheel zooms the page, which belongs to the browser.
    if (event.ctrlKey) return;
    event.preventDefault();
    setOpacity(opacity() - event.deltaY * WHEEL_STEP);
  }, { signal, passive: false });

  return () => {
    listeners.abort();
    clearTimeout(hold);
  };
}

function pointOf({ clientX, clientY }: PointerEvent): { x: number; y: number } {
  return { x: clientX, y: clientY };
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof Element &&
    target.closest("button, a, select, input, label, [role=application]") !== null;
}
