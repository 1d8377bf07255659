/** Moves and zooms a drawing by pointer, two fingers and wheel. */
import { useEffect } from "preact/hooks";
import type { RefObject } from "preact";
import type { TreeView } from "./tree_view.ts";
import type { Point } from "./viewport.ts";

/** A press that moves further than this is no click, in pixels. */
const CLICK_PX = 4;

/** How much one pixel of a wheel zooms: a notch of 100 pixels by about a quarter. */
const PER_WHEEL_PX = 0.0022;

/** Pixels of a line, for wheels that count lines. */
const LINE_PX = 16;

/** Follows pointers on an element; what stays a click reaches the boxes as one. */
export function usePanZoom(element: RefObject<SVGSVGElement>, view: TreeView): void {
  useEffect(() => {
    const { current: svg } = element;
    if (svg === null) return;
    const listeners = new AbortController();
    const { signal } = listeners;
    const place = ({ clientX, clientY }: MouseEvent): Point => {
      const box = svg.getBoundingClientRect();
      return { x: clientX - box.left, y: clientY - box.top };
    };
    followPointers(svg, view, place, signal);
    svg.addEventListener("wheel", (event) => {
      const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * LINE_PX : event.deltaY;
      // At the ends of the scale the wheel scrolls the page.
      if (view.zoom(Math.exp(-pixels * PER_WHEEL_PX), place(event))) event.preventDefault();
    }, { passive: false, signal });
    const sizes = new ResizeObserver(() => view.resize({ width: svg.clientWidth, height: svg.clientHeight }));
    sizes.observe(svg);
    return () => {
      listeners.abort();
      sizes.disconnect();
    };
  }, [view]);
}

function followPointers(
  svg: SVGSVGElement,
  view: TreeView,
  place: (event: MouseEvent) => Point,
  signal: AbortSignal,
): void {
  const pointers = new Map<number, Point>();
  let moved = 0;

  svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    if (pointers.size === 0) moved = 0;
    pointers.set(event.pointerId, place(event));
  }, { signal });

  svg.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (before === undefined) return;
    const now = place(event);
    const by = { x: now.x - before.x, y: now.y - before.y };
    moved += Math.hypot(by.x, by.y);
    if (moved <= CLICK_PX) return;
    // Only now: a captured pointer's click would not reach the box below it.
    svg.setPointerCapture(event.pointerId);
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    pointers.set(event.pointerId, now);
    if (other === undefined) return view.pan(by);
    const spread = (point: Point) => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
    view.pan({ x: by.x / 2, y: by.y / 2 });
    view.zoom(spread(now) / spread(before), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
  }, { signal });

  const up = (event: PointerEvent) => pointers.delete(event.pointerId);
  svg.addEventListener("pointerup", up, { signal });
  svg.addEventListener("pointercancel", up, { signal });
  svg.addEventListener("pointerleave", (event) => {
    if (!svg.hasPointerCapture(event.pointerId)) up(event);
  }, { signal });
  svg.addEventListener("click", (event) => {
    if (moved > CLICK_PX) event.stopPropagation();
  }, { capture: true, signal });
}
