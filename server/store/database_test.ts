import assert from "node:assert/strict";
import { join } from "node:path";
import { openDatabase } from "./database.ts";

const PETS = "CREATE TABLE pets (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT";
const TOYS = "CREATE TABLE toys (pet INTEGER NOT NULL REFERENCES pets) STRICT";

async function inFolder(run: (folder: string) => void | Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("openDatabase() makes the folder and sets WAL, foreign keys and full synchronisation", () =>
  inFolder((folder) => {
    const database = openDatabase({ path: join(folder, "a", "b.sqlite"), migrations: [PETS, TOYS] });
    const pragma = (name: string) => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
    assert.equal(pragma("journal_mode"), "wal");
    assert.equal(pragma("foreign_keys"), 1);
    assert.equal(pragma("synchronous"), 2);
    assert.equal(pragma("busy_timeout"), 5_000);
    assert.equal(pragma("user_version"), 2);
    assert.throws(() => database.exec("INSERT INTO toys VALUES (7)"), /FOREIGN KEY/);
    database.close();
  }));

Deno.test("openDatabase() runs only the migrations that a file has not seen and keeps its rows", () =>
  inFolder((folder) => {
    const path = join(folder, "log.sqlite");
    const first = openDatabase({ path, migrations: [PETS] });
    first.exec("INSERT INTO pets VALUES (1, 'Chelsea')");
    first.close();
    const second = openDatabase({ path, migrations: [PETS, TOYS] });
    assert.deepEqual({ ...second.prepare("SELECT name FROM pets").get() }, { name: "Chelsea" });
    second.exec("INSERT INTO toys VALUES (1)");
    second.close();
  }));

Deno.test("openDatabase() leaves a file as it was when a migration fails", () =>
  inFolder((folder) => {
    const path = join(folder, "log.sqlite");
    assert.throws(() => openDatabase({ path, migrations: [PETS, "CREATE NONSENSE"] }), RangeError);
    const database = openDatabase({ path, migrations: [PETS] });
    database.close();
  }));

Deno.test("openDatabase() refuses a file of a newer version and one that is no database", () =>
  inFolder(async (folder) => {
    const path = join(folder, "log.sqlite");
    openDatabase({ path, migrations: [PETS, TOYS] }).close();
    assert.throws(
      () => openDatabase({ path, migrations: [PETS] }),
      /newer Gradcast .* version 2, and this one knows 1/,
    );
    const text = join(folder, "text.sqlite");
    await Deno.writeTextFile(text, "not a database at all, only a text file of some length\n".repeat(40));
    assert.throws(() => openDatabase({ path: text, migrations: [PETS] }), {
      code: "data-unusable",
      message: /Cannot open the database .*not a database/,
    });
  }));

Deno.test({
  name: "openDatabase() says what to do when the permissions do not cover the folder",
  permissions: { read: true, write: false },
  fn: () => {
    assert.throws(
      () => openDatabase({ path: "elsewhere/log.sqlite", migrations: [PETS] }),
      /got elsewhere; add it to "write" of "permissions" → "start" in deno\.json/,
    );
  },
});
