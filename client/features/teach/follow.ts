/** Follows a collection's states for as long as it is open, over connections that end. */
import type { TaughtState } from "../../../shared/teach_wire.ts";

/** Pause before a connection that ended is made again, in ms. */
const RETRY_MS = 2_000;

/** What following needs. */
export interface FollowPorts {
  readonly watch: () => AsyncIterable<TaughtState>;
  readonly onState: (taught: TaughtState) => void;
  readonly onProblem: (error: unknown) => void;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Runs until `signal` is aborted. */
export async function followState(
  { watch, onState, onProblem, pause }: FollowPorts,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const taught of watch()) {
        if (signal.aborted) return;
        onState(taught);
      }
    } catch (error) {
      if (signal.aborted) return;
      onProblem(error);
    }
    await pause(RETRY_MS, signal);
  }
}
