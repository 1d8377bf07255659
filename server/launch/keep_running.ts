/** Keeps a process running: starts it again whenever it has ended. */
import type { Clock } from "../clock/mod.ts";
import { kill, type Killable } from "./kill.ts";

/** A process that ended sooner than this after its start is started again after a pause, in ms. */
const SOON_MS = 1_000;

/** First pause, doubled with each such end, up to the longest, in ms. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;

/** What is kept running; a child process of Deno is one. */
export interface KeptProcess extends Killable<"SIGKILL"> {
  /** Settles when the process has ended. */
  readonly status: Promise<{ readonly code: number }>;
}

/** Options of {@link keepRunning}. */
export interface KeepOptions {
  readonly clock: Clock;
  /** Called when the process cannot be started, or ended early with a failure. */
  readonly onFault: (reason: string) => void;
}

/** A process that is kept running. */
export interface Kept {
  /** From now on the process is not started again. */
  retire(): void;
  /** Ends the process at once; resolves when it has ended. */
  end(): Promise<void>;
}

/** Starts a process, and again whenever it has ended: at once, or after growing pauses where it ends early. */
export function keepRunning(start: () => KeptProcess, { clock, onFault }: KeepOptions): Kept {
  let retired = false;
  let running: KeptProcess | null = null;
  let cancelPause = () => {};
  let pauseMs = FIRST_PAUSE_MS;

  const later = () => {
    cancelPause = clock.after(pauseMs, again);
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
  };
  const again = () => {
    if (retired) return;
    const startedMs = clock.now();
    let process: KeptProcess;
    try {
      process = start();
    } catch (error) {
      onFault(error instanceof Error ? error.message : String(error));
      later();
      return;
    }
    running = process;
    process.status.then(({ code }) => {
      running = null;
      if (retired) return;
      const soon = clock.now() - startedMs < SOON_MS;
      if (soon && code !== 0) onFault(`it ended with code ${code}`);
      if (!soon) pauseMs = FIRST_PAUSE_MS;
      if (soon) later();
      else again();
    });
  };
  again();

  const retire = () => {
    retired = true;
    cancelPause();
  };
  return {
    retire,
    async end() {
      retire();
      const process = running;
      if (process === null) return;
      kill(process, "SIGKILL");
      await process.status;
    },
  };
}
