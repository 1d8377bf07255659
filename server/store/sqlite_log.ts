/** The decision log in SQLite. */
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { comparable } from "../../shared/labels.ts";
import { openDatabase, together } from "./database.ts";
import { extentProperty, type MapExtent, WHOLE_INPUT } from "../../shared/map_extent.ts";
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

const MIGRATIONS = [
  `CREATE TABLE entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    start_ms REAL NOT NULL,
    end_ms REAL NOT NULL,
    frames INTEGER NOT NULL,
    class_index INTEGER NOT NULL,
    label TEXT NOT NULL,
    method TEXT NOT NULL,
    model_id TEXT NOT NULL,
    model_hash TEXT NOT NULL,
    peak REAL NOT NULL,
    mean REAL NOT NULL,
    map_height INTEGER,
    map_width INTEGER,
    map_scale REAL,
    map BLOB,
    picture_format TEXT,
    picture BLOB,
    undo INTEGER,
    removed_ms REAL
  ) STRICT;
  CREATE INDEX entries_by_end ON entries (end_ms);
  CREATE INDEX entries_by_undo ON entries (undo) WHERE undo IS NOT NULL;
  CREATE TABLE undos (id INTEGER PRIMARY KEY AUTOINCREMENT) STRICT;`,
  `ALTER TABLE entries ADD COLUMN map_top REAL;
  ALTER TABLE entries ADD COLUMN map_left REAL;
  ALTER TABLE entries ADD COLUMN map_down REAL;
  ALTER TABLE entries ADD COLUMN map_across REAL;`,
  "ALTER TABLE entries ADD COLUMN map_base REAL;",
] as const;

const SPAN_COLUMNS = [
  ["start_ms", "startMs"],
  ["end_ms", "endMs"],
  ["frames", "frames"],
  ["class_index", "classIndex"],
  ["label", "label"],
  ["method", "method"],
  ["model_id", "modelId"],
  ["model_hash", "modelHash"],
  ["peak", "peak"],
  ["mean", "mean"],
] as const satisfies readonly (readonly [string, keyof LoggedSpan])[];

/** Everything but the picture. */
const LISTED = [
  "id",
  ...SPAN_COLUMNS.map(([column]) => column),
  "map_height",
  "map_width",
  "map_base",
  "map_scale",
  "map_top",
  "map_left",
  "map_down",
  "map_across",
  "map",
]
  .join(", ");

/** Bytes of a row, as the twin counts them. */
const BYTES = `${LOG_ROW_BYTES} + coalesce(length(picture), 0) + coalesce(length(map), 0)`;

/** A log in a file that survives the process; one connection. */
export class SqliteLog implements LogTable {
  readonly #database: DatabaseSync;
  readonly #bounds: LogBounds;

  /** @throws RangeError as `openDatabase` does */
  constructor(path: string, bounds: LogBounds) {
    this.#database = openDatabase({ path, migrations: MIGRATIONS });
    // SQLite's own lower() knows no letters beyond ASCII, and no composition.
    this.#database.function("comparable", { deterministic: true }, (label) => comparable(String(label)));
    this.#bounds = bounds;
  }

