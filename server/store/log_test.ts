/** One contract for the log in memory, in SQLite and behind its worker. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { LOG_MIGRATIONS } from "./_log_schema.ts";
import { MAX_STEP_MS } from "./age.ts";
import type { TwoClocks } from "./age_clock.ts";
import { openDatabase } from "./database.ts";
import { OWN_WRITER } from "./log_room.ts";
import {
  entryBytes,
  LOG_CALLS,
  LOG_ROW_BYTES,
  type LogBounds,
  type LoggedPicture,
  type LoggedSpan,
  type LogStore,
  type LogTable,
} from "./log_store.ts";
import { openLogStore } from "./log_worker.ts";
import { MemoryLog } from "./testing/memory_log.ts";
import { SqliteLog } from "./sqlite_log.ts";

const DAY = 86_400_000;
const WIDE: LogBounds = { maxAgeMs: 1e9, maxBytes: 1e9 };

function span(more: Partial<LoggedSpan> = {}): LoggedSpan {
  return {
    startMs: 1_000,
    endMs: 2_000,
    frames: 12,
    classIndex: 967,
    label: "espresso",
    method: "grad-cam",
    modelId: "tiny",
    modelName: "tiny",
    modelHash: "abc",
    taughtHead: null,
    peak: 0.9,
    mean: 0.75,
    ...more,
  };
}

const PICTURE: LoggedPicture = { format: "jpeg", bytes: Uint8Array.of(1, 2, 250) };
const MAP = { height: 1, width: 3, base: 9.25, scale: 4.5, values: Int8Array.of(-127, 0, 127) };

/** Clocks that stand still until the test moves them. */
class FakeClocks implements TwoClocks {
  nowMs = Date.UTC(2026, 0, 1);
  wrongMs = 0;
  upMs = 0;
  readonly wallMs = () => this.nowMs + this.wrongMs;
  readonly monotonicMs = () => this.upMs;

  pass(ms: number): void {
    this.nowMs += ms;
    this.upMs += ms;
  }
}

type Open = (bounds: LogBounds, folder: string, clocks: TwoClocks) => Promise<LogStore>;

/** A table that answers at once, as a store. */
function asStore(table: LogTable): LogStore {
  return Object.fromEntries([...LOG_CALLS, "close" as const].map((name) => [
    name,
    (...values: unknown[]) =>
      Promise.resolve((table[name] as (...all: unknown[]) => unknown).apply(table, values)),
  ])) as unknown as LogStore;
}

const TABLES: Readonly<Record<string, Open>> = {
  "in memory": (bounds, _folder, clocks) => Promise.resolve(asStore(new MemoryLog(bounds, clocks))),
  "in SQLite": (bounds, folder, clocks) =>
    Promise.resolve(asStore(new SqliteLog(join(folder, "log.sqlite"), bounds, clocks))),
};

const STORES: Readonly<Record<string, Open>> = {
  ...TABLES,
  "behind its worker": (bounds, folder) => openLogStore(join(folder, "log.sqlite"), bounds),
};

