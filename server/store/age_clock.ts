/** The count of `age.ts` as a store keeps it: read from two clocks, remembered in a table of the store's own database. */
import type { DatabaseSync } from "node:sqlite";
import { type ClockHistory, NO_HISTORY, olderThan, readClock, stampOfDate, upOf } from "./age.ts";

/** A wall clock, in ms since 1970, and one that only ever runs forward, in ms since any time. */
export interface TwoClocks {
  readonly wallMs: () => number;
  readonly monotonicMs: () => number;
}

/** The clocks of this machine. */
export const SYSTEM_CLOCKS: TwoClocks = { wallMs: () => Date.now(), monotonicMs: () => performance.now() };

/** How often a store reads and saves its clock, in ms; at least as often as `MAX_STEP_MS` of `age.ts`. */
export const CLOCK_SAVED_EVERY_MS = 60_000;

/** A migration that makes room for the history. */
export const CLOCK_TABLE = `CREATE TABLE clock_phases (
  from_up_ms REAL NOT NULL,
  to_up_ms REAL NOT NULL,
  low_ms REAL NOT NULL,
  high_ms REAL NOT NULL
) STRICT;`;

/** Where a history is kept between runs. */
export interface ClockMemory {
  load(): ClockHistory;
  save(history: ClockHistory): void;
}

/** Stamps what is kept, and knows which stamps are old. */
export class AgeClock {
  readonly #clocks: TwoClocks;
  readonly #memory: ClockMemory;
  #history: ClockHistory;
  #readAtMs: number;

  /** Continues from the history of the runs before, with a first reading. */
  constructor(memory: ClockMemory, clocks: TwoClocks = SYSTEM_CLOCKS) {
    this.#clocks = clocks;
    this.#memory = memory;
    this.#readAtMs = clocks.monotonicMs();
    this.#history = readClock(memory.load(), clocks.wallMs(), 0);
  }

  /** Reads both clocks: the stamp of what is made now, in ms of the count. */
  stamp(): number {
    const nowMs = this.#clocks.monotonicMs();
    this.#history = readClock(this.#history, this.#clocks.wallMs(), nowMs - this.#readAtMs);
    this.#readAtMs = nowMs;
    return upOf(this.#history);
  }

  /** The stamp of what was kept before there were stamps, by its date in ms since 1970. */
  stampOfDate(dateMs: number): number {
    return stampOfDate(this.#history, dateMs);
  }

  /** What has a stamp below this one is older than `ageMs`; −Infinity: nothing is. */
  olderThan(ageMs: number): number {
    return olderThan(this.#history, ageMs);
  }

  /** Reads both clocks and remembers it for the next run. */
  save(): void {
    this.stamp();
    this.#memory.save(this.#history);
  }
}

/** A memory in a database that {@link CLOCK_TABLE} was made in; saves in the caller's transaction. */
export function clockMemoryOf(database: DatabaseSync): ClockMemory {
  return {
    load: () =>
      database.prepare("SELECT * FROM clock_phases ORDER BY rowid").all().map((row) => ({
        fromUpMs: Number(row["from_up_ms"]),
        toUpMs: Number(row["to_up_ms"]),
        lowMs: Number(row["low_ms"]),
        highMs: Number(row["high_ms"]),
      })),
    save(history) {
      database.exec("DELETE FROM clock_phases");
      const insert = database.prepare("INSERT INTO clock_phases VALUES (?, ?, ?, ?)");
      for (const { fromUpMs, toUpMs, lowMs, highMs } of history) insert.run(fromUpMs, toUpMs, lowMs, highMs);
    },
  };
}

/** A memory that ends with the process. */
export function noClockMemory(): ClockMemory {
  return { load: () => NO_HISTORY, save: () => {} };
}
