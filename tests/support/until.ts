/** Waiting for what another process does. */
import { setTimeout as pause } from "node:timers/promises";

/** Between two questions, in ms: asking without a pause takes a core from whom it waits for. */
const PAUSE_MS = 20;

/** Asks until the answer holds, and returns it. */
export async function until<T>(ask: () => Promise<T>, holds: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    await pause(PAUSE_MS);
  }
}
