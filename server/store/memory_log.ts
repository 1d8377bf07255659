/** The decision log in memory: the twin that SQLite's is held to. */
import { comparable } from "../../shared/labels.ts";
import {
  LOG_ROW_BYTES,
  LOG_UNDO_MS,
  type LogBounds,
  type LogChange,
  type LogEntry,
  type LoggedPicture,
  type LoggedSpan,
  type LogPage,
  type LogQuery,
  type LogTable,
} from "./log_store.ts";

interface Row {
  entry: LogEntry;
  picture: LoggedPicture | null;
  removal: { readonly undo: number; readonly atMs: number } | null;
}

/** A log that ends with the process. */
export class MemoryLog implements LogTable {
  readonly #bounds: LogBounds;
  #rows: Row[] = [];
  #ids = 0;
  #undos = 0;

  constructor(bounds: LogBounds) {
    this.#bounds = bounds;
  }

  append(span: LoggedSpan, picture: LoggedPicture | null, nowMs: number): number {
    const id = ++this.#ids;
    this.#rows.push({ entry: { ...span, id, map: null }, picture, removal: null });
    this.trim(nowMs);
    return id;
  }

  amend(id: number, { span, map, picture }: LogChange): void {
    const row = this.#rows.find(({ entry }) => entry.id === id);
    if (row === undefined) return;
    row.entry = { ...row.entry, ...span, ...(map === undefined ? {} : { map }) };
    row.picture = picture ?? row.picture;
  }

  list(query: LogQuery, before: number | null, limit: number): LogPage {
    const meant = this.#rows.filter((row) => row.removal === null && isMeant(row.entry, query)).toReversed();
    const entries = meant.map(({ entry }) => entry).filter(({ id }) => before === null || id < before);
    return { entries: entries.slice(0, limit), total: meant.length };
  }

  picture(id: number): LoggedPicture | null {
    return this.#rows.find(({ entry, removal }) => entry.id === id && removal === null)?.picture ?? null;
  }

  remove(what: number | LogQuery, nowMs: number): { readonly undo: number; readonly removed: number } {
    const undo = ++this.#undos;
    const meant = this.#rows.filter(({ entry, removal }) =>
      removal === null && (typeof what === "number" ? entry.id === what : isMeant(entry, what))
    );
    for (const row of meant) row.removal = { undo, atMs: nowMs };
    return { undo, removed: meant.length };
  }

  restore(undo: number): number {
    const meant = this.#rows.filter(({ removal }) => removal?.undo === undo);
    for (const row of meant) row.removal = null;
    return meant.length;
  }

  trim(nowMs: number): void {
    const { maxAgeMs, maxBytes } = this.#bounds;
    this.#rows = this.#rows.filter(({ entry, removal }) =>
      entry.endMs >= nowMs - maxAgeMs && (removal === null || removal.atMs >= nowMs - LOG_UNDO_MS)
    );
    let bytes = 0;
    const newest = this.#rows.toReversed().filter((row) => (bytes += bytesOf(row)) <= maxBytes);
    this.#rows = newest.toReversed();
  }

  close(): void {
    this.#rows = [];
  }
}

function isMeant(entry: LogEntry, { fromMs, toMs, label, method }: LogQuery): boolean {
  return (fromMs === undefined || entry.endMs >= fromMs) && (toMs === undefined || entry.startMs < toMs) &&
    (label === undefined || comparable(entry.label).includes(comparable(label))) &&
    (method === undefined || entry.method === method);
}

function bytesOf({ entry, picture }: Row): number {
  return LOG_ROW_BYTES + (picture?.bytes.length ?? 0) + (entry.map?.values.length ?? 0);
}
