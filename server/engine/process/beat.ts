/** How the launcher sees that the engine's process runs: its main thread writes a byte now and then, and nothing else. */
import { systemTicks, type Ticks, Watch } from "../worker/host/watch.ts";
import { ALIVE_MS, SILENCE_LIMIT_MS } from "./messages.ts";

/** How long a process may take to its first beat, in ms: Deno's start on a machine that is busy. */
const START_LIMIT_MS = 30_000;

/** Lets this process beat on its standard output from now on. */
export function beat(): void {
  // The launcher may have gone: that is heard elsewhere.
  const write = () => void Deno.stdout.write(new Uint8Array(1)).catch(() => {});
  write();
  setInterval(write, ALIVE_MS);
}

/**
 * Calls `onSilent` when the beats of a process stay away, with how long it was silent, in ms. Resolves when the process's
 * standard output, where they come, has ended.
 */
export async function whenSilent(
  beats: ReadableStream<Uint8Array>,
  onSilent: (limitMs: number) => void,
  ticks: Ticks = systemTicks,
): Promise<void> {
  const watch = new Watch(ticks, onSilent);
  watch.begin(START_LIMIT_MS);
  const reader = beats.getReader();
  try {
    while (!(await reader.read()).done) watch.begin(SILENCE_LIMIT_MS);
  } finally {
    watch.end();
  }
}
