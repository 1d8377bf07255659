/** What a hand does on the stage: drag to compare with and without the map, wheel or pinch for opacity. */
import { useEffect } from "preact/hooks";
import type { RefObject } from "preact";
import type { Page } from "../app/page.ts";

/** A press becomes a comparison after this time, in ms, or after this way, in px. */
const HOLD_MS = 250;
const DRAG_PX = 6;

/** Opacity per px of the wheel. */
const WHEEL_STEP = 0.0008;

/** Shares from here on mean that the map lies everywhere again. */
const WHOLE_SHARE = 0.985;

/** Listens on the stage while it is there. */
export function useGestures(
  stage: RefObject<HTMLElement | null>,
  square: RefObject<HTMLElement | null>,
  page: Page,
): void {
  useEffect(() => {
    const element = stage.current;
    if (element === null) return;
    const listeners = new AbortController();
    const { signal } = listeners;
    const pointers = new Map<number, { x: number; y: number }>();
    let hold: ReturnType<typeof setTimeout> | undefined;
    let dragging = false;
    let pinchFrom: { distance: number; opacity: number } | null = null;

    const compareAt = (x: number) => {
      const box = square.current?.getBoundingClientRect();
      if (box === undefined) return;
      dragging = true;
      const share = Math.min(1, Math.max(0, (x - box.left) / box.width));
      page.wipe.value = share > WHOLE_SHARE ? 1 : share;
    };
    const end = (event: PointerEvent) => {
      pointers.delete(event.pointerId);
      clearTimeout(hold);
      pinchFrom = null;
      if (pointers.size === 0) dragging = false;
    };

    element.addEventListener("pointerdown", (event) => {
      if (
        event.button !== 0 || (event.target as Element).closest("button, a, select, input, label") !== null
      ) {
        return;
      }
      pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      clearTimeout(hold);
      if (pointers.size === 2) {
        pinchFrom = { distance: spread(pointers), opacity: page.settings.peek().opacity };
      } else hold = setTimeout(() => compareAt(event.clientX), HOLD_MS);
    }, { signal });

    element.addEventListener("pointermove", (event) => {
      const start = pointers.get(event.pointerId);
      if (start === undefined) return;
      if (pinchFrom !== null) {
        pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
        page.setOpacity(pinchFrom.opacity * spread(pointers) / Math.max(1, pinchFrom.distance));
      } else if (dragging || Math.abs(event.clientX - start.x) >= DRAG_PX) {
        clearTimeout(hold);
        element.setPointerCapture(event.pointerId);
        compareAt(event.clientX);
      }
    }, { signal });

    element.addEventListener("pointerup", end, { signal });
    element.addEventListener("pointercancel", end, { signal });
    element.addEventListener("dblclick", () => page.wipe.value = 1, { signal });
    element.addEventListener("wheel", (event) => {
      // With Ctrl the wheel zooms the page, which belongs to the browser.
      if (event.ctrlKey) return;
      event.preventDefault();
      page.setOpacity(page.settings.peek().opacity - event.deltaY * WHEEL_STEP);
    }, { signal, passive: false });

    return () => {
      listeners.abort();
      clearTimeout(hold);
    };
  }, [page]);
}

function spread(pointers: ReadonlyMap<number, { x: number; y: number }>): number {
  const [a, b] = [...pointers.values()];
  return a === undefined || b === undefined ? 0 : Math.hypot(a.x - b.x, a.y - b.y);
}
