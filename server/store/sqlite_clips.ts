/** Rows of clips in SQLite. */
import * as v from "valibot";
import { CLIP_TYPES } from "../../shared/clips.ts";
import type { ClipRow, ClipTable } from "./clip_store.ts";
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
  touchedMs: v.number(),
  received: v.number(),
  done: Flag,
  pinned: Flag,
  removedMs: v.nullable(v.number()),
});

const COLUMNS = Object.keys(RowSchema.entries);

/**
 * Opens a file of rows.
 *
 * @throws RangeError as `openDatabase` does
 */
export function openClipTable(path: string): ClipTable {
  const database = openDatabase({ path, migrations: MIGRATIONS });
  const list = COLUMNS.join(", ");
  const all = database.prepare(`SELECT ${list} FROM clips`);
  const one = database.prepare(`SELECT ${list} FROM clips WHERE id = ?`);
  const insert = database.prepare(
    `INSERT INTO clips (${list}) VALUES (${COLUMNS.map((name) => `:${name}`).join(", ")})`,
  );
  const update = database.prepare(
    `UPDATE clips SET ${COLUMNS.map((name) => `${name} = :${name}`).join(", ")} WHERE id = :id`,
  );
  const jpegOf = database.prepare("SELECT jpeg FROM thumbnails WHERE id = ?");
  const insertJpeg = database.prepare("INSERT INTO thumbnails VALUES (?, ?)");
  const erase = database.prepare("DELETE FROM clips WHERE id = ?");

  function get(id: string): ClipRow | null {
    const row = one.get(id);
    return row === undefined ? null : v.parse(RowSchema, row);
  }

  return {
    all: () => all.all().map((row) => v.parse(RowSchema, row)),
    get,
    thumbnail(id) {
      const jpeg = jpegOf.get(id)?.["jpeg"];
      return jpeg instanceof Uint8Array ? new Uint8Array(jpeg) : null;
    },
    insert(row, thumbnail) {
      together(database, () => {
        insert.run(columnsOf(row));
        insertJpeg.run(row.id, thumbnail);
      });
    },
    change: (id, change) =>
      together(database, () => {
        const row = get(id);
        if (row === null) return null;
        const changed = { ...row, ...change };
        update.run(columnsOf(changed));
        return changed;
      }),
    delete: (id) => void erase.run(id),
    close: () => database.close(),
  };
}

function columnsOf({ done, pinned, ...row }: ClipRow) {
  return { ...row, done: Number(done), pinned: Number(pinned) };
}
