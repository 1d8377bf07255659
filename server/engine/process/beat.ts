/** How the launcher sees that the engine's process runs: its main thread writes a byte now and then, and nothing else. */
import { systemTicks, type Ticks, Watch } from "../worker/host/watch.ts";
import { ALIVE_MS, SILENCE_LIMIT_MS } from "./messages.ts";

/** How long a process may take to its first beat, in ms: Deno's start on a machine that is busy. */
const START_LIMIT_MS = 30_000;

/** A process whose beats are heard; a child process of Deno is one. */
export interface BeatingProcess {
  readonly stdout: ReadableStream<Uint8Array>;
  kill(signal: "SIGKILL"): void;
}

/** Lets this process beat on its standard output from now on. */
export function beat(): void {
  // The launcher may have gone: that is heard elsewhere.
  const write = () => void Deno.stdout.write(new Uint8Array(1)).catch(() => {});
  write();
  setInterval(write, ALIVE_MS);
}

/**
 * Kills a process whose beats stay away, such as one that was stopped: it would neither compute nor end by itself.
 * Resolves when its standard output has ended.
 *
 * @param onSilent called with how long it was silent, in ms, before it is killed
 */
export async function killWhenSilent(
  process: BeatingProcess,
  onSilent: (limitMs: number) => void,
  ticks: Ticks = systemTicks,
): Promise<void> {
  const watch = new Watch(ticks, (limitMs) => {
    onSilent(limitMs);
    try {
      process.kill("SIGKILL");
    } catch (error) {
      // It has ended meanwhile.
      if (!(error instanceof TypeError)) throw error;
    }
  });
  watch.begin(START_LIMIT_MS);
  const reader = process.stdout.getReader();
  try {
    while (!(await reader.read()).done) watch.begin(SILENCE_LIMIT_MS);
  } finally {
    watch.end();
  }
}