for (const [where, open] of Object.entries(STORES)) {
  const test = (name: string, act: (log: LogStore) => Promise<void>, bounds = WIDE) =>
    Deno.test(`the log ${where} ${name}`, async () => {
      const folder = await Deno.makeTempDir();
      const log = await open(bounds, folder, new FakeClocks());
      try {
        await act(log);
      } finally {
        await log.close();
        await Deno.remove(folder, { recursive: true });
      }
    });
  const ids = async (log: LogStore, query = {}) =>
    (await log.list(query, null, 99)).entries.map(({ id }) => id);

  test("keeps an entry with its picture and map as they were, the newest first", async (log) => {
    const first = await log.append(span(), PICTURE, OWN_WRITER);
    const second = await log.append(span({ label: "cup" }), null, OWN_WRITER);
    assert.ok(second > first);
    await log.amend(first, { map: MAP });
    const { entries, total } = await log.list({}, null, 99);
    assert.deepEqual(entries, [{ ...span({ label: "cup" }), id: second, map: null }, {
      ...span(),
      id: first,
      map: MAP,
    }]);
    assert.equal(total, 2);
    assert.deepEqual(await log.picture(first), PICTURE);
    assert.equal(await log.picture(second), null);
    assert.equal(await log.picture(99), null);
  });

  test("grows a span and changes its picture; an entry that is gone stays gone", async (log) => {
    const id = await log.append(span(), PICTURE, OWN_WRITER);
    const grown = span({ endMs: 9_000, frames: 99, peak: 0.99 });
    await log.amend(id, { span: grown, picture: { format: "png", bytes: Uint8Array.of(7) } });
    assert.deepEqual((await log.list({}, null, 9)).entries[0], { ...grown, id, map: null });
    assert.deepEqual(await log.picture(id), { format: "png", bytes: Uint8Array.of(7) });
    await log.amend(id, {});
    await log.amend(id + 1, { span: grown });
    assert.deepEqual(await ids(log), [id]);
  });

  test("finds by time, part of the label and method", async (log) => {
    const a = await log.append(span(), null, OWN_WRITER);
    const b = await log.append(
      span({ startMs: 3_000, endMs: 4_000, label: "coffee mug", method: "cam" }),
      null,
      OWN_WRITER,
    );
    assert.deepEqual(await ids(log, { fromMs: 2_000 }), [b, a]);
    assert.deepEqual(await ids(log, { fromMs: 2_001 }), [b]);
    assert.deepEqual(await ids(log, { toMs: 3_000 }), [a]);
    assert.deepEqual(await ids(log, { label: "MUG" }), [b]);
    assert.deepEqual(await ids(log, { label: "%" }), []);
    const c = await log.append(span({ label: "CAFE\u0301 au lait" }), null, OWN_WRITER);
    assert.deepEqual(await ids(log, { label: "caf\u00e9 AU" }), [c]);
    assert.deepEqual(await ids(log, { method: "cam", label: "espresso" }), []);
  });

  test("gives pages that continue below an id and count what is meant in all", async (log) => {
    const all = [];
    for (let i = 0; i < 5; i++) all.push(await log.append(span(), null, OWN_WRITER));
    const first = await log.list({}, null, 2);
    assert.deepEqual(first.entries.map(({ id }) => id), [all[4], all[3]]);
    const next = await log.list({}, all[3] ?? 0, 2);
    assert.deepEqual(next.entries.map(({ id }) => id), [all[2], all[1]]);
    assert.equal(next.total, 5);
  });

  test("deletes one or what is meant, lists both as batches, and restores each by itself", async (log) => {
    const a = await log.append(span(), PICTURE, OWN_WRITER);
    const b = await log.append(span({ label: "cup" }), null, OWN_WRITER);
    const one = await log.remove(a);
    assert.deepEqual([one.removed, await ids(log), await log.picture(a)], [1, [b], null]);
    const rest = await log.remove({});
    assert.deepEqual([rest.removed, await ids(log)], [1, []]);
    assert.equal((await log.remove(a)).removed, 0);
    assert.deepEqual((await log.trash()).map(({ undo, cause, entries }) => [undo, cause, entries]), [
      [rest.undo, "people", 1],
      [one.undo, "people", 1],
    ]);
    assert.deepEqual([(await log.usage()).entries, (await log.usage()).trashed], [0, 2]);
    assert.equal(await log.restore(one.undo), 1);
    assert.deepEqual([await ids(log), await log.picture(a)], [[a], PICTURE]);
    assert.equal(await log.emptyTrash(), 1);
    assert.equal(await log.restore(rest.undo), 0);
    assert.deepEqual([await ids(log), await log.trash()], [[a], []]);
  });

  test("drops the oldest beyond its bytes, their labels and pictures counted", async (log) => {
    const picture = { format: "png", bytes: new Uint8Array(744) } as const;
    const all = [];
    for (let i = 0; i < 4; i++) all.push(await log.append(span(), picture, OWN_WRITER));
    assert.deepEqual(await ids(log), [all[3], all[2]]);
    assert.equal((await log.usage()).bytes, 2 * entryBytes("espresso", 744, 0));
    await log.amend(all[3] ?? 0, { picture: { format: "png", bytes: new Uint8Array(1_500) } });
    assert.deepEqual(await ids(log), [all[3]], "an entry that grows takes room as well");
  }, { maxAgeMs: 1e9, maxBytes: 2 * (LOG_ROW_BYTES + 8 + 744) + 10 });

  test("L4: empties its trash before an entry gives way", async (log) => {
    const a = await log.append(span(), null, OWN_WRITER);
    const b = await log.append(span(), null, OWN_WRITER);
    const { undo } = await log.remove(b);
    const c = await log.append(span(), null, OWN_WRITER);
    assert.deepEqual([await ids(log), await log.restore(undo)], [[c, a], 0]);
  }, { maxAgeMs: 1e9, maxBytes: 2 * (LOG_ROW_BYTES + 8) });

  test("L9: what others write takes no room from own entries, nor from who wrote less", async (log) => {
    const own = [await log.append(span(), null, OWN_WRITER), await log.append(span(), null, OWN_WRITER)];
    const quiet = await log.append(span(), null, "10.0.0.7");
    let last = 0;
    for (let i = 0; i < 50; i++) last = await log.append(span(), null, "10.0.0.66");
    assert.deepEqual(await ids(log), [last, quiet, ...own.toReversed()]);
    const { undo } = await log.remove(own[0] ?? 0);
    for (let i = 0; i < 50; i++) await log.append(span(), null, "10.0.0.66");
    assert.equal(await log.restore(undo), 1, "nor from the own trash");
    for (let i = 0; i < 4; i++) await log.append(span(), null, OWN_WRITER);
    assert.equal((await log.list({}, null, 99)).entries.some(({ id }) => id === quiet), false);
  }, { maxAgeMs: 1e9, maxBytes: 4 * (LOG_ROW_BYTES + 8) });
}

