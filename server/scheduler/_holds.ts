/** Maps of older frames that are held while newer frames come (G4). */
import type { Run } from "./_run.ts";

/** A map is held this long at least unless it is complete, in ms: a second's rows make a map of most methods. */
export const HOLD_MS = 1_000;

/** Rows that a map is held for beyond that: fewer are no map. */
export const HOLD_ROWS = 8;

/** A map is held this long at most, in ms: then what it shows is long past. */
export const MAX_HOLD_MS = 5_000;

/** The work on one pane of one viewer. */
interface Stream {
  /** The older frame's, which newer ones wait for. */
  held: Run | null;
  /** The newest frame's. */
  newest: Run | null;
}

/** Who is held for whom. */
export class Holds {
  readonly #streams = new Map<string, Stream>();

  /** The map that is held in a run's pane, or null. */
  held(run: Run): Run | null {
    return this.#of(run)?.held ?? null;
  }

  /** The newest frame's run in the pane of a held one, or null. */
  newest(run: Run): Run | null {
    return this.#of(run)?.newest ?? null;
  }

  isHeld(run: Run): boolean {
    return this.#of(run)?.held === run;
  }

  /** Accounts whose maps grow over many rows. */
  get accounts(): readonly string[] {
    const runs = [...this.#streams.values()].flatMap(({ held, newest }) => [held, newest]);
    return runs.flatMap((run) => run === null || run.job.hold?.until === "never" ? [] : [run.account]);
  }

  /** A newer frame's run begins. */
  begin(run: Run): void {
    const key = keyOf(run);
    if (key === null) return;
    this.#streams.set(key, { held: null, ...this.#streams.get(key), newest: run });
  }

  /** Holds a run that a newer frame takes the place of. */
  hold(run: Run): void {
    const stream = this.#of(run);
    if (stream !== undefined) stream.held = run;
  }

  /** A run has ended or is not held any more. */
  forget(run: Run): void {
    const [key, stream] = [keyOf(run), this.#of(run)];
    if (key === null || stream === undefined) return;
    if (stream.held === run) stream.held = null;
    if (stream.newest === run) stream.newest = null;
    if (stream.held === null && stream.newest === null) this.#streams.delete(key);
  }

  #of(run: Run): Stream | undefined {
    return this.#streams.get(keyOf(run) ?? "");
  }
}

/**
 * True where a held run has had its time, when its rows have come.
 *
 * @param isPast the newest frame shows something else
 */
export function isHeldLongEnough(run: Run, nowMs: number, isPast: boolean): boolean {
  if (run.tileRows === 0) return false;
  if (isPast || run.job.hold?.until !== "map") return true;
  const heldMs = nowMs - run.startedMs;
  return heldMs >= MAX_HOLD_MS || (heldMs >= HOLD_MS && run.tileRows >= HOLD_ROWS);
}

function keyOf({ job: { viewer, hold } }: Run): string | null {
  return hold === undefined ? null : `${viewer} ${hold.pane}`;
}
