/** The tour's words beside what they speak of, which is lit. */
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { takesKeys } from "../../ui/keys.ts";
import type { Guide } from "./guide.ts";
import { placeBeside, type Rectangle } from "./place.ts";
import { numberOf, TOUR_STEPS, type TourStep } from "./tour_state.ts";

/** What each step speaks of: the first of these that is to be seen. */
const ABOUT: Readonly<Record<TourStep, readonly string[]>> = {
  point: [".stage"],
  glow: [".stage"],
  cover: [".stage"],
  fall: [".predictions", ".present-label"],
  another: [".stage"],
  unsure: [".predictions .first", ".present-label"],
  record: [".record-tools", ".present-bar"],
};

/** Room between what is lit and its edge, in px. */
const MARGIN = 6;

/** Properties of the words. */
export interface CalloutProps {
  readonly guide: Guide;
}

/** The step of the tour. */
export function Callout({ guide }: CalloutProps) {
  const box = useRef<HTMLDivElement>(null);
  const lit = useSignal<Rectangle | null>(null);
  const place = useSignal({ left: 0, top: 0 });
  const { step, unattended } = guide.state.value;
  const { title, words } = guide.words;
  const number = numberOf(step);

  const measure = () => {
    const about = elementOf(step);
    if (box.current === null || about === null) return;
    const around = grown(about.getBoundingClientRect());
    const { offsetWidth: width, offsetHeight: height } = box.current;
    const next = placeBeside(around, { width, height }, { width: innerWidth, height: innerHeight });
    if (!same(lit.peek(), around)) lit.value = around;
    if (next.left !== place.peek().left || next.top !== place.peek().top) place.value = next;
  };

  useLayoutEffect(() => {
    elementOf(step)?.scrollIntoView({ block: "nearest" });
    measure();
  }, [step]);
  useLayoutEffect(measure, [words]);

  useEffect(() => {
    const listeners = new AbortController();
    const { signal } = listeners;
    const watcher = new ResizeObserver(measure);
    watcher.observe(document.body);
    const about = elementOf(step);
    if (about !== null) watcher.observe(about);
    addEventListener("scroll", measure, { signal, capture: true, passive: true });
    addEventListener("resize", measure, { signal });
    return () => {
      watcher.disconnect();
      listeners.abort();
    };
  }, [step]);

  useEffect(() => {
    const before = document.activeElement;
    if (!unattended) box.current?.focus({ preventScroll: true });
    const listeners = new AbortController();
    addEventListener("keydown", (event) => {
      if (!unattended && turnsPage(event, guide)) event.preventDefault();
    }, { signal: listeners.signal });
    return () => {
      listeners.abort();
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, []);

  return (
    <>
      {unattended && <div class="tour-shield" data-testid="tour-shield" />}
      {lit.value !== null && <div class="tour-light" aria-hidden="true" style={pixels(lit.value)} />}
      <div
        class="tour-words"
        role="dialog"
        aria-labelledby="tour-title"
        aria-describedby="tour-said"
        tabIndex={-1}
        ref={box}
        data-testid="tour"
        data-step={step}
        data-unattended={unattended}
        style={pixels(place.value)}
      >
        <p class="muted small number">
          {unattended ? "Touch to try it yourself" : `${number} of ${TOUR_STEPS.length}`}
        </p>
        <h2 id="tour-title">{title}</h2>
        <p id="tour-said" role="status" data-testid="tour-said">
          {guide.isLive ? words : "There is no connection to the server: waiting for it."}
        </p>
        {!unattended && <Buttons guide={guide} number={number} />}
      </div>
    </>
  );
}

function Buttons({ guide, number }: { readonly guide: Guide; readonly number: number }) {
  const isLast = number === TOUR_STEPS.length;
  return (
    <div class="tour-buttons">
      <button
        type="button"
        class="button"
        data-testid="tour-leave"
        onClick={() => isLast ? guide.record() : guide.leave()}
      >
        {isLast ? "Record" : "End tour"}
      </button>
      <button type="button" class="button" disabled={number === 1} onClick={() => guide.back()}>Back</button>
      <button type="button" class="button primary" data-testid="tour-next" onClick={() => guide.next()}>
        {isLast ? "Done" : "Next"}
      </button>
    </div>
  );
}

/** Turns by the arrow keys, but for those that a field or slider takes; returns whether it did. */
function turnsPage(
  { key, target, altKey, ctrlKey, metaKey, shiftKey }: KeyboardEvent,
  guide: Guide,
): boolean {
  if (altKey || ctrlKey || metaKey || shiftKey) return false;
  if (target instanceof HTMLElement) {
    if (takesKeys(target.tagName, target.getAttribute("type"), key)) return false;
    if (target.closest("[role=slider], [role=listbox], [role=tree], [popover], dialog") !== null) {
      return false;
    }
  }
  if (key === "ArrowRight") guide.next();
  else if (key === "ArrowLeft") guide.back();
  else return false;
  return true;
}

function elementOf(step: TourStep): Element | null {
  const found = ABOUT[step].flatMap((selector) => [...document.querySelectorAll(selector)]);
  return found.find((element) => element.getClientRects().length > 0) ?? null;
}

function grown({ left, top, width, height }: DOMRect): Rectangle {
  return { left: left - MARGIN, top: top - MARGIN, width: width + 2 * MARGIN, height: height + 2 * MARGIN };
}

function same(a: Rectangle | null, b: Rectangle): boolean {
  return a?.left === b.left && a.top === b.top && a.width === b.width && a.height === b.height;
}

function pixels(sides: Partial<Rectangle>): Record<string, string> {
  return Object.fromEntries(Object.entries(sides).map(([side, value]) => [side, `${value}px`]));
}
