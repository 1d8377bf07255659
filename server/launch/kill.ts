/** Sends signals to child processes. */

/** What can be sent a signal; a child process of Deno is one. */
export interface Killable<Signal extends Deno.Signal = Deno.Signal> {
  kill(signal: Signal): void;
}

/** Sends a signal to a process, or nothing where it has ended meanwhile. */
export function kill<Signal extends Deno.Signal>(process: Killable<Signal>, signal: Signal): void {
  try {
    process.kill(signal);
  } catch (error) {
    // Deno's words for a process that has ended.
    if (!(error instanceof TypeError)) throw error;
  }
}
