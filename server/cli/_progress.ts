/** A progress bar on stderr, for what takes over a second, when somebody watches. */
import { printable } from "../../shared/printable.ts";
import type { Io } from "./_io.ts";

/** What is done within this time shows no bar, in ms. */
const PATIENCE_MS = 1_000;

/** Length of the bar, in characters. */
const BAR_WIDTH = 30;

/** Back to the start of the line; clears what is behind the cursor. */
const RETURN = "\r";
const CLEAR = "\x1b[K";

/** Progress of a run. */
export interface Progress {
  /** Reports the share of the whole run that is done, 0…1, and what is under way. */
  readonly update: (share: number, name: string) => void;
  /** Takes the bar off the screen until there is news. */
  readonly hide: () => void;
}

/** Begins to wait; the bar appears with the first news after a second. */
export function startProgress({ terminal, now, stderr }: Pick<Io, "terminal" | "now" | "stderr">): Progress {
  const startedMs = now();
  let shown: string | null = null;
  return {
    update(share, name) {
      const passedMs = now() - startedMs;
      if (!terminal.watched || passedMs < PATIENCE_MS || share <= 0) return;
      const text = `${printable(name)} ${bar(share)} ${Math.floor(100 * share)} %, ${
        left(passedMs, share)
      } s left`;
      if (text !== shown) stderr(`${RETURN}${text}${CLEAR}`);
      shown = text;
    },
    hide() {
      if (shown !== null) stderr(`${RETURN}${CLEAR}`);
      shown = null;
    },
  };
}

function bar(share: number): string {
  const full = Math.min(BAR_WIDTH, Math.round(share * BAR_WIDTH));
  return "█".repeat(full) + "░".repeat(BAR_WIDTH - full);
}

function left(passedMs: number, share: number): number {
  return Math.max(0, Math.ceil(passedMs * (1 - share) / share / 1_000));
}
