/** The decision log in SQLite. */
import type { DatabaseSync } from "node:sqlite";
import { comparable } from "../../shared/labels.ts";
import { ENTRY_BYTES, LOG_MIGRATIONS } from "./_log_schema.ts";
import { changedColumns, entryOf, LISTED, meant, spanColumns } from "./_log_rows.ts";
import { AgeClock, clockMemoryOf, SYSTEM_CLOCKS, type TwoClocks } from "./age_clock.ts";
import { openDatabase, together } from "./database.ts";
import { failureCode } from "./failures.ts";
import { cutsFor, type LogShare } from "./log_room.ts";
import {
  LOG_AGE_BATCH_MS,
  LOG_TRASH_MS,
  type LogBounds,
  type LogChange,
  type LoggedPicture,
  type LoggedSpan,
  type LogPage,
  type LogQuery,
  type LogTable,
  type LogUsage,
  type TrashBatch,
} from "./log_store.ts";

/**
 * Pages of the write-ahead log after which they are carried over into the file. Few: on a disk that gets full the file
 * then holds most of what is there, and what is deleted makes room.
 */
const WAL_PAGES = 64;

/** A log in a file that survives the process; one connection. */
export class SqliteLog implements LogTable {
  readonly #database: DatabaseSync;
  readonly #bounds: LogBounds;
  readonly #clocks: TwoClocks;
  readonly #clock: AgeClock;

  /** @throws RangeError as `openDatabase` does */
  constructor(path: string, bounds: LogBounds, clocks = SYSTEM_CLOCKS) {
    const database = openDatabase({ path, migrations: LOG_MIGRATIONS });
    database.exec(`PRAGMA wal_autocheckpoint = ${WAL_PAGES}`);
    this.#database = database;
    this.#bounds = bounds;
    this.#clocks = clocks;
    this.#clock = new AgeClock(clockMemoryOf(database), clocks);
    // SQLite's own lower() knows no letters beyond ASCII, and no composition.
    database.function("comparable", { deterministic: true }, (label) => comparable(String(label)));
    database.function("stamp_of_date", (dateMs) => this.#clock.stampOfDate(Number(dateMs)));
    try {
      this.tidy();
    } catch (error) {
      // A full disk has no room for the clock; what is there can be read all the same.
      if (failureCode(error) === "disk-full") return;
      database.close();
      throw error;
    }
  }

  append(span: LoggedSpan, picture: LoggedPicture | null, writer: string): number {
    return this.#write(() => {
      const row = [...spanColumns(span), ["writer", writer], ["up_ms", this.#clock.stamp()]] as const;
      const { lastInsertRowid } = this.#database
        .prepare(
          `INSERT INTO entries (${row.map(([column]) => column).join(", ")}) VALUES (${
            row.map(() => "?").join(", ")
          })`,
        )
        .run(...row.map(([, value]) => value));
      const id = Number(lastInsertRowid);
      if (picture !== null) this.#setPicture(id, picture);
      this.#weigh(id);
      return id;
    });
  }

  amend(id: number, { picture, ...change }: LogChange): void {
    const changes = changedColumns(change);
    // A span that grows is as young as its end.
    if (change.span !== undefined) changes.push(["up_ms", this.#clock.stamp()]);
    const set = changes.map(([column]) => `${column} = ?`).join(", ");
    this.#write(() => {
      if (this.#database.prepare("SELECT 1 FROM entries WHERE id = ?").get(id) === undefined) return;
      if (changes.length > 0) {
        this.#database.prepare(`UPDATE entries SET ${set} WHERE id = ?`).run(
          ...changes.map(([, to]) => to),
          id,
        );
      }
      if (picture !== undefined) this.#setPicture(id, picture);
      this.#weigh(id);
    });
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
    const row = this.#database.prepare(
      `SELECT coalesce(format, picture_format) AS format, coalesce(pictures.bytes, picture) AS picture
      FROM entries LEFT JOIN pictures ON entry = entries.id WHERE entries.id = ? AND undo IS NULL`,
    ).get(id);
    const [format, bytes] = [row?.["format"], row?.["picture"]];
    if (format !== "jpeg" && format !== "png" || !(bytes instanceof Uint8Array)) return null;
    return { format, bytes: Uint8Array.from(bytes) };
  }

