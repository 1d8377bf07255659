/** Rows of clips in SQLite. */
import * as v from "valibot";
import { CLIP_TYPES } from "../../shared/clips.ts";
import type { DatabaseSync } from "node:sqlite";
import { AgeClock, CLOCK_TABLE, clockMemoryOf, SYSTEM_CLOCKS, type TwoClocks } from "./age_clock.ts";
import type { ClipRow, RowStore } from "./clip_store.ts";
import { openDatabase, together } from "./database.ts";

const MIGRATIONS = [
  `CREATE TABLE clips (
    id TEXT PRIMARY KEY,
    token TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    sidecarBytes INTEGER NOT NULL,
    durationMs REAL NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    createdMs REAL NOT NULL,
    addedMs REAL NOT NULL,
    touchedMs REAL NOT NULL,
    received INTEGER NOT NULL,
    done INTEGER NOT NULL,
    pinned INTEGER NOT NULL,
    removedMs REAL
  ) STRICT;
  CREATE TABLE thumbnails (
    id TEXT PRIMARY KEY REFERENCES clips ON DELETE CASCADE,
    jpeg BLOB NOT NULL
  ) STRICT;`,
  `ALTER TABLE clips ADD COLUMN addedUpMs REAL;
  ALTER TABLE clips ADD COLUMN touchedUpMs REAL;
  ALTER TABLE clips ADD COLUMN removedUpMs REAL;
  ALTER TABLE clips ADD COLUMN byAge INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE clips ADD COLUMN thumbnailBytes INTEGER NOT NULL DEFAULT 0;
  UPDATE clips SET thumbnailBytes = coalesce((SELECT length(jpeg) FROM thumbnails WHERE thumbnails.id = clips.id), 0);
  ${CLOCK_TABLE}`,
] as const;

const Flag = v.pipe(v.number(), v.transform((value) => value === 1));

const RowSchema = v.object({
  id: v.string(),
  token: v.string(),
  name: v.string(),
  type: v.picklist(CLIP_TYPES),
  bytes: v.number(),
  sidecarBytes: v.number(),
  durationMs: v.number(),
  width: v.number(),
  height: v.number(),
  createdMs: v.number(),
  addedMs: v.number(),
  addedUpMs: v.number(),
  touchedUpMs: v.number(),
  received: v.number(),
  thumbnailBytes: v.number(),
  done: Flag,
  pinned: Flag,
  removedMs: v.nullable(v.number()),
  removedUpMs: v.nullable(v.number()),
  byAge: Flag,
});

/** How long a file that is closed waits for another program's lock, in ms. */
const CLOSE_TIMEOUT_MS = 100;

const COLUMNS = Object.keys(RowSchema.entries);

/** Rows in a file, and the clock that their stamps are of. */
export interface ClipDatabase {
  readonly rows: RowStore;
  readonly clock: AgeClock;
}

/**
 * Opens a file of rows. What an older version wrote is stamped by its dates.
 *
 * @throws RangeError or GradcastError as `openDatabase` does
 */
export function openClipDatabase(path: string, clocks: TwoClocks = SYSTEM_CLOCKS): ClipDatabase {
  const database = openDatabase({ path, migrations: MIGRATIONS });
  try {
    // What SQLite writes beside the file is small, so that the bound on clips holds for the folder.
    database.exec("PRAGMA wal_autocheckpoint = 128; PRAGMA journal_size_limit = 524288");
    const clock = new AgeClock(clockMemoryOf(database), clocks);
    stampOlder(database, clock);
    return { rows: rowsOf(database), clock };
  } catch (error) {
    database.close();
    throw error;
  }
}

function stampOlder(database: DatabaseSync, clock: AgeClock): void {
  const older = database.prepare(
    "SELECT id, addedMs, touchedMs, removedMs FROM clips WHERE addedUpMs IS NULL",
  ).all();
  if (older.length === 0) return;
  const stamp = database.prepare(
    "UPDATE clips SET addedUpMs = ?, touchedUpMs = ?, removedUpMs = ? WHERE id = ?",
  );
  together(database, () => {
    for (const { id = null, addedMs, touchedMs, removedMs } of older) {
      const stampOf = (date: unknown) => clock.stampOfDate(Number(date));
      stamp.run(stampOf(addedMs), stampOf(touchedMs), removedMs === null ? null : stampOf(removedMs), id);
    }
  });
}

function rowsOf(database: DatabaseSync): RowStore {
  const list = COLUMNS.join(", ");
  const all = database.prepare(`SELECT ${list} FROM clips`);
  const one = database.prepare(`SELECT ${list} FROM clips WHERE id = ?`);
  // The time of the last bytes was once kept by the wall clock alone; its column is no longer read.
  const insert = database.prepare(
    `INSERT INTO clips (${list}, touchedMs) VALUES (${COLUMNS.map((name) => `:${name}`).join(", ")}, 0)`,
  );
  const update = database.prepare(
    `UPDATE clips SET ${COLUMNS.map((name) => `${name} = :${name}`).join(", ")} WHERE id = :id`,
  );
  const jpegOf = database.prepare("SELECT jpeg FROM thumbnails WHERE id = ?");
  const insertJpeg = database.prepare("INSERT INTO thumbnails VALUES (?, ?)");
  const erase = database.prepare("DELETE FROM clips WHERE id = ?");
  return {
    all: () => all.all().map((row) => v.parse(RowSchema, row)),
    get(id) {
      const row = one.get(id);
      return row === undefined ? null : v.parse(RowSchema, row);
    },
    thumbnail(id) {
      const jpeg = jpegOf.get(id)?.["jpeg"];
      return jpeg instanceof Uint8Array ? new Uint8Array(jpeg) : null;
    },
    insert(row, thumbnail) {
      insert.run(columnsOf(row));
      insertJpeg.run(row.id, thumbnail);
    },
    update: (row) => void update.run(columnsOf(row)),
    delete: (id) => void erase.run(id),
    together: (work) => together(database, work),
    close(last) {
      try {
        database.exec(`PRAGMA busy_timeout = ${CLOSE_TIMEOUT_MS}`);
        together(database, last);
      } catch {
        // Rows are on the disk already: what is lost is a minute of the clock's count.
      }
      database.close();
    },
  };
}

function columnsOf({ done, pinned, byAge, ...row }: ClipRow) {
  return { ...row, done: Number(done), pinned: Number(pinned), byAge: Number(byAge) };
}
