/**
 * The engine's processes: one that is always there, and further ones that are asked for, as each model has its own. Which
 * of them computes what is the server's business.
 */
import type { Clock } from "../clock/mod.ts";
import { keepRunning, type Kept, type KeptProcess } from "./keep_running.ts";
import { kill } from "./kill.ts";

/** Processes beside the first one at most. */
export const MAX_FURTHER = 31;

/** What the engine's processes are kept with. */
export interface EnginesOptions {
  readonly clock: Clock;
  /** Starts a process; `onWanted` is called when it says that the server wants another one. */
  readonly start: (onWanted: () => void) => KeptProcess;
  /** Called when a process cannot be started, or the first one ended early with a failure. */
  readonly onFault: (reason: string) => void;
}

/**
 * Keeps a process running, and starts another one whenever the server wants it. Those are not started again: the server
 * asks for one when a model has lost its own.
 */
export function keepEngines({ clock, start, onFault }: EnginesOptions): Kept {
  const further = new Set<KeptProcess>();
  let retired = false;
  const startAnother = () => {
    if (retired || further.size >= MAX_FURTHER) return;
    let process: KeptProcess;
    try {
      process = start(startAnother);
    } catch (error) {
      return onFault(error instanceof Error ? error.message : String(error));
    }
    further.add(process);
    process.status.finally(() => further.delete(process));
  };
  const first = keepRunning(() => start(startAnother), { clock, onFault });
  return {
    retire() {
      retired = true;
      first.retire();
    },
    async end() {
      retired = true;
      const rest = [...further];
      for (const process of rest) kill(process, "SIGKILL");
      await Promise.all([first.end(), ...rest.map(({ status }) => status)]);
    },
  };
}
