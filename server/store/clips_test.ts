/** What every store of clips holds to: in memory, and on the disk. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { CLIP_TRASH_MS, CLIP_UPLOAD_IDLE_MS, MAX_CLIP_UPLOADS } from "../../shared/limits.ts";
import { pieces, SIDECAR, uploadOf, webm } from "./_clip_testing.ts";
import { BELIEVED_AFTER_MS, type ClockHistory, MAX_STEP_MS, NO_HISTORY } from "./age.ts";
import { AgeClock, type TwoClocks } from "./age_clock.ts";
import type { ClipBounds, ClipFiles, ClipStore, NewUpload, RowStore, StoredClip } from "./clip_store.ts";
import { createClipTable } from "./clip_table.ts";
import { openFolder } from "./folder_clips.ts";
import { createClipStore } from "./kept_clips.ts";
import { asLinked, memoryClipFiles, memoryRows } from "./memory_clips.ts";
import { openClipStore } from "./open_clips.ts";
import { openClipDatabase } from "./sqlite_clips.ts";

const DAY_MS = 86_400_000;

const BOUNDS = { maxBytes: 1_000_000, maxAgeMs: 30 * DAY_MS };

/** What a store of clips lies in. */
interface Ground {
  readonly files: ClipFiles;
  /** Cuts a file, as a crash would. */
  cut(name: string, bytes: number): Promise<void>;
  open(clocks: TwoClocks): { readonly rows: RowStore; readonly clock: AgeClock };
}

/** A place for clips that can be opened again, with clocks of its own. */
class Place {
  wallMs = 1e12;
  #monotonicMs = 0;
  #clock: AgeClock | null = null;
  readonly #ground: Ground;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  async open(bounds: Partial<ClipBounds> = {}): Promise<ClipStore> {
    const { rows, clock } = this.#ground.open({
      wallMs: () => this.wallMs,
      monotonicMs: () => this.#monotonicMs,
    });
    this.#clock = clock;
    const table = createClipTable({ rows, clock, bounds: { ...BOUNDS, ...bounds }, now: () => this.wallMs });
    return await createClipStore(asLinked(table), this.#ground.files);
  }

  /** Lets time pass, as a server sees it that reads its clocks often enough. */
  pass(milliseconds: number): void {
    for (let left = milliseconds; left > 0; left -= MAX_STEP_MS) {
      const step = Math.min(left, MAX_STEP_MS);
      this.wallMs += step;
      this.#monotonicMs += step;
      this.#clock?.stamp();
    }
  }

  /** Cuts a file, as a crash would. */
  cut(name: string, bytes: number): Promise<void> {
    return this.#ground.cut(name, bytes);
  }

  /** Names of the files that there are. */
  names(): Promise<readonly string[]> {
    return this.#ground.files.names();
  }
}

function inMemory(): Ground {
  const rows = memoryRows();
  let history: ClockHistory = NO_HISTORY;
  const memory = { load: () => history, save: (now: ClockHistory) => void (history = now) };
  const files = memoryClipFiles();
  const cut = async (name: string, bytes: number) => {
    const left = await bytesOf(files.read(name, 0, bytes));
    await files.delete(name);
    await files.write(name, 0, left);
  };
  return { files, cut, open: (clocks) => ({ rows, clock: new AgeClock(memory, clocks) }) };
}

function contract(name: string, run: (place: Place) => Promise<void>): void {
  Deno.test(`a store of clips in memory ${name}`, () => run(new Place(inMemory())));
  Deno.test(`a store of clips on the disk ${name}`, () =>
    inFolder(async (folder) => {
      const files = await openFolder(join(folder, "clips"));
      const cut = (name: string, bytes: number) => Deno.truncate(join(folder, "clips", name), bytes);
      const open = (clocks: TwoClocks) => openClipDatabase(join(folder, "clips.sqlite"), clocks);
      await run(new Place({ files, cut, open }));
    }));
}

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Sends a clip in one go. */
async function send(store: ClipStore, some: Partial<NewUpload> = {}, sidecar = false): Promise<StoredClip> {
  const media = webm(some.bytes);
  const key = await store.create(uploadOf({
    bytes: media.byteLength,
    sidecarBytes: sidecar ? SIDECAR.byteLength : 0,
    ...some,
  }));
  await store.append(key, 0, pieces(new Uint8Array([...media, ...sidecar ? SIDECAR : []])));
  return await store.complete(key);
}

