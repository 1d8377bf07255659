/** Mouse, touch and keyboard on the timeline: pointing, pinning, choosing a part. */
import { useRef } from "preact/hooks";
import type { TimelineModel } from "./model.ts";
import { timeAt } from "./places.ts";
import { SPAN_MS } from "./ring.ts";

/** A press that moves no further is a click, in pixels. */
const CLICK_PX = 5;

/** Steps of the arrow keys and of Page Up and Page Down, in ms. */
const STEP_MS = 1_000;
const PAGE_MS = 10_000;

/** How far each key moves along, in ms. */
const STEPS: ReadonlyMap<string, number> = new Map([
  ["ArrowLeft", -STEP_MS],
  ["ArrowDown", -STEP_MS],
  ["ArrowRight", STEP_MS],
  ["ArrowUp", STEP_MS],
  ["PageDown", -PAGE_MS],
  ["PageUp", PAGE_MS],
  ["Home", -SPAN_MS],
]);

/** What a press has become. */
interface Press {
  readonly x: number;
  readonly atMs: number;
  readonly touch: boolean;
  dragged: boolean;
}

/** Returns the handlers of the drawing. A mouse drags a part out; a finger moves the moment. */
export function usePointing(model: TimelineModel) {
  const press = useRef<Press | null>(null);
  const timeOf = (event: PointerEvent & { readonly currentTarget: HTMLElement }) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return timeAt(model.window, width, event.clientX - left);
  };
  type Pointing = PointerEvent & { readonly currentTarget: HTMLElement };
  return {
    onPointerDown(event: Pointing) {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      const atMs = timeOf(event);
      const touch = event.pointerType === "touch";
      press.current = { x: event.clientX, atMs, touch, dragged: false };
      if (touch) model.pin(atMs);
      else model.point(atMs);
    },
    onPointerMove(event: Pointing) {
      const { current } = press;
      const atMs = timeOf(event);
      if (current === null) return model.point(atMs);
      if (Math.abs(event.clientX - current.x) > CLICK_PX) current.dragged = true;
      if (current.touch) model.pin(atMs);
      else if (current.dragged) model.choose([current.atMs, atMs]);
    },
    onPointerUp(event: Pointing) {
      const { current } = press;
      press.current = null;
      if (current !== null && !current.touch && !current.dragged) model.pin(timeOf(event));
    },
    onPointerCancel() {
      press.current = null;
    },
    onPointerLeave() {
      if (press.current === null) model.leave();
    },
    onKeyDown(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || !act(model, event)) return;
      event.preventDefault();
      event.stopPropagation();
    },
  };
}

/** Does what a key says; false where it says nothing here. */
function act(model: TimelineModel, { key, shiftKey }: KeyboardEvent): boolean {
  const before = momentMs(model);
  const step = STEPS.get(key);
  if (step !== undefined) model.step(step);
  else if (key === "End") model.live();
  else if (key === "Enter") void model.freeze();
  else return false;
  if (shiftKey && key !== "Enter") extend(model, before, momentMs(model));
  return true;
}

function momentMs(model: TimelineModel): number {
  return (model.looked.peek()?.moment ?? model.held.peek())?.atMs ?? model.nowMs;
}

/** Moves the end of the chosen part that is at the moment; none is chosen yet: it reaches from there. */
function extend(model: TimelineModel, before: number, after: number): void {
  const chosen = model.chosen.peek();
  const fixed = chosen === null ? before : Math.abs(chosen.fromMs - before) < 1 ? chosen.toMs : chosen.fromMs;
  model.choose([fixed, after]);
}
