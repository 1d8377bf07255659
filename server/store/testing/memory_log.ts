/** The decision log in memory: the twin that SQLite's is held to. */
import { comparable } from "../../../shared/labels.ts";
import { AgeClock, noClockMemory, SYSTEM_CLOCKS, type TwoClocks } from "../age_clock.ts";
import { cutsFor } from "../log_room.ts";
import {
  entryBytes,
  LOG_AGE_BATCH_MS,
  LOG_TRASH_MS,
  type LogBounds,
  type LogChange,
  type LogEntry,
  type LoggedPicture,
  type LoggedSpan,
  type LogPage,
  type LogQuery,
  type LogTable,
  type LogUsage,
  type TrashBatch,
} from "../log_store.ts";

interface Row {
  entry: LogEntry;
  picture: LoggedPicture | null;
  readonly writer: string;
  upMs: number;
  undo: number | null;
}

interface Removal {
  readonly undo: number;
  readonly cause: TrashBatch["cause"];
  atMs: number;
  readonly upMs: number;
}

/** A log that ends with the process. */
export class MemoryLog implements LogTable {
  readonly #bounds: LogBounds;
  readonly #clocks: TwoClocks;
  readonly #clock: AgeClock;
  #rows: Row[] = [];
  #removals: Removal[] = [];
  #ids = 0;
  #undos = 0;

  constructor(bounds: LogBounds, clocks = SYSTEM_CLOCKS) {
    this.#bounds = bounds;
    this.#clocks = clocks;
    this.#clock = new AgeClock(noClockMemory(), clocks);
  }

  append(span: LoggedSpan, picture: LoggedPicture | null, writer: string): number {
    const id = ++this.#ids;
    this.#rows.push({
      entry: { ...span, id, map: null },
      picture,
      writer,
      upMs: this.#clock.stamp(),
      undo: null,
    });
    this.#makeRoom();
    return id;
  }

  amend(id: number, { span, map, picture }: LogChange): void {
    const row = this.#rows.find(({ entry }) => entry.id === id);
    if (row === undefined) return;
    row.entry = { ...row.entry, ...span, ...(map === undefined ? {} : { map }) };
    row.picture = picture ?? row.picture;
    if (span !== undefined) row.upMs = this.#clock.stamp();
    this.#makeRoom();
  }

  list(query: LogQuery, before: number | null, limit: number): LogPage {
    const meant = this.#rows.filter((row) => row.undo === null && isMeant(row.entry, query)).toReversed();
    const entries = meant.map(({ entry }) => entry).filter(({ id }) => before === null || id < before);
    return { entries: entries.slice(0, limit), total: meant.length };
  }

  picture(id: number): LoggedPicture | null {
    return this.#rows.find(({ entry, undo }) => entry.id === id && undo === null)?.picture ?? null;
  }

  remove(what: number | LogQuery): { readonly undo: number; readonly removed: number } {
    const { undo } = this.#beginBatch("people");
    const meant = this.#rows.filter((row) =>
      row.undo === null && (typeof what === "number" ? row.entry.id === what : isMeant(row.entry, what))
    );
    for (const row of meant) row.undo = undo;
    return { undo, removed: meant.length };
  }

  restore(undo: number): number {
    const meant = this.#rows.filter((row) => row.undo === undo);
    const byAge = this.#removals.find((removal) => removal.undo === undo)?.cause === "age";
    for (const row of meant) {
      row.undo = null;
      if (byAge) row.upMs = this.#clock.stamp();
    }
    return meant.length;
  }

  trash(): readonly TrashBatch[] {
    return this.#removals.toReversed().map(({ undo, cause, atMs }) => ({
      undo,
      cause,
      atMs,
      entries: this.#rows.filter((row) => row.undo === undo).length,
    })).filter(({ entries }) => entries > 0);
  }

  emptyTrash(): number {
    const before = this.#rows.length;
    this.#rows = this.#rows.filter(({ undo }) => undo === null);
    return before - this.#rows.length;
  }

  tidy(): void {
    this.#clock.save();
    const old = this.#clock.olderThan(this.#bounds.maxAgeMs);
    const past = this.#rows.filter(({ undo, upMs }) => undo === null && upMs < old);
    if (past.length > 0) {
      const { undo } = this.#beginBatch("age");
      for (const row of past) row.undo = undo;
    }
    const gone = new Set(
      this.#removals.filter((removal) => this.#isForgotten(removal)).map(({ undo }) => undo),
    );
    this.#rows = this.#rows.filter(({ undo }) => undo === null || !gone.has(undo));
    this.#removals = this.#removals.filter(({ undo }) => !gone.has(undo));
    this.#makeRoom();
  }

  usage(): LogUsage {
    const trashed = this.#rows.filter(({ undo }) => undo !== null).length;
    return {
      entries: this.#rows.length - trashed,
      trashed,
      bytes: this.#rows.reduce((sum, row) => sum + bytesOf(row), 0),
    };
  }

  close(): void {
    this.#rows = [];
  }

  /** A batch by age is filled for a day: its last entry is to be there for a week too. */
  #isForgotten({ cause, upMs }: Removal): boolean {
    return upMs < this.#clock.olderThan(cause === "age" ? LOG_TRASH_MS + LOG_AGE_BATCH_MS : LOG_TRASH_MS);
  }

  #beginBatch(cause: TrashBatch["cause"]): Removal {
    const [atMs, upMs] = [this.#clocks.wallMs(), this.#clock.stamp()];
    const joined = cause === "people"
      ? undefined
      : this.#removals.findLast((one) => one.cause === "age" && one.upMs > upMs - LOG_AGE_BATCH_MS);
    if (joined !== undefined) {
      joined.atMs = atMs;
      return joined;
    }
    const removal = { undo: ++this.#undos, cause, atMs, upMs };
    this.#removals.push(removal);
    return removal;
  }

  #makeRoom(): void {
    const isOf = (row: Row, { writer, trashed }: { readonly writer: string; readonly trashed: boolean }) =>
      row.writer === writer && (row.undo !== null) === trashed;
    const shares = Map.groupBy(this.#rows, ({ writer, undo }) => `${undo !== null} ${writer}`).values().map((
      rows,
    ) => ({
      writer: rows[0]?.writer ?? "",
      trashed: rows[0]?.undo !== null,
      bytes: rows.reduce((sum, row) => sum + bytesOf(row), 0),
    }));
    for (const cut of cutsFor([...shares], this.#bounds.maxBytes)) {
      let older = 0;
      this.#rows = this.#rows.filter((row) => {
        if (!isOf(row, cut) || older >= cut.bytes) return true;
        older += bytesOf(row);
        return false;
      });
    }
  }
}

function isMeant(entry: LogEntry, { fromMs, toMs, label, method }: LogQuery): boolean {
  return (fromMs === undefined || entry.endMs >= fromMs) && (toMs === undefined || entry.startMs < toMs) &&
    (label === undefined || comparable(entry.label).includes(comparable(label))) &&
    (method === undefined || entry.method === method);
}

function bytesOf({ entry, picture }: Row): number {
  return entryBytes(entry.label, picture?.bytes.length ?? 0, entry.map?.values.length ?? 0);
}
