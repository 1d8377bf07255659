/** How long every store of clips keeps what, in memory and on the disk: the trash, ages, bounds, older files. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { CLIP_TRASH_MS, CLIP_UPLOAD_IDLE_MS, MAX_CLIP_UPLOADS } from "../../shared/limits.ts";
import { BOUNDS, contract, DAY_MS, inFolder, inMemory, Place, send } from "./testing/clip_places.ts";
import { pieces, uploadOf, webm } from "./testing/small_clip.ts";
import { BELIEVED_AFTER_MS } from "./age.ts";
import { openFolder } from "./folder_clips.ts";
import { openClipStore } from "./open_clips.ts";
import { openClipDatabase } from "./sqlite_clips.ts";

contract("C7: keeps a deleted clip in the trash for a week, and not longer", async (place) => {
  const store = await place.open();
  const clip = await send(store);
  place.pass(1_000);
  await store.remove(clip.id);
  assert.deepEqual(await store.list(""), []);
  assert.deepEqual(await store.trash(), [{ ...clip, removedMs: place.wallMs, byAge: false }]);
  for (
    const act of [
      () => store.get(clip.id),
      () => store.remove(clip.id),
      () => store.change(clip.id, { pinned: true }),
    ]
  ) {
    await assert.rejects(act, { code: "unknown-clip" });
  }
  place.pass(CLIP_TRASH_MS);
  await store.sweep();
  assert.deepEqual(await store.restore(clip.id), clip);
  assert.deepEqual(await store.trash(), []);
  await store.remove(clip.id);
  // A week, and the day after which a clock is believed.
  place.pass(CLIP_TRASH_MS + BELIEVED_AFTER_MS);
  await store.sweep();
  await assert.rejects(store.restore(clip.id), { code: "unknown-clip" });
  assert.deepEqual(await place.names(), []);
  await store.close();
});

contract("empties its trash on request", async (place) => {
  const store = await place.open();
  const [gone, kept] = [await send(store), await send(store)];
  await store.remove(gone.id);
  await store.emptyTrash();
  assert.deepEqual(await store.trash(), []);
  await assert.rejects(store.restore(gone.id), { code: "unknown-clip" });
  assert.deepEqual(await place.names(), [`${kept.id}.media`]);
  await store.close();
});

contract("C7: puts what is past its age into the trash, whence it comes back as new", async (place) => {
  const store = await place.open();
  const [loose, pinned] = [await send(store, { name: "loose" }), await send(store, { name: "pinned" })];
  await store.change(pinned.id, { pinned: true });
  place.pass(BOUNDS.maxAgeMs);
  await store.sweep();
  assert.equal((await store.list("")).length, 2);
  place.pass(BELIEVED_AFTER_MS);
  await store.sweep();
  assert.deepEqual((await store.list("")).map(({ name }) => name), ["pinned"]);
  assert.deepEqual(await store.trash(), [{ ...loose, removedMs: place.wallMs, byAge: true }]);
  await store.restore(loose.id);
  place.pass(DAY_MS);
  await store.sweep();
  assert.equal((await store.list("")).length, 2, "it is not thrown away again at once");
  await store.close();
});

contract("C14: takes no bytes for which nothing may give way, and erases nothing for them", async (place) => {
  const store = await place.open({ maxBytes: 110_000 });
  await store.change((await send(store, { bytes: 44_000 })).id, { pinned: true });
  const bytes = 30_000;
  const begin = async () => {
    const key = await store.create(uploadOf({ bytes }));
    await store.append(key, 0, pieces(webm(bytes).subarray(0, 16_000), 16_000));
    return key;
  };
  const [first, second] = [await begin(), await begin()];
  const rest = webm(bytes).subarray(16_000);
  await assert.rejects(store.append(first, 16_000, pieces(rest, rest.byteLength)), { code: "clips-full" });
  assert.deepEqual([await store.offset(first), await store.offset(second)], [16_000, 16_000]);
  place.pass(CLIP_UPLOAD_IDLE_MS + 1);
  assert.equal(await store.append(first, 16_000, pieces(rest, rest.byteLength)), bytes);
  await assert.rejects(store.offset(second), { code: "unknown-clip" }, "it stood still for an hour");
  await store.close();
});

contract(
  "C15: deletes nothing because of a clock that is years ahead for a while, restarts included",
  async (place) => {
    const first = await place.open();
    const [kept, deleted] = [await send(first), await send(first)];
    const upload = await first.create(uploadOf());
    await first.append(upload, 0, pieces(webm().subarray(0, 20)));
    await first.remove(deleted.id);
    place.pass(2 * DAY_MS);
    place.wallMs += 400 * DAY_MS;
    await first.sweep();
    await first.close();
    const second = await place.open();
    place.pass(3_600_000);
    await second.sweep();
    await second.close();
    place.wallMs -= 400 * DAY_MS;
    const third = await place.open();
    await third.sweep();
    assert.deepEqual((await third.list("")).map(({ id }) => id), [kept.id]);
    assert.deepEqual((await third.trash()).map(({ id }) => id), [deleted.id]);
    await third.close();
  },
);

contract(
  "C14: makes room when bytes arrive: the trash first, then the oldest, never what is pinned",
  async (place) => {
    // Room for 99,000 bytes: a pinned clip of 50,176, four of 9,216, and some.
    const store = await place.open({ maxBytes: 110_000 });
    const pinned = await send(store, { name: "pinned", bytes: 44_000 });
    await store.change(pinned.id, { pinned: true });
    for (const name of ["old", "newer", "newest"]) {
      place.pass(1);
      await send(store, { name });
    }
    place.pass(1);
    await store.remove((await send(store, { name: "deleted" })).id);
    const names = async () => (await store.list("")).map(({ name }) => name).sort();
    const all = ["newer", "newest", "old", "pinned"];
    const bytes = 20_000;
    const key = await store.create(uploadOf({ bytes }));
    assert.equal((await store.trash()).length, 1, "announcing erases nothing");
    assert.deepEqual(await names(), all);
    await store.append(key, 0, pieces(webm(bytes).subarray(0, 10_000), 10_000));
    assert.equal((await store.trash()).length, 0);
    assert.deepEqual(await names(), all);
    await store.append(key, 10_000, pieces(webm(bytes).subarray(10_000), 10_000));
    assert.deepEqual(await names(), ["newer", "newest", "pinned"]);
    await store.complete(key);
    await assert.rejects(store.create(uploadOf({ bytes: 50_000 })), { code: "clips-full" });
    assert.equal((await store.list("")).length, 4);
    await store.close();
  },
);

contract(
  "C14: bounds uploads that are announced: their number, and their thumbnails' bytes",
  async (place) => {
    const store = await place.open({ maxBytes: 100_000_000 });
    const first = await store.create(uploadOf());
    for (let upload = 1; upload < MAX_CLIP_UPLOADS; upload++) await store.create(uploadOf());
    await assert.rejects(store.create(uploadOf()), { code: "clips-busy" });
    place.pass(CLIP_UPLOAD_IDLE_MS + 1);
    await store.create(uploadOf());
    await assert.rejects(
      store.offset(first),
      { code: "unknown-clip" },
      "the one that stood still the longest",
    );
    await store.close();
    const small = new Place(inMemory());
    const other = await small.open({ maxBytes: 1_000_000 });
    const thumbnail = new Uint8Array(40_000);
    await other.create(uploadOf({ thumbnail }));
    await assert.rejects(other.create(uploadOf({ thumbnail })), { code: "clips-busy" });
    await other.close();
  },
);

contract(
  "C14: counts thumbnails and rows: four hundred clips of one byte stay within the bound",
  async (place) => {
    const store = await place.open({ maxBytes: 2_000_000 });
    const thumbnail = new Uint8Array(60_000);
    for (let clip = 0; clip < 400; clip++) {
      await send(store, { bytes: 4, thumbnail });
      place.pass(1);
    }
    const left = await store.list("");
    const each = 4_096 + 61_440 + 1_024;
    assert.equal(left.length, Math.floor(1_800_000 / each));
    assert.equal((await place.names()).length, left.length);
    await store.close();
  },
);

Deno.test("a store of clips behind its worker deletes files that no row knows, and keeps the others", () =>
  inFolder(async (folder) => {
    const store = await openClipStore(folder, BOUNDS);
    const clip = await send(store);
    await store.close();
    const lost = `${"0".repeat(32)}.media`;
    await Deno.writeTextFile(join(folder, "clips", lost), "x");
    await Deno.writeTextFile(join(folder, "clips", "notes.txt"), "somebody else's");
    const again = await openClipStore(folder, BOUNDS);
    const names = await (await openFolder(join(folder, "clips"))).names();
    assert.deepEqual(names.toSorted(), [`${clip.id}.media`, "notes.txt"].toSorted());
    assert.deepEqual(await again.list(""), [clip]);
    await again.close();
  }));

Deno.test("a store of clips keeps files whose rows are gone in a folder of another name, and says so", () =>
  inFolder(async (folder) => {
    const store = await openClipStore(folder, BOUNDS);
    const { id } = await send(store);
    await store.close();
    await Deno.remove(join(folder, "clips.sqlite"));
    const notes: string[] = [];
    const again = await openClipStore(folder, BOUNDS, (text) => notes.push(text));
    assert.deepEqual(await again.list(""), []);
    const aside = join(folder, "clips-set-aside-1");
    assert.deepEqual(await Deno.readFile(join(aside, `${id}.media`)), webm());
    assert.deepEqual(notes.map((note) => note.includes(aside)), [true]);
    await again.close();
  }));

Deno.test("a store of clips stamps what an older version wrote by its dates", () =>
  inFolder(async (folder) => {
    const path = join(folder, "clips.sqlite");
    const older = new DatabaseSync(path);
    older.exec(OLDER_SCHEMA);
    const insert = older.prepare(
      `INSERT INTO clips VALUES (?, 't', ?, 'video/webm', 4, 0, 1, 1, 1, 0, ?, ?, 4, 1, 0, ?)`,
    );
    const jpeg = older.prepare("INSERT INTO thumbnails VALUES (?, zeroblob(100))");
    const nowMs = 1e12;
    for (
      const [id, addedMs, removedMs] of [
        ["old", nowMs - 40 * DAY_MS, null],
        ["young", nowMs - DAY_MS, null],
        [
          "deleted",
          nowMs - DAY_MS,
          nowMs - 1_000,
        ],
      ] as const
    ) {
      insert.run(id, id, addedMs, addedMs, removedMs);
      jpeg.run(id);
    }
    older.close();
    const place = new Place({ ...inMemory(), open: (clocks) => openClipDatabase(path, clocks) });
    const store = await place.open();
    const names = async () => (await store.list("")).map(({ name }) => name).sort();
    assert.deepEqual(await names(), ["old", "young"], "nothing goes before a day of readings");
    assert.deepEqual((await store.trash()).map(({ name }) => name), ["deleted"]);
    place.pass(BELIEVED_AFTER_MS);
    await store.sweep();
    assert.deepEqual(await names(), ["young"]);
    assert.deepEqual((await store.trash()).map(({ name, byAge }) => [name, byAge]), [["old", true], [
      "deleted",
      false,
    ]]);
    await store.close();
  }));

/** The tables as version 1 made them. */
const OLDER_SCHEMA = `CREATE TABLE clips (
    id TEXT PRIMARY KEY, token TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, bytes INTEGER NOT NULL,
    sidecarBytes INTEGER NOT NULL, durationMs REAL NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
    createdMs REAL NOT NULL, addedMs REAL NOT NULL, touchedMs REAL NOT NULL, received INTEGER NOT NULL,
    done INTEGER NOT NULL, pinned INTEGER NOT NULL, removedMs REAL
  ) STRICT;
  CREATE TABLE thumbnails (id TEXT PRIMARY KEY REFERENCES clips ON DELETE CASCADE, jpeg BLOB NOT NULL) STRICT;
  PRAGMA user_version = 1`;