/** A server that is up and tidies now and then. */
async function up(log: LogStore, clocks: FakeClocks, ms: number): Promise<void> {
  for (let done = 0; done < ms; done += MAX_STEP_MS) {
    clocks.pass(MAX_STEP_MS);
    await log.tidy();
  }
}

for (const [where, open] of Object.entries(TABLES)) {
  const test = (name: string, act: (log: LogStore, clocks: FakeClocks) => Promise<void>) =>
    Deno.test(`the log ${where} ${name}`, async () => {
      const folder = await Deno.makeTempDir();
      const clocks = new FakeClocks();
      const log = await open({ maxAgeMs: 10 * DAY, maxBytes: 1e9 }, folder, clocks);
      try {
        await act(log, clocks);
      } finally {
        await log.close();
        await Deno.remove(folder, { recursive: true });
      }
    });
  const total = async (log: LogStore) => (await log.list({}, null, 1)).total;

  test("L4: loses nothing to a clock that is 400 days ahead for a while, or in 1970", async (log, clocks) => {
    await up(log, clocks, 2 * DAY);
    await log.append(span(), PICTURE, OWN_WRITER);
    for (const wrongMs of [400 * DAY, -clocks.nowMs]) {
      clocks.wrongMs = wrongMs;
      await up(log, clocks, DAY / 2);
      await log.append(span(), PICTURE, OWN_WRITER);
      clocks.wrongMs = 0;
      await up(log, clocks, 2 * DAY);
    }
    assert.deepEqual([await total(log), await log.trash()], [3, []]);
  });

  test(
    "L4: moves what is too old to the trash, as one batch a day, and drops it a week later",
    async (log, clocks) => {
      await up(log, clocks, DAY);
      await log.append(span(), PICTURE, OWN_WRITER);
      await up(log, clocks, DAY / 4);
      await log.append(span(), null, OWN_WRITER);
      await up(log, clocks, 9.5 * DAY);
      assert.equal(await total(log), 2);
      await up(log, clocks, DAY);
      assert.equal(await total(log), 0);
      const [batch, ...more] = await log.trash();
      assert.deepEqual([batch?.cause, batch?.entries, more], ["age", 2, []]);
      assert.ok(Math.abs((batch?.atMs ?? 0) - clocks.nowMs) < DAY);
      await up(log, clocks, 6 * DAY);
      assert.equal(await log.restore(batch?.undo ?? 0), 2);
      await up(log, clocks, DAY);
      assert.equal(await total(log), 2, "what is restored is young again");
      const { undo } = await log.remove({});
      await up(log, clocks, 6.5 * DAY);
      assert.equal((await log.trash()).length, 1);
      await up(log, clocks, 2 * DAY);
      assert.equal(await log.restore(undo), 0);
      assert.equal((await log.usage()).bytes, 0);
    },
  );

  test("L4: counts an entry that grows as young as its end", async (log, clocks) => {
    await up(log, clocks, DAY);
    const id = await log.append(span(), null, OWN_WRITER);
    await up(log, clocks, 9 * DAY);
    await log.amend(id, { span: span({ endMs: clocks.nowMs }) });
    await up(log, clocks, 3 * DAY);
    assert.equal(await total(log), 1);
  });
}

