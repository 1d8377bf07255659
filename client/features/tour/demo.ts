/** Runs the tour unattended, round after round on the samples, until somebody touches the page. */
import { effect } from "@preact/signals";
import { type DemoEvent, demonstrated, FIRST_ROUND } from "./demo_state.ts";
import type { Tour } from "./tour.ts";

/** Time between two looks at whether somebody is still there, in ms. */
const LOOK_MS = 1_000;

/** A pointer that moves less far is a table that is bumped, in px. */
const BUMP_PX = 8;

/** What a booth needs. */
export interface DemoPorts {
  readonly tour: Pick<Tour, "running" | "start" | "leave">;
  /** Shows the samples one after the other; `round` counts from 0. */
  readonly showSample: (round: number) => void;
  /** Closes what a visitor left open. */
  readonly tidy: () => void;
  /** Whether something is under way that must not be ended. */
  readonly isBusy: () => boolean;
  /** Whether the page looks as a booth does: words alone, no tools, no pointer. */
  readonly setLook: (playing: boolean) => void;
  readonly now: () => number;
  readonly every: (ms: number, run: () => void) => () => void;
  readonly events: Pick<EventTarget, "addEventListener">;
}

/** A booth. */
export interface Booth {
  /** Ends it; the page stays as it is. */
  dispose(): void;
}

/** Begins it. */
export function startDemo(ports: DemoPorts): Booth {
  const { tour } = ports;
  let state = FIRST_ROUND;
  const listeners = new AbortController();
  const { signal } = listeners;

  function take(event: DemoEvent): void {
    const before = state;
    state = demonstrated(before, event);
    if (state.kind === "playing") {
      if (before.kind !== "playing" || before.round !== state.round) play(state.round);
    } else if (before.kind === "playing") {
      ports.setLook(false);
      tour.leave();
    }
  }

  function play(round: number): void {
    ports.tidy();
    ports.setLook(true);
    ports.showSample(round);
    tour.start(true);
  }

  const touched = (event: Event) => {
    // The key that wakes the page does nothing else.
    if (state.kind === "playing" && event.type === "keydown") {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    take({ kind: "touched", nowMs: ports.now() });
  };
  for (const name of ["pointerdown", "keydown", "wheel"]) {
    ports.events.addEventListener(name, touched, { signal, capture: true });
  }
  let from: { readonly x: number; readonly y: number } | null = null;
  ports.events.addEventListener("pointermove", (event) => {
    if (!(event instanceof PointerEvent)) return;
    from ??= { x: event.clientX, y: event.clientY };
    if (Math.hypot(event.clientX - from.x, event.clientY - from.y) < BUMP_PX) return;
    from = null;
    touched(event);
  }, { signal, capture: true });

  let wasRunning = false;
  const stopFollowing = effect(() => {
    const isRunning = tour.running.value !== null;
    // Later: a tour that is over is followed by the next one, not replaced within its own end.
    if (wasRunning && !isRunning) queueMicrotask(() => take({ kind: "ended" }));
    wasRunning = isRunning;
  });
  const stopLooking = ports.every(
    LOOK_MS,
    () => take({ kind: "tick", nowMs: ports.now(), busy: ports.isBusy() }),
  );
  play(state.round);
  return {
    dispose() {
      listeners.abort();
      stopFollowing();
      stopLooking();
      ports.setLook(false);
      tour.leave();
    },
  };
}