  append(span: LoggedSpan, picture: LoggedPicture | null, nowMs: number): number {
    return together(this.#database, () => {
      const columns = [...SPAN_COLUMNS.map(([column]) => column), "picture_format", "picture"];
      const { lastInsertRowid } = this.#database
        .prepare(`INSERT INTO entries (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`)
        .run(...SPAN_COLUMNS.map(([, name]) => span[name]), picture?.format ?? null, picture?.bytes ?? null);
      this.#trim(nowMs);
      return Number(lastInsertRowid);
    });
  }

  amend(id: number, { span, map, picture }: LogChange): void {
    const changes: [string, SQLInputValue][] = [];
    if (span !== undefined) { for (const [column, name] of SPAN_COLUMNS) changes.push([column, span[name]]); }
    if (map !== undefined) {
      const { height, width, extent = WHOLE_INPUT, base = 0, scale, values } = map;
      changes.push(["map_height", height], ["map_width", width], ["map_base", base], ["map_scale", scale]);
      changes.push(["map_top", extent.top], ["map_left", extent.left]);
      changes.push(["map_down", extent.height], ["map_across", extent.width]);
      changes.push(["map", new Uint8Array(values.buffer, values.byteOffset, values.length)]);
    }
    if (picture !== undefined) changes.push(["picture_format", picture.format], ["picture", picture.bytes]);
    if (changes.length === 0) return;
    const set = changes.map(([column]) => `${column} = ?`).join(", ");
    this.#database.prepare(`UPDATE entries SET ${set} WHERE id = ?`).run(...changes.map(([, to]) => to), id);
  }

  list(query: LogQuery, before: number | null, limit: number): LogPage {
    const { where, values } = meant(query);
    const total = this.#database.prepare(`SELECT count(*) AS total FROM entries WHERE ${where}`).get(
      ...values,
    );
    const rows = this.#database
      .prepare(`SELECT ${LISTED} FROM entries WHERE ${where} AND id < ? ORDER BY id DESC LIMIT ?`)
      .all(...values, before ?? Number.MAX_SAFE_INTEGER, limit);
    return { entries: rows.map(entryOf), total: Number(total?.["total"]) };
  }

  picture(id: number): LoggedPicture | null {
    const row = this.#database
      .prepare("SELECT picture_format, picture FROM entries WHERE id = ? AND undo IS NULL").get(id);
    const [format, bytes] = [row?.["picture_format"], row?.["picture"]];
    if (format !== "jpeg" && format !== "png" || !(bytes instanceof Uint8Array)) return null;
    return { format, bytes: Uint8Array.from(bytes) };
  }

  remove(what: number | LogQuery, nowMs: number): { readonly undo: number; readonly removed: number } {
    return together(this.#database, () => {
      const undo = Number(this.#database.prepare("INSERT INTO undos DEFAULT VALUES").run().lastInsertRowid);
      const { where, values } = typeof what === "number"
        ? { where: "undo IS NULL AND id = ?", values: [what] }
        : meant(what);
      const { changes } = this.#database
        .prepare(`UPDATE entries SET undo = ?, removed_ms = ? WHERE ${where}`).run(undo, nowMs, ...values);
      return { undo, removed: Number(changes) };
    });
  }

  restore(undo: number): number {
    const { changes } = this.#database
      .prepare("UPDATE entries SET undo = NULL, removed_ms = NULL WHERE undo = ?").run(undo);
    return Number(changes);
  }

  trim(nowMs: number): void {
    together(this.#database, () => this.#trim(nowMs));
  }

  close(): void {
    this.#database.close();
  }

  #trim(nowMs: number): void {
    const { maxAgeMs, maxBytes } = this.#bounds;
    this.#database.prepare("DELETE FROM entries WHERE end_ms < ? OR removed_ms < ?")
      .run(nowMs - maxAgeMs, nowMs - LOG_UNDO_MS);
    this.#database.prepare(
      `DELETE FROM entries WHERE id <= (
        SELECT max(id) FROM (SELECT id, sum(${BYTES}) OVER (ORDER BY id DESC) AS bytes FROM entries) WHERE bytes > ?
      )`,
    ).run(maxBytes);
  }
}

function meant({ fromMs, toMs, label, method }: LogQuery): { where: string; values: SQLInputValue[] } {
  const terms: [string, SQLInputValue | undefined][] = [
    ["end_ms >= ?", fromMs],
    ["start_ms < ?", toMs],
    ["instr(comparable(label), ?) > 0", label === undefined ? label : comparable(label)],
    ["method = ?", method],
  ];
  const given = terms.filter((term): term is [string, SQLInputValue] => term[1] !== undefined);
  return {
    where: ["undo IS NULL", ...given.map(([term]) => term)].join(" AND "),
    values: given.map(([, value]) => value),
  };
}

/** Entries of older versions name none. */
function extentOf(row: Readonly<Record<string, unknown>>): MapExtent | undefined {
  const [top, left, height, width] = ["map_top", "map_left", "map_down", "map_across"].map((column) =>
    row[column]
  );
  if (typeof top !== "number" || typeof left !== "number") return undefined;
  if (typeof height !== "number" || typeof width !== "number") return undefined;
  return { top, left, height, width };
}

function entryOf(row: Readonly<Record<string, unknown>>): LogEntry {
  const number = (column: string) => Number(row[column]);
  const map = row["map"];
  return {
    id: number("id"),
    startMs: number("start_ms"),
    endMs: number("end_ms"),
    frames: number("frames"),
    classIndex: number("class_index"),
    label: String(row["label"]),
    method: String(row["method"]),
    modelId: String(row["model_id"]),
    modelHash: String(row["model_hash"]),
    peak: number("peak"),
    mean: number("mean"),
    map: map instanceof Uint8Array
      ? {
        height: number("map_height"),
        width: number("map_width"),
        ...extentProperty(extentOf(row)),
        // Entries of older versions have none, those of maps that begin at zero 0.
        ...(number("map_base") === 0 ? {} : { base: number("map_base") }),
        scale: number("map_scale"),
        values: Int8Array.from(map, (byte) => byte << 24 >> 24),
      }
      : null,
  };
}
