/** The tour as the page holds it: its code is loaded when it begins. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Guide } from "./guide.ts";
import type { TourStart } from "./ports.ts";

/** A tour under way, with the part of the page that shows it. */
export interface RunningTour {
  readonly guide: Guide;
  readonly Callout: typeof import("./lazy_tour.ts").Callout;
}

/** The tour. */
export interface Tour {
  /** Null: none is under way. */
  readonly running: ReadonlySignal<RunningTour | null>;
  /** Whether it is to be offered; reads signals. */
  readonly isOffered: () => boolean;
  /** Does not offer it again. */
  dismiss(): void;
  /** Begins it, where none is under way; `unattended`: its steps follow each other by themselves. */
  start(unattended?: boolean): void;
  /** Ends it. */
  leave(): void;
}

/** Makes one that has not begun. */
export function createTour({ load, say, offered, setOffered }: TourStart): Tour {
  const running = signal<RunningTour | null>(null);
  /** Counts what was asked for, so that code that comes late begins nothing. */
  let asked = 0;
  return {
    running,
    isOffered: () => !offered(),
    dismiss: setOffered,
    start(unattended = false) {
      const order = ++asked;
      if (!unattended) setOffered();
      Promise.all([import("./lazy_tour.ts"), load()]).then(([{ Callout, Guide }, ports]) => {
        if (order !== asked || running.peek() !== null) return;
        running.value = { Callout, guide: new Guide(ports, unattended, () => running.value = null) };
      }, () => say("The tour could not be loaded. Check that the server runs, then start it again."));
    },
    leave() {
      asked++;
      running.peek()?.guide.leave();
    },
  };
}