  remove(what: number | LogQuery): { readonly undo: number; readonly removed: number } {
    return this.#write(() => {
      const undo = this.#beginBatch("people");
      const { where, values } = typeof what === "number"
        ? { where: "undo IS NULL AND id = ?", values: [what] }
        : meant(what);
      const { changes } = this.#database.prepare(`UPDATE entries SET undo = ? WHERE ${where}`).run(
        undo,
        ...values,
      );
      return { undo, removed: Number(changes) };
    });
  }

  restore(undo: number): number {
    return this.#write(() => {
      const batch = this.#database.prepare("SELECT cause FROM removals WHERE id = ?").get(undo);
      // Back in the log they would be as old as before.
      if (batch?.["cause"] === "age") {
        this.#database.prepare("UPDATE entries SET up_ms = ? WHERE undo = ?").run(this.#clock.stamp(), undo);
      }
      const { changes } = this.#database.prepare("UPDATE entries SET undo = NULL WHERE undo = ?").run(undo);
      return Number(changes);
    });
  }

  trash(): readonly TrashBatch[] {
    return this.#database.prepare(
      `SELECT removals.id, cause, at_ms, count(*) AS entries FROM removals JOIN entries ON undo = removals.id
      GROUP BY removals.id ORDER BY removals.id DESC`,
    ).all().map((row) => ({
      undo: Number(row["id"]),
      cause: row["cause"] === "age" ? "age" as const : "people" as const,
      atMs: Number(row["at_ms"]),
      entries: Number(row["entries"]),
    }));
  }

  emptyTrash(): number {
    return this.#write(() => {
      const { changes } = this.#database.prepare("DELETE FROM entries WHERE undo IS NOT NULL").run();
      return Number(changes);
    });
  }

  tidy(): void {
    this.#write(() => {
      this.#clock.save();
      this.#database.exec("UPDATE entries SET up_ms = stamp_of_date(end_ms) WHERE up_ms IS NULL");
      this.#moveOld();
      this.#forgetTrash();
      this.#makeRoom();
    });
  }

  usage(): LogUsage {
    const row = this.#database.prepare(
      "SELECT count(*) AS all_of_them, count(undo) AS trashed, total(bytes) AS bytes FROM entries",
    )
      .get();
    const trashed = Number(row?.["trashed"]);
    return { entries: Number(row?.["all_of_them"]) - trashed, trashed, bytes: Number(row?.["bytes"]) };
  }

  close(): void {
    try {
      together(this.#database, () => this.#clock.save());
    } catch {
      // The next run begins where the last reading that was saved left it.
    }
    this.#database.close();
  }

  /** Does some work as one transaction; on a full disk once more in the room that its write-ahead log has. */
  #write<Result>(work: () => Result): Result {
    try {
      return together(this.#database, work);
    } catch (error) {
      if (failureCode(error) !== "disk-full") throw error;
      this.#database.exec("PRAGMA wal_checkpoint(PASSIVE)");
      return together(this.#database, work);
    }
  }

  #moveOld(): void {
    const old = this.#clock.olderThan(this.#bounds.maxAgeMs);
    const isOld = "undo IS NULL AND up_ms < ?";
    if (this.#database.prepare(`SELECT 1 FROM entries WHERE ${isOld} LIMIT 1`).get(old) === undefined) return;
    this.#database.prepare(`UPDATE entries SET undo = ? WHERE ${isOld}`).run(this.#beginBatch("age"), old);
  }

  #forgetTrash(): void {
    this.#database.prepare(
      `DELETE FROM entries WHERE undo IN (
        SELECT id FROM removals WHERE up_ms < CASE cause WHEN 'age' THEN ? ELSE ? END
      )`,
    ).run(this.#clock.olderThan(LOG_TRASH_MS + LOG_AGE_BATCH_MS), this.#clock.olderThan(LOG_TRASH_MS));
    this.#database.exec(
      "DELETE FROM removals WHERE id NOT IN (SELECT undo FROM entries WHERE undo IS NOT NULL)",
    );
  }

  /** A batch's number; what goes by age within a day joins one. */
  #beginBatch(cause: TrashBatch["cause"]): number {
    const [atMs, upMs] = [this.#clocks.wallMs(), this.#clock.stamp()];
    const joined = cause === "people" ? undefined : this.#database
      .prepare("SELECT id FROM removals WHERE cause = 'age' AND up_ms > ? ORDER BY id DESC LIMIT 1")
      .get(upMs - LOG_AGE_BATCH_MS);
    if (joined === undefined) {
      const begun = this.#database.prepare("INSERT INTO removals (cause, at_ms, up_ms) VALUES (?, ?, ?)");
      return Number(begun.run(cause, atMs, upMs).lastInsertRowid);
    }
    this.#database.prepare("UPDATE removals SET at_ms = ? WHERE id = ?").run(atMs, Number(joined["id"]));
    return Number(joined["id"]);
  }

  #setPicture(id: number, { format, bytes }: LoggedPicture): void {
    this.#database.prepare("INSERT OR REPLACE INTO pictures VALUES (?, ?, ?)").run(id, format, bytes);
  }

  /** Counts what an entry takes, and lets others give way. */
  #weigh(id: number): void {
    this.#database.prepare(`UPDATE entries SET bytes = ${ENTRY_BYTES} WHERE id = ?`).run(id);
    this.#makeRoom();
  }

  #makeRoom(): void {
    const { maxBytes } = this.#bounds;
    const all = this.#database.prepare("SELECT total(bytes) AS bytes FROM entries").get();
    if (Number(all?.["bytes"]) <= maxBytes) return;
    const shares = this.#database.prepare(
      "SELECT writer, undo IS NOT NULL AS trashed, total(bytes) AS bytes FROM entries GROUP BY writer, trashed",
    ).all().map((row): LogShare => ({
      writer: String(row["writer"]),
      trashed: row["trashed"] === 1,
      bytes: Number(row["bytes"]),
    }));
    for (const { writer, trashed, bytes } of cutsFor(shares, maxBytes)) {
      this.#database.prepare(
        `DELETE FROM entries WHERE id IN (
          SELECT id FROM (
            SELECT id, sum(bytes) OVER (ORDER BY id) - bytes AS older FROM entries
            WHERE writer = ? AND (undo IS NOT NULL) = ?
          ) WHERE older < ?
        )`,
      ).run(writer, trashed ? 1 : 0, bytes);
    }
  }
}
