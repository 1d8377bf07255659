/**
 * What the launcher hears of the engine's process, byte by byte on its standard output: that its main thread runs, and that
 * the server wants another process.
 */
import { systemTicks, type Ticks, Watch } from "../worker/host/watch.ts";
import { ALIVE_MS, SILENCE_LIMIT_MS } from "./messages.ts";

/** How long a process may take to its first beat, in ms: Deno's start on a machine that is busy. */
const START_LIMIT_MS = 30_000;

/** The byte that says that the process runs, and the one that asks for another process. */
const ALIVE = 0;
const ANOTHER = 1;

/** Asks the launcher for another process. */
export function askForAnother(): void {
  say(ANOTHER);
}

/** Lets this process beat on its standard output from now on. */
export function beat(): void {
  say(ALIVE);
  setInterval(() => say(ALIVE), ALIVE_MS);
}

function say(byte: number): void {
  // The launcher may have gone: that is heard elsewhere.
  void Deno.stdout.write(Uint8Array.of(byte)).catch(() => {});
}

/** What is done about the bytes of a process. */
export interface BeatEvents {
  /** Called when they stay away, with how long the process was silent, in ms. */
  readonly onSilent: (limitMs: number) => void;
  /** Called whenever the process asks for another one. */
  readonly onWanted: () => void;
}

/** Hears what a process writes; resolves when its standard output has ended. */
export async function hearBeats(
  beats: ReadableStream<Uint8Array>,
  { onSilent, onWanted }: BeatEvents,
  ticks: Ticks = systemTicks,
): Promise<void> {
  const watch = new Watch(ticks, onSilent);
  watch.begin(START_LIMIT_MS);
  const reader = beats.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      watch.begin(SILENCE_LIMIT_MS);
      for (const byte of read.value) if (byte === ANOTHER) onWanted();
    }
  } finally {
    watch.end();
  }
}
