/** One SQLite file of the data folder: opened, migrated, closed. */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { GradcastError } from "../../shared/errors.ts";
import { messageOf, storeFailure } from "./failures.ts";

/** How long a statement waits for another connection's lock, in ms. */
const BUSY_TIMEOUT_MS = 5_000;

/** What a database is opened with. */
export interface DatabaseOptions {
  /** The file; its folder is made where it is missing. `:memory:` keeps everything in memory. */
  readonly path: string;
  /** One SQL script a version: the nth leads from `user_version` n to n + 1. Scripts are only ever added. */
  readonly migrations: readonly string[];
}

/**
 * Opens a file with WAL, foreign keys and a busy timeout, and runs the migrations that it has not seen. A commit is on
 * the disk when it returns. The caller closes it.
 *
 * @throws GradcastError `data-locked`, `disk-full` or `data-unusable`; RangeError when the permissions do not cover the
 * folder, or a newer Gradcast wrote the file
 */
export function openDatabase({ path, migrations }: DatabaseOptions): DatabaseSync {
  try {
    return open(path, migrations, "NORMAL");
  } catch (error) {
    if (!(error instanceof GradcastError) || error.code === "data-locked" || path === ":memory:") throw error;
    // A full disk has no room for the index that connections share; one that is alone keeps it in memory and can read.
    return open(path, migrations, "EXCLUSIVE");
  }
}

function open(path: string, migrations: readonly string[], locking: "NORMAL" | "EXCLUSIVE"): DatabaseSync {
  const database = connect(path);
  try {
    database.exec(`PRAGMA locking_mode = ${locking}`);
    database.exec("PRAGMA synchronous = FULL");
    if (path !== ":memory:") database.exec("PRAGMA journal_mode = WAL");
    migrate(database, path, migrations);
    return database;
  } catch (thrown) {
    database.close();
    const error = storeFailure(thrown, `open the database ${path}`);
    if (error instanceof RangeError || error instanceof GradcastError) throw error;
    throw new RangeError(`Cannot open the database ${path}: ${messageOf(error)}`, { cause: error });
  }
}

function connect(path: string): DatabaseSync {
  try {
    if (path !== ":memory:") mkdirSync(dirname(path), { recursive: true });
    return new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    throw new RangeError(
      `Cannot keep anything in --data: the permissions do not cover the folder, got ${
        dirname(path)
      }; add it to "write" of "permissions" → "start" in deno.json, or leave --data out to use the folder data`,
      { cause: error },
    );
  }
}

/** All missing migrations in one transaction: a file is never left between two versions. */
function migrate(database: DatabaseSync, path: string, migrations: readonly string[]): void {
  const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
  if (version > migrations.length) {
    throw new RangeError(
      `Cannot open the database ${path}: a newer Gradcast wrote it as version ${version}, ` +
        `and this one knows ${migrations.length} at most`,
    );
  }
  // Nothing is written where nothing is to be done: a full disk has no room for it.
  if (version === migrations.length) return;
  together(database, () => {
    for (const script of migrations.slice(version)) database.exec(script);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
  });
}

/** Does some work as one transaction, which is undone where it throws. */
export function together<T>(database: DatabaseSync, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    // On a full disk SQLite has undone it by itself; the reason is what counts.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}
