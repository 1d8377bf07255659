/** The writing of the log: whether the server writes down what is seen, what it wrote last, and why it does not. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { ERRORS } from "../../../shared/errors.ts";
import { STORAGE_ERRORS } from "../../live/storage_errors.ts";
import type { FeatureMessage, StreamObserver } from "../../live/stream_observers.ts";

/** What the log needs. */
export interface LogPorts {
  readonly observe: (observer: StreamObserver) => () => void;
  /** Asks the server to write, or to stop (L1). */
  readonly send: (on: boolean) => void;
}

/** An entry that is on the server's disk. */
export interface WrittenEntry {
  readonly id: number;
  readonly label: string;
}

/** The writing of this page's log. */
export interface Log {
  /** Whether the server writes down what is seen. */
  readonly writing: ReadonlySignal<boolean>;
  /** The newest entry that is on the server's disk; null before the first of this visit. */
  readonly newest: ReadonlySignal<WrittenEntry | null>;
  /** Why the log is off or leaves something out, in words, or null. */
  readonly problem: ReadonlySignal<string | null>;
  setWriting(on: boolean): void;
  /** Whoever read of the problem tries again: it is said again only where it is still there. */
  forgetProblem(): void;
  dispose(): void;
}

/** Makes a log that is off. */
export function createLog({ observe, send }: LogPorts): Log {
  const writing = signal(false);
  const newest = signal<WrittenEntry | null>(null);
  const problem = signal<string | null>(null);
  /** What was asked for on this page; the server forgets it with the connection (L1). */
  let wanted = false;

  function onMessage(message: FeatureMessage): void {
    switch (message.type) {
      case "log":
        writing.value = message.on;
        // A log that failed is off on the next connection, too.
        wanted = message.on;
        return;
      case "logged":
        newest.value = { id: message.id, label: message.label };
        problem.value = null;
        return;
      case "error":
        if (STORAGE_ERRORS.has(message.code)) problem.value = ERRORS[message.code].words;
        if (message.code === "no-log" || message.code === "log-refused") wanted = false;
        return;
      case "pane":
      case "pane-result":
      case "reason":
      case "shared":
      case "flip-progress":
      case "flip-result":
      case "flip-failed":
        return;
      default: {
        const _never: never = message;
        return _never;
      }
    }
  }

  const dispose = observe({
    connected() {
      if (wanted) send(true);
    },
    disconnected() {
      writing.value = false;
    },
    message: onMessage,
  });

  return {
    writing,
    newest,
    problem,
    setWriting(on) {
      wanted = on;
      problem.value = null;
      send(on);
    },
    forgetProblem() {
      problem.value = null;
    },
    dispose,
  };
}