Deno.test("L4: a log takes no more of the disk than its bound, whatever its entries are like", async () => {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "log.sqlite");
  const maxBytes = 200_000;
  for (const pictureBytes of [0, 3_000, 19_000]) {
    const log = new SqliteLog(path, { maxAgeMs: DAY, maxBytes }, new FakeClocks());
    const picture = pictureBytes === 0
      ? null
      : { format: "png", bytes: new Uint8Array(pictureBytes) } as const;
    const entries = 1.5 * maxBytes / (LOG_ROW_BYTES + pictureBytes);
    for (let i = 0; i < entries; i++) log.amend(log.append(span(), picture, OWN_WRITER), { map: MAP });
    assert.ok(log.usage().bytes <= maxBytes && log.usage().bytes > 0.8 * maxBytes);
    log.close();
    const { size } = await Deno.stat(path);
    assert.ok(size <= 1.5 * maxBytes, `${size} bytes with pictures of ${pictureBytes}`);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a log of an older version keeps its entries, their age and what was deleted", async () => {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "log.sqlite");
  const old = openDatabase({ path, migrations: LOG_MIGRATIONS.slice(0, 3) });
  const clocks = new FakeClocks();
  const insert = old.prepare(
    `INSERT INTO entries (start_ms, end_ms, frames, class_index, label, method, model_id, model_hash, peak, mean, undo, removed_ms)
    VALUES (?, ?, 1, 1, 'cup', 'grad-cam', 'm', 'h', 1, 1, ?, ?)`,
  );
  insert.run(clocks.nowMs - 31 * DAY, clocks.nowMs - 31 * DAY, null, null);
  insert.run(clocks.nowMs, clocks.nowMs, null, null);
  old.exec("UPDATE entries SET picture_format = 'jpeg', picture = x'0102fa' WHERE id = 2");
  old.exec("INSERT INTO undos VALUES (7)");
  insert.run(clocks.nowMs, clocks.nowMs, 7, clocks.nowMs);
  old.close();
  const log = new SqliteLog(path, { maxAgeMs: 30 * DAY, maxBytes: 1e9 }, clocks);
  assert.equal(log.list({}, null, 9).total, 2);
  assert.deepEqual(log.trash(), [{ undo: 7, cause: "people", atMs: clocks.nowMs, entries: 1 }]);
  assert.equal(log.usage().bytes, 3 * entryBytes("cup", 0, 0) + 3);
  assert.deepEqual(log.picture(2), PICTURE);
  log.amend(2, { picture: { format: "png", bytes: Uint8Array.of(7) } });
  assert.deepEqual(log.picture(2), { format: "png", bytes: Uint8Array.of(7) });
  assert.equal(log.usage().bytes, 3 * entryBytes("cup", 0, 0) + 1);
  for (let done = 0; done < 2 * DAY; done += MAX_STEP_MS) {
    clocks.pass(MAX_STEP_MS);
    log.tidy();
  }
  assert.equal(log.list({}, null, 9).total, 1);
  assert.equal(log.restore(7), 1);
  log.close();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a log in a file is there again after it was closed", async () => {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "log.sqlite");
  const before = await openLogStore(path, WIDE);
  const taught = span({ modelId: "my-things", modelName: "My things", taughtHead: "tree" });
  const id = await before.append(taught, PICTURE, OWN_WRITER);
  await before.amend(id, { map: MAP });
  await before.close();
  const after = await openLogStore(path, WIDE);
  assert.deepEqual((await after.list({}, null, 9)).entries, [{ ...taught, id, map: MAP }]);
  await after.close();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("openLogStore() says what is wrong with a file that is no database", async () => {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, "no database, but long enough to look at".repeat(40));
  await assert.rejects(openLogStore(path, WIDE), /Cannot open the database/);
  await Deno.remove(path);
});
