/** The timeline as the page holds it: its code and its model are there from the first result on. */
import { effect, type ReadonlySignal, signal, untracked } from "@preact/signals";
import type { TimelineModel } from "./model.ts";
import type { TimelinePorts } from "./ports.ts";

/** Its code. */
export type TimelineCode = Pick<typeof import("./lazy_timeline.ts"), "Strip" | "MomentLayer" | "MomentNote">;

/** Code and model. */
export interface RunningTimeline {
  readonly code: TimelineCode;
  readonly model: TimelineModel;
}

/** The timeline. */
export interface Timeline {
  readonly ports: TimelinePorts;
  /** Null before the first result, and while it is closed. */
  readonly running: ReadonlySignal<RunningTimeline | null>;
  /** Freezes the moment that is pinned; false where none is. */
  freezePinned(): boolean;
}

/** Makes one that waits for the first result. */
export function createTimeline(ports: TimelinePorts): Timeline {
  const running = signal<RunningTimeline | null>(null);
  const stop = () => {
    running.peek()?.model.dispose();
    running.value = null;
  };
  const start = async () => {
    try {
      const { TimelineModel, ...code } = await import("./lazy_timeline.ts");
      if (ports.size() !== "closed" && running.peek() === null) {
        running.value = { code, model: new TimelineModel(ports) };
      }
    } catch {
      ports.say("The timeline could not be loaded. Check that the server runs, then reload the page.");
    }
  };
  let seen = false;
  const leave = ports.observe({
    result() {
      if (seen) return;
      seen = true;
      leave();
      effect(() => {
        const closed = ports.size() === "closed";
        untracked(() => closed ? stop() : void start());
      });
    },
  });
  return {
    ports,
    running,
    freezePinned() {
      const model = running.peek()?.model;
      if (model?.looked.peek()?.pinned !== true) return false;
      void model.freeze();
      return true;
    },
  };
}