async function bytesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

contract("gives back what it was sent, in parts, and after it was opened again", async (place) => {
  const store = await place.open();
  const clip = await send(store, { name: " Cup\n" }, true);
  await store.close();
  const again = await place.open();
  assert.deepEqual(await again.list(""), [clip]);
  assert.equal(clip.name, "Cup");
  assert.deepEqual(await bytesOf(await again.read(clip.id, "media", 0, 64)), webm());
  assert.deepEqual(await bytesOf(await again.read(clip.id, "media", 10, 5)), webm().subarray(10, 15));
  assert.deepEqual(await bytesOf(await again.read(clip.id, "sidecar", 0, SIDECAR.byteLength)), SIDECAR);
  assert.deepEqual(await again.thumbnail(clip.id), new Uint8Array([0xff, 0xd8, 0xff, 0xe0]));
  await again.close();
});

contract("goes on with an upload where it broke off, after it was opened again too", async (place) => {
  const whole = new Uint8Array([...webm(), ...SIDECAR]);
  const first = await place.open();
  const key = await first.create(uploadOf({ sidecarBytes: SIDECAR.byteLength }));
  async function* broken() {
    yield* pieces(whole.subarray(0, 70));
    throw new Error("the line broke");
  }
  assert.equal(await first.append(key, 0, broken()), 70);
  await assert.rejects(first.complete(key), { code: "clip-incomplete" });
  await first.close();
  const second = await place.open();
  assert.equal(await second.offset(key), 70);
  await assert.rejects(second.append(key, 0, pieces(whole)), { code: "clip-offset" });
  await assert.rejects(second.append(key, 71, pieces(whole)), { code: "clip-offset" });
  assert.equal(await second.append(key, 70, pieces(whole.subarray(70))), whole.byteLength);
  const { id } = await second.complete(key);
  assert.equal((await second.complete(key)).id, id, "an answer that got lost is asked for again");
  assert.deepEqual(await bytesOf(await second.read(id, "media", 0, 64)), webm());
  assert.deepEqual(await bytesOf(await second.read(id, "sidecar", 0, SIDECAR.byteLength)), SIDECAR);
  await second.close();
});

contract("lets a newer request take over from one that hangs", async (place) => {
  const store = await place.open();
  const key = await store.create(uploadOf());
  const begun = Promise.withResolvers<void>();
  async function* hanging() {
    yield webm().subarray(0, 30);
    begun.resolve();
    await new Promise(() => {});
  }
  const old = store.append(key, 0, hanging());
  const lost = assert.rejects(old, { code: "clip-offset" });
  await begun.promise;
  await assert.rejects(store.append(key, 0, pieces(webm())), { code: "clip-offset" });
  await lost;
  assert.equal(await store.offset(key), 30, "what had come was kept");
  assert.equal(await store.append(key, 30, pieces(webm().subarray(30))), 64);
  await store.close();
});

contract("takes an upload only from who began it, and no more than was said", async (place) => {
  const store = await place.open();
  const key = await store.create(uploadOf());
  const foreign = { ...key, token: (await store.create(uploadOf())).token };
  for (const token of [foreign.token, ""]) {
    await assert.rejects(store.offset({ ...key, token }), { code: "clip-token" });
    await assert.rejects(store.append({ ...key, token }, 0, pieces(webm())), { code: "clip-token" });
    await assert.rejects(store.complete({ ...key, token }), { code: "clip-token" });
    await assert.rejects(store.abandon({ ...key, token }), { code: "clip-token" });
  }
  await assert.rejects(store.append(key, 0, pieces(webm(200))), { code: "clip-bytes" });
  assert.equal(await store.offset(key), 60, "whole pieces within the clip were kept");
  await store.abandon(key);
  await assert.rejects(store.offset(key), { code: "unknown-clip" });
  assert.deepEqual(await place.names(), []);
  await store.close();
});

