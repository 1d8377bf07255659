/** One contract for the log in memory, in SQLite and behind its worker. */
import assert from "node:assert/strict";
import { join } from "node:path";
import {
  LOG_ROW_BYTES,
  LOG_UNDO_MS,
  type LogBounds,
  type LoggedPicture,
  type LoggedSpan,
  type LogStore,
  type LogTable,
} from "./log_store.ts";
import { openLogStore } from "./log_worker.ts";
import { MemoryLog } from "./memory_log.ts";
import { SqliteLog } from "./sqlite_log.ts";

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
    modelHash: "abc",
    peak: 0.9,
    mean: 0.75,
    ...more,
  };
}

const PICTURE: LoggedPicture = { format: "jpeg", bytes: Uint8Array.of(1, 2, 250) };
const MAP = { height: 1, width: 3, base: 9.25, scale: 4.5, values: Int8Array.of(-127, 0, 127) };

type Open = (bounds: LogBounds, folder: string) => Promise<LogStore>;

/** A table that answers at once, as a store. */
function asStore(table: LogTable): LogStore {
  const names = ["append", "amend", "list", "picture", "remove", "restore", "trim", "close"] as const;
  return Object.fromEntries(names.map((name) => [
    name,
    (...values: unknown[]) =>
      Promise.resolve((table[name] as (...all: unknown[]) => unknown).apply(table, values)),
  ])) as unknown as LogStore;
}

const STORES: Readonly<Record<string, Open>> = {
  "in memory": (bounds) => Promise.resolve(asStore(new MemoryLog(bounds))),
  "in SQLite": (bounds, folder) =>
    Promise.resolve(asStore(new SqliteLog(join(folder, "log.sqlite"), bounds))),
  "behind its worker": (bounds, folder) => openLogStore(join(folder, "log.sqlite"), bounds),
};

for (const [where, open] of Object.entries(STORES)) {
  const test = (name: string, act: (log: LogStore) => Promise<void>, bounds = WIDE) =>
    Deno.test(`the log ${where} ${name}`, async () => {
      const folder = await Deno.makeTempDir();
      const log = await open(bounds, folder);
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
    const first = await log.append(span(), PICTURE, 0);
    const second = await log.append(span({ label: "cup" }), null, 0);
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
    const id = await log.append(span(), PICTURE, 0);
    const grown = span({ endMs: 9_000, frames: 99, peak: 0.99 });
    await log.amend(id, { span: grown, picture: { format: "png", bytes: Uint8Array.of(7) } });
    assert.deepEqual((await log.list({}, null, 9)).entries[0], { ...grown, id, map: null });
    assert.deepEqual(await log.picture(id), { format: "png", bytes: Uint8Array.of(7) });
    await log.amend(id, {});
    await log.amend(id + 1, { span: grown });
    assert.deepEqual(await ids(log), [id]);
  });

  test("finds by time, part of the label and method", async (log) => {
    const a = await log.append(span(), null, 0);
    const b = await log.append(
      span({ startMs: 3_000, endMs: 4_000, label: "coffee mug", method: "cam" }),
      null,
      0,
    );
    assert.deepEqual(await ids(log, { fromMs: 2_000 }), [b, a]);
    assert.deepEqual(await ids(log, { fromMs: 2_001 }), [b]);
    assert.deepEqual(await ids(log, { toMs: 3_000 }), [a]);
    assert.deepEqual(await ids(log, { label: "MUG" }), [b]);
    assert.deepEqual(await ids(log, { label: "%" }), []);
    const c = await log.append(span({ label: "CAFE\u0301 au lait" }), null, 0);
    assert.deepEqual(await ids(log, { label: "caf\u00e9 AU" }), [c]);
    assert.deepEqual(await ids(log, { method: "cam", label: "espresso" }), []);
  });

  test("gives pages that go on below an id and count what is meant in all", async (log) => {
    const all = [];
    for (let i = 0; i < 5; i++) all.push(await log.append(span(), null, 0));
    const first = await log.list({}, null, 2);
    assert.deepEqual(first.entries.map(({ id }) => id), [all[4], all[3]]);
    const next = await log.list({}, all[3] ?? 0, 2);
    assert.deepEqual(next.entries.map(({ id }) => id), [all[2], all[1]]);
    assert.equal(next.total, 5);
  });

  test("deletes one or what is meant, brings each back by itself, and forgets it for good later", async (log) => {
    const a = await log.append(span(), PICTURE, 0);
    const b = await log.append(span({ label: "cup" }), null, 0);
    const one = await log.remove(a, 5_000);
    assert.deepEqual([one.removed, await ids(log), await log.picture(a)], [1, [b], null]);
    const rest = await log.remove({}, 6_000);
    assert.deepEqual([rest.removed, await ids(log)], [1, []]);
    assert.equal((await log.remove(a, 6_000)).removed, 0);
    assert.equal(await log.restore(one.undo), 1);
    assert.deepEqual([await ids(log), await log.picture(a)], [[a], PICTURE]);
    await log.trim(6_001 + LOG_UNDO_MS);
    assert.equal(await log.restore(rest.undo), 0);
    assert.deepEqual(await ids(log), [a]);
  });

  test("drops what is older than its bound", async (log) => {
    await log.append(span({ endMs: 1_000 }), null, 1_000);
    const young = await log.append(span({ endMs: 10_000 }), null, 11_001);
    assert.deepEqual(await ids(log), [young]);
  }, { maxAgeMs: 10_000, maxBytes: 1e9 });

  test("drops the oldest beyond its bytes, their pictures counted", async (log) => {
    const picture = { format: "png", bytes: new Uint8Array(744) } as const;
    const all = [];
    for (let i = 0; i < 4; i++) all.push(await log.append(span(), picture, 0));
    assert.deepEqual(await ids(log), [all[3], all[2]]);
  }, { maxAgeMs: 1e9, maxBytes: 2 * (LOG_ROW_BYTES + 744) + 10 });
}

Deno.test("a log in a file is there again after it was closed", async () => {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "log.sqlite");
  const before = await openLogStore(path, WIDE);
  const id = await before.append(span(), PICTURE, 0);
  await before.amend(id, { map: MAP });
  await before.close();
  const after = await openLogStore(path, WIDE);
  assert.deepEqual((await after.list({}, null, 9)).entries, [{ ...span(), id, map: MAP }]);
  await after.close();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("openLogStore() says what is wrong with a file that is no database", async () => {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, "no database, but long enough to look at".repeat(40));
  await assert.rejects(openLogStore(path, WIDE), /Cannot open the database/);
  await Deno.remove(path);
});
