/** What lies over the picture to be painted on: hands, and the block of the keyboard. */
import type { ReadonlySignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { COVER_SIDE } from "../../../shared/cover.ts";
import { blockOf } from "./cover_state.ts";
import type { CoverModel } from "./model.ts";
import type { Place } from "./stamp.ts";
import { blockWords } from "./words.ts";

/** Properties of the layer. */
export interface PaintAreaProps {
  readonly model: CoverModel;
  readonly mirrored: ReadonlySignal<boolean>;
}

/** Steps of the arrow keys, as they are seen. */
const STEPS: ReadonlyMap<string, readonly [rows: number, columns: number]> = new Map([
  ["ArrowUp", [-1, 0]],
  ["ArrowDown", [1, 0]],
  ["ArrowLeft", [0, -1]],
  ["ArrowRight", [0, 1]],
]);

/** Takes strokes of fingers, mouse and pen, and keys while it has the focus. */
export function PaintArea({ model, mirrored }: PaintAreaProps) {
  const area = useRef<HTMLDivElement>(null);
  useEffect(() => area.current === null ? undefined : listen(area.current, model, mirrored), [model]);
  useEffect(() => {
    // Where the panel is a sheet, its button stood below the picture, which may have been scrolled away.
    const isSheet = matchMedia("(max-width: 900px)").matches;
    area.current?.scrollIntoView({ block: isSheet ? "start" : "nearest" });
  }, []);
  const state = model.state.value;
  const { top, left, bottom, right } = blockOf(state);
  return (
    <div
      class="cover-paint"
      ref={area}
      tabIndex={0}
      role="application"
      aria-label="Picture to be covered: arrow keys move a block, the space bar covers it"
      aria-describedby="cover-block"
      data-testid="cover-paint"
      data-erases={state.erases}
      onKeyDown={(event) => {
        if (!onKey(event, model, mirrored.peek())) return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <span
        class="cover-block"
        style={{
          top: `${100 * top / COVER_SIDE}%`,
          left: `${100 * left / COVER_SIDE}%`,
          height: `${100 * (bottom - top) / COVER_SIDE}%`,
          width: `${100 * (right - left) / COVER_SIDE}%`,
        }}
      />
      <span id="cover-block" class="visually-hidden" role="status">
        {blockWords(state, mirrored.value)}
      </span>
    </div>
  );
}

/** Whether a key meant something here. */
function onKey(event: KeyboardEvent, model: CoverModel, mirrored: boolean): boolean {
  const { key, shiftKey } = event;
  const step = STEPS.get(key);
  if (step !== undefined) {
    const [rows, columns] = step;
    model.take({ kind: "stepped", rows, columns: mirrored ? -columns : columns });
    // With Shift the block leaves a trace.
    if (shiftKey) model.take({ kind: "stamped" });
    return true;
  }
  if (key === " ") {
    model.take({ kind: "stamped" });
    return true;
  }
  if (key === "Escape" && model.state.peek().stroke !== null) {
    model.take({ kind: "cancelled" });
    return true;
  }
  return travelKey(event, model);
}

/** Ctrl+Z takes back, Ctrl+Shift+Z and Ctrl+Y do again. */
export function travelKey({ key, ctrlKey, metaKey, shiftKey }: KeyboardEvent, model: CoverModel): boolean {
  const letter = key.toLowerCase();
  if (!(ctrlKey || metaKey) || (letter !== "z" && letter !== "y")) return false;
  model.take({ kind: letter === "y" || shiftKey ? "redone" : "undone" });
  return true;
}

/** Begins to listen to pointers; the returned function ends it. */
function listen(area: HTMLElement, model: CoverModel, mirrored: ReadonlySignal<boolean>): () => void {
  const listeners = new AbortController();
  const { signal } = listeners;

  /** The page may have been resized since the stroke began: the picture is asked where it is each time. */
  function placeOf({ clientX, clientY }: PointerEvent): Place {
    const { left, top, width, height } = area.getBoundingClientRect();
    const x = (clientX - left) / width;
    return { x: mirrored.peek() ? 1 - x : x, y: (clientY - top) / height };
  }

  area.addEventListener("pointerdown", (event) => {
    // The right button and a pen's eraser make visible again.
    const erases = event.button === 2 || event.button === 5;
    if (event.button !== 0 && !erases) return;
    event.stopPropagation();
    area.setPointerCapture(event.pointerId);
    model.take({ kind: "down", pointer: event.pointerId, at: placeOf(event), erases });
  }, { signal });
  area.addEventListener("pointermove", (event) => {
    // A fast stroke has several places for one event.
    const events = event.getCoalescedEvents?.() ?? [];
    for (const one of events.length > 0 ? events : [event]) {
      model.take({ kind: "moved", pointer: event.pointerId, at: placeOf(one) });
    }
  }, { signal });
  for (const kind of ["pointerup", "pointercancel", "lostpointercapture"] as const) {
    area.addEventListener(kind, ({ pointerId: pointer }) => model.take({ kind: "up", pointer }), { signal });
  }
  area.addEventListener("contextmenu", (event) => event.preventDefault(), { signal });
  return () => listeners.abort();
}