contract("refuses what cannot be played and a sidecar that does not fit, and forgets them", async (place) => {
  const store = await place.open();
  const gif = new TextEncoder().encode("GIF89a".padEnd(64));
  const unplayable = await store.create(uploadOf());
  await store.append(unplayable, 0, pieces(gif));
  await assert.rejects(store.complete(unplayable), { code: "clip-format" });
  const disguised = await store.create(uploadOf({ type: "video/mp4" }));
  await store.append(disguised, 0, pieces(webm()));
  await assert.rejects(store.complete(disguised), { code: "clip-format" });
  for (const text of ["{}", "[1", '{"gradcast":2}']) {
    const sidecar = new TextEncoder().encode(text);
    const key = await store.create(uploadOf({ sidecarBytes: sidecar.byteLength }));
    await store.append(key, 0, pieces(new Uint8Array([...webm(), ...sidecar])));
    await assert.rejects(store.complete(key), { code: "clip-sidecar" });
    await assert.rejects(store.offset(key), { code: "unknown-clip" });
  }
  assert.deepEqual(await place.names(), []);
  assert.deepEqual(await store.list(""), []);
  await store.close();
});

contract("lists the newest first, finds by words, renames and pins", async (place) => {
  const store = await place.open();
  const old = await send(store, { name: "Espresso cup", createdMs: 1 });
  await send(store, { name: "Cat", createdMs: 2 });
  await store.create(uploadOf({ name: "not all there" }));
  assert.deepEqual((await store.list("")).map(({ name }) => name), ["Cat", "Espresso cup"]);
  assert.deepEqual((await store.list("CUP esp")).map(({ name }) => name), ["Espresso cup"]);
  await store.change(old.id, { name: "Mug " });
  assert.deepEqual(await store.change(old.id, { pinned: true }), { ...old, name: "Mug", pinned: true });
  assert.deepEqual(await store.get(old.id), { ...old, name: "Mug", pinned: true });
  await store.close();
});

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

contract("empties its trash when it is told to", async (place) => {
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

contract(
  "deletes nothing because of a clock that is years ahead for a while, restarts included",
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
  "makes room when bytes arrive: the trash first, then the oldest, never what is pinned",
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

contract("takes no bytes for which nothing may give way, and erases nothing for them", async (place) => {
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
  "counts thumbnails and rows: four hundred clips of one byte stay within the bound",
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

contract("says at once that a file is not what it was, and not in the middle of an answer", async (place) => {
  const store = await place.open();
  const { id } = await send(store);
  await place.cut(`${id}.media`, 20);
  await assert.rejects(store.read(id, "media", 0, 64), {
    code: "unknown-clip",
    message: /has 20 bytes, and 64/,
  });
  assert.deepEqual(await bytesOf(await store.read(id, "media", 0, 20)), webm().subarray(0, 20));
  await store.close();
});

contract("C4: says no more than its files hold", async (place) => {
  const store = await place.open();
  const key = await store.create(uploadOf());
  await store.append(key, 0, pieces(webm()));
  await place.cut(`${key.id}.media`, 20);
  assert.equal(await store.offset(key), 20);
  await assert.rejects(store.complete(key), { code: "clip-incomplete" });
  assert.equal(await store.append(key, 20, pieces(webm().subarray(20))), 64);
  const { id } = await store.complete(key);
  assert.deepEqual(await bytesOf(await store.read(id, "media", 0, 64)), webm());
  await store.close();
});

contract("knows no clip by what is no id of its own", async (place) => {
  const store = await place.open();
  await send(store);
  for (const id of ["", "..", "../clips.sqlite", "%2e%2e", "0".repeat(32)]) {
    for (
      const act of [
        () => store.get(id),
        () => store.thumbnail(id),
        () => store.read(id, "media", 0, 1),
        () => store.remove(id),
        () => store.restore(id),
        () => store.offset({ id, token: "" }),
      ]
    ) await assert.rejects(act, { code: "unknown-clip" }, id);
  }
  await store.close();
});

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
