/** Tables that people opened: a few, in memory, each for as long as somebody uses it. */
import { GradcastError } from "../../shared/errors.ts";
import type { HeadKind } from "../../shared/head_model.ts";
import {
  MAX_TABLE_CELLS,
  MAX_TABLES,
  TABLE_IDLE_MS,
  type TableDocument,
  type TableInfo,
} from "../../shared/table_wire.ts";
import type { Clock } from "../clock/mod.ts";
import type { FittedTable } from "./fit_table.ts";
import type { Table } from "./table.ts";

/** Cells of all tables together; those that were used longest ago give way. */
const MAX_KEPT_CELLS = 2 * MAX_TABLE_CELLS;

/** A table that was opened. */
export interface KeptTable {
  readonly info: TableInfo;
  readonly table: Table;
  /** What it was fitted with last, or null. */
  fitted: FittedTable | null;
  /** What was asked of that since. */
  importance: TableDocument["importance"];
  explained: TableDocument["explained"];
  /** Ends the fit that is under way. */
  stop: AbortController | null;
}

interface Place {
  readonly kept: KeptTable;
  usedMs: number;
}

/** All of them. */
export class KeptTables {
  readonly #clock: Clock;
  readonly #places = new Map<string, Place>();
  #cancel: (() => void) | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many there are. */
  get count(): number {
    return this.#places.size;
  }

  /** Keeps a table under an id that nobody guesses; others give way where there are too many. */
  add(table: Table, info: Omit<TableInfo, "id">): KeptTable {
    const id = crypto.randomUUID();
    const kept: KeptTable = {
      info: { id, ...info },
      table,
      fitted: null,
      importance: [],
      explained: [],
      stop: null,
    };
    this.#places.set(id, { kept, usedMs: this.#clock.now() });
    const byUse = () => [...this.#places.values()].sort((a, b) => a.usedMs - b.usedMs);
    while (this.#places.size > MAX_TABLES || this.#cells > MAX_KEPT_CELLS) {
      const [oldest] = byUse().filter(({ kept: other }) => other !== kept);
      if (oldest === undefined) break;
      this.remove(oldest.kept.info.id);
    }
    this.#watch();
    return kept;
  }

  /**
   * The table of an id, which counts as used.
   *
   * @throws GradcastError `unknown-table`
   */
  get(id: string): KeptTable {
    const place = this.#places.get(id);
    if (place === undefined) {
      throw new GradcastError("unknown-table", "Cannot find the table: it is not kept any more");
    }
    place.usedMs = this.#clock.now();
    return place.kept;
  }

  /** Forgets a table, and ends the work on it. */
  remove(id: string): void {
    this.#places.get(id)?.kept.stop?.abort(
      new GradcastError("unknown-table", "Cannot fit the table: it was removed"),
    );
    this.#places.delete(id);
  }

  /** Forgets all of them. */
  close(): void {
    for (const id of [...this.#places.keys()]) this.remove(id);
    this.#cancel?.();
    this.#cancel = null;
  }

  get #cells(): number {
    return [...this.#places.values()].reduce(
      (sum, { kept: { table } }) => sum + table.rows * table.columns.length,
      0,
    );
  }

  /** Looks again when the next table may have been idle for too long. */
  #watch(): void {
    if (this.#cancel !== null || this.#places.size === 0) return;
    const oldestMs = Math.min(...[...this.#places.values()].map(({ usedMs }) => usedMs));
    this.#cancel = this.#clock.after(Math.max(0, oldestMs + TABLE_IDLE_MS - this.#clock.now()), () => {
      this.#cancel = null;
      for (const [id, { kept, usedMs }] of this.#places) {
        // A fit that takes long is use.
        if (kept.stop === null && this.#clock.now() - usedMs >= TABLE_IDLE_MS) this.remove(id);
        else if (kept.stop !== null) this.get(id);
      }
      this.#watch();
    });
  }
}

/** What a head of a table was asked beside its fit, by kind of head: the last of each. */
export function replaced<Entry extends { readonly head: HeadKind }>(
  entries: readonly Entry[],
  entry: Entry,
): readonly Entry[] {
  return [...entries.filter(({ head }) => head !== entry.head), entry];
}
