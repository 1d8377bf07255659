/** Tables of the log's file, from version to version. */
import { CLOCK_TABLE } from "./age_clock.ts";
import { LOG_ROW_BYTES } from "./log_store.ts";

/** Bytes that a row counts, as `entryBytes()` says. */
export const ENTRY_BYTES = `${LOG_ROW_BYTES} + octet_length(label) + coalesce(length(map), 0) +
  coalesce((SELECT length(pictures.bytes) FROM pictures WHERE entry = entries.id), length(picture), 0)`;

/**
 * One script a version. Pictures of the first versions lie in their entries; later ones beside them, so that what changes
 * an entry does not write its picture again.
 */
export const LOG_MIGRATIONS = [
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
  `${CLOCK_TABLE}
  ALTER TABLE entries ADD COLUMN writer TEXT NOT NULL DEFAULT '';
  ALTER TABLE entries ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE entries ADD COLUMN up_ms REAL;
  CREATE TABLE pictures (
    entry INTEGER PRIMARY KEY REFERENCES entries (id) ON DELETE CASCADE,
    format TEXT NOT NULL,
    bytes BLOB NOT NULL
  ) STRICT;
  UPDATE entries SET bytes = ${ENTRY_BYTES};
  CREATE INDEX entries_by_age ON entries (up_ms) WHERE undo IS NULL;
  CREATE INDEX entries_by_writer ON entries (writer, undo, bytes);
  ALTER TABLE undos RENAME TO removals;
  ALTER TABLE removals ADD COLUMN cause TEXT NOT NULL DEFAULT 'people';
  ALTER TABLE removals ADD COLUMN at_ms REAL NOT NULL DEFAULT 0;
  ALTER TABLE removals ADD COLUMN up_ms REAL NOT NULL DEFAULT 0;
  UPDATE removals SET at_ms = coalesce((SELECT max(removed_ms) FROM entries WHERE undo = removals.id), 0);
  ALTER TABLE entries DROP COLUMN removed_ms;`,
  `ALTER TABLE entries ADD COLUMN model_name TEXT;
  ALTER TABLE entries ADD COLUMN taught_head TEXT;`,
] as const;
