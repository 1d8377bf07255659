/** Collections with a real store and an engine in memory: bounds, a full disk, a changed base, a restart. */
import assert from "node:assert/strict";
import { MAX_TAUGHT_CLASSES, MAX_TAUGHT_PICTURES } from "../../shared/limits.ts";
import { GradcastError } from "../../shared/errors.ts";
import type { HeadKind } from "../../shared/head_model.ts";
import type { TaughtState } from "../../shared/teach_wire.ts";
import { FakeClock } from "../clock/testing/fake_clock.ts";
import { type Engine, PictureReader } from "../engine/mod.ts";
import { createMemoryEngine } from "../engine/testing/memory_engine.ts";
import { type HeadWorker, openHeadWorker } from "../heads/mod.ts";
import { NO_LOGGER } from "../logger/mod.ts";
import { createMemoryModels } from "../pool/testing/memory_models.ts";
import { openTaughtStore, type TaughtStore } from "../store/mod.ts";
import type { OpenCollection } from "./open_collection.ts";
import { Taught } from "./taught.ts";

const { signal } = new AbortController();

/** A picture as the engine in memory takes it: it begins like a PNG. */
function png(number: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10, number);
}

/** Pictures with these numbers. */
const pngs = (...numbers: readonly number[]) =>
  numbers.map((one) => ({ name: `${one}.png`, bytes: png(one) }));

/** Learning has a test of its own: here no fit ever ends. */
const IDLE_WORKER: HeadWorker = {
  ...{ fit: never, fitPacked: never, check: never, pack: never },
  ...{ crossValidate: never, importance: never, score: never },
  close() {},
};

function never(): Promise<never> {
  return new Promise(() => {});
}

/** An engine of a model of another size, whose features are twice as large. */
function anotherEngine(): Engine {
  const engine = createMemoryEngine({ model: { width: 112 } });
  return {
    ...engine,
    async run(batch) {
      const { rows, computeMs } = await engine.run(batch);
      return {
        computeMs,
        rows: rows.map((row) =>
          row.ok && row.detail?.kind === "features"
            ? { ...row, detail: { ...row.detail, values: row.detail.values.map((value) => 2 * value) } }
            : row
        ),
      };
    },
  };
}

interface Desk extends AsyncDisposable {
  readonly clock: FakeClock;
  readonly taught: Taught;
  readonly store: TaughtStore;
}

/** A server's collections in a folder. */
async function openDesk(
  folder: string,
  { engine = createMemoryEngine(), maxBytes = 1e8, full = () => false, openWorker = () => IDLE_WORKER }: {
    readonly openWorker?: () => HeadWorker;
    readonly engine?: Engine;
    readonly maxBytes?: number;
    readonly full?: () => boolean;
  } = {},
): Promise<Desk> {
  const kept = await openTaughtStore(folder);
  const store: TaughtStore = {
    ...{ list: () => kept.list(), usage: () => kept.usage(), close: () => kept.close() },
    ...{ pictures: (id) => kept.pictures(id), features: (id) => kept.features(id) },
    ...{ read: (id, picture) => kept.read(id, picture), remove: (id) => kept.remove(id) },
    ...{ head: (id) => kept.head(id), keepHead: (id, head) => kept.keepHead(id, head) },
    async change(...parts) {
      if (full()) throw new GradcastError("disk-full", "Cannot write the collection: the disk is full");
      await kept.change(...parts);
    },
  };
  const clock = new FakeClock();
  const reader = new PictureReader();
  const pool = createMemoryModels(new Map([["memory", engine]]));
  const taught = new Taught({
    ...{ pool, store, reader, maxBytes, logger: NO_LOGGER },
    ...{ clock, date: () => 1, openWorker },
  });
  return {
    ...{ clock, taught, store },
    async [Symbol.asyncDispose]() {
      await taught.close();
      await kept.close();
      await pool.close();
      reader[Symbol.dispose]();
    },
  };
}

/** Begins a collection of two classes with their keys. */
async function begin({ taught }: Desk): Promise<{ collection: OpenCollection; cup: string; cat: string }> {
  const collection = await taught.open(await taught.create({ name: "Mine" }, signal));
  return { collection, cup: await collection.addClass("Cup"), cat: await collection.addClass("Cat") };
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "gradcast-taught-" });
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Pictures by the names of their classes. */
const counts = ({ state: { classes } }: OpenCollection) =>
  Object.fromEntries(classes.map(({ name, pictures }) => [name, pictures]));

Deno.test("O1: a model that ends in no dense layer, and one that is unknown, cannot be taught", () =>
  inFolder(async (folder) => {
    const engine = createMemoryEngine();
    const { features: _, ...model } = engine.model;
    await using desk = await openDesk(folder, { engine: { ...engine, model } });
    await assert.rejects(desk.taught.create({ name: "Mine" }, signal), {
      code: "not-teachable",
      message: /^Cannot teach Ten numbers: expected a model whose logits come from one dense layer/,
    });
    await assert.rejects(desk.taught.create({ name: "Mine", base: "other" }, signal), {
      code: "unknown-model",
    });
    assert.deepEqual((await desk.taught.list()).taught, []);
  }));

Deno.test("O2: of two pages that name a class alike at once, one gets the name", () =>
  inFolder(async (folder) => {
    await using desk = await openDesk(folder);
    const { collection, cup, cat } = await begin(desk);
    const added = await Promise.allSettled([collection.addClass("Dog"), collection.addClass(" dog ")]);
    assert.deepEqual(added.map(({ status }) => status), ["fulfilled", "rejected"]);
    const renamed = await Promise.allSettled([
      collection.renameClass(cup, "Bird"),
      collection.renameClass(cat, "bird"),
    ]);
    assert.deepEqual(renamed.map(({ status }) => status), ["fulfilled", "rejected"]);
    assert.deepEqual(Object.keys(counts(collection)), ["Bird", "Cat", "Dog"]);
  }));

Deno.test("O2: a collection has 10,000 pictures and 100 classes at most; what is too much is refused whole", () =>
  inFolder(async (folder) => {
    {
      await using desk = await openDesk(folder);
      const { collection, cup } = await begin(desk);
      const document = JSON.stringify({ ...collection.collection, nextPicture: MAX_TAUGHT_PICTURES });
      const add = Array.from({ length: MAX_TAUGHT_PICTURES - 1 }, (_, place) => ({
        ...{ id: place + 1, class: cup, hold: 1, bytes: 1, removed: false },
        ...{ format: "png" as const, features: new Float32Array(10) },
      }));
      // Rows alone: nobody reads the files here.
      await desk.store.change(collection.id, { document, add });
    }
    await using desk = await openDesk(folder);
    const collection = await desk.taught.open("mine");
    await assert.rejects(collection.add("c2", 1, pngs(1, 2), signal), {
      code: "taught-full",
      message: "Cannot keep the pictures: expected at most 10000 in a collection, got 10001",
    });
    assert.deepEqual(counts(collection), { Cup: MAX_TAUGHT_PICTURES - 1, Cat: 0 });
    assert.deepEqual((await collection.add("c2", 1, pngs(1), signal)).ids, [MAX_TAUGHT_PICTURES]);
    for (let number = 3; number <= MAX_TAUGHT_CLASSES; number++) await collection.addClass(`class ${number}`);
    await assert.rejects(collection.addClass("one more"), { code: "taught-full" });
  }));

Deno.test("O2: all collections together have so many bytes", () =>
  inFolder(async (folder) => {
    // A picture is 9 bytes, 10 features and a row: 249.
    await using desk = await openDesk(folder, { maxBytes: 500 });
    const { collection, cup } = await begin(desk);
    await collection.add(cup, 1, pngs(1, 2), signal);
    assert.equal(collection.state.usedBytes, 498);
    await assert.rejects(collection.add(cup, 1, pngs(3), signal), {
      code: "taught-full",
      message: "Cannot keep the pictures: expected at most 500 bytes in all collections, got 747",
    });
    assert.deepEqual(counts(collection), { Cup: 2, Cat: 0 });
  }));

Deno.test("O4: what a full disk did not take is not there, and is taken when there is room", () =>
  inFolder(async (folder) => {
    let full = false;
    await using desk = await openDesk(folder, { full: () => full });
    const { collection, cup, cat } = await begin(desk);
    await collection.add(cup, 1, pngs(1, 2), signal);
    await collection.renameClass(cat, "Cats");
    full = true;
    const { state: before } = collection;
    for (
      const work of [
        () => collection.add(cup, 1, pngs(3), signal),
        () => collection.addClass("Dog"),
        () => collection.removePictures([1]),
        () => collection.mergeClass(cup, cat),
        () => collection.renameClass(cup, "Mug"),
        () => collection.undo(),
        () => collection.change({ kind: "tree" }),
      ]
    ) await assert.rejects(work(), { code: "disk-full" }).catch((error) => assert.fail(`${work}: ${error}`));
    const { state: after } = collection;
    assert.deepEqual({ ...after, revision: 0 }, { ...before, revision: 0 });
    full = false;
    assert.deepEqual((await collection.add(cup, 1, pngs(3), signal)).ids, [3]);
  }));

Deno.test("features are read again where the base is another one, and the pictures are kept", () =>
  inFolder(async (folder) => {
    let before: number[];
    {
      await using desk = await openDesk(folder);
      const { collection, cup } = await begin(desk);
      await collection.add(cup, 1, pngs(1, 2), signal);
      before = [...(await desk.store.features("mine")).values];
    }
    await using desk = await openDesk(folder, { engine: anotherEngine() });
    const collection = await desk.taught.open("mine");
    await collection.ready();
    assert.deepEqual([...collection.features(1) ?? []], before.slice(0, 10));
    await collection.add("c2", 1, pngs(3), signal);
    const { ids, values } = await desk.store.features("mine");
    assert.deepEqual(ids, [1, 2, 3]);
    assert.deepEqual([...values.slice(0, 10)], [...collection.features(1) ?? []]);
    assert.deepEqual([...values.slice(0, 20)], before.map((value) => 2 * value));
    assert.deepEqual(counts(collection), { Cup: 2, Cat: 1 });
  }));

Deno.test("O5: what was removed before a restart is restored after it, with its features", () =>
  inFolder(async (folder) => {
    let features: Float32Array | null;
    {
      await using desk = await openDesk(folder);
      const { collection, cup } = await begin(desk);
      await collection.add(cup, 1, pngs(1, 2), signal);
      features = collection.features(1)?.slice() ?? null;
      await collection.removePictures([1]);
    }
    await using desk = await openDesk(folder);
    const collection = await desk.taught.open("mine");
    await collection.ready();
    assert.deepEqual([collection.features(1), counts(collection)], [null, { Cup: 1, Cat: 0 }]);
    assert.equal(await collection.undo(), "Remove 1 picture of Cup");
    assert.deepEqual([collection.features(1), counts(collection)], [features, { Cup: 2, Cat: 0 }]);
    assert.deepEqual(await collection.read(collection.pictureOf(1)), png(1));
  }));

/** The state of a collection as soon as it is as wanted. */
async function stateOnce(
  collection: OpenCollection,
  wanted: (state: TaughtState) => boolean,
): Promise<TaughtState> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = () => void (wanted(collection.state) && resolve());
  const stop = collection.watch(look);
  look();
  await promise;
  stop();
  return collection.state;
}

/** A worker that fits, and counts how often. */
function countingWorker(fits: HeadKind[]): HeadWorker {
  const worker = openHeadWorker();
  return {
    ...{ fit: never, importance: never, score: never, pack: (head) => worker.pack(head) },
    fitPacked(kind, ...more) {
      fits.push(kind);
      return worker.fitPacked(kind, ...more);
    },
    ...{ check: (bytes) => worker.check(bytes), close: () => worker.close() },
    crossValidate: (...parts) => worker.crossValidate(...parts),
  };
}

Deno.test("O4: the chosen head and how good it is are there after a restart; other pictures are learned again", () =>
  inFolder(async (folder) => {
    const fits: HeadKind[] = [];
    const openWorker = () => countingWorker(fits);
    const isLearned = ({ learning }: TaughtState) => learning.state === "learned";
    let [learned, sha256] = [null as TaughtState | null, ""];
    {
      await using desk = await openDesk(folder, { openWorker });
      const { collection, cup, cat } = await begin(desk);
      await collection.add(cup, 1, pngs(1, 2, 3, 4, 5), signal);
      await collection.add(cat, 1, pngs(101, 102, 103, 104, 105), signal);
      await desk.clock.advance(700);
      await stateOnce(collection, isLearned);
      await desk.clock.advance(1_000);
      learned = await stateOnce(collection, ({ accuracy }) => accuracy !== null);
      sha256 = collection.learner.fitted("linear")?.sha256 ?? "";
      // Changes wait for each other: the head is kept when this one is. A class without pictures changes no lesson.
      await collection.addClass("Dog");
      assert.deepEqual([fits, collection.state.usedBytes > 10 * 249], [["linear"], true]);
    }
    {
      await using desk = await openDesk(folder, { openWorker });
      const collection = await desk.taught.open("mine");
      await collection.ready();
      const { state } = collection;
      assert.deepEqual([state.learning.state, state.accuracy, state.confusion], [
        ...["learned", learned.accuracy, learned.confusion],
      ]);
      assert.equal(collection.learner.fitted("linear")?.sha256, sha256);
      assert.equal(fits.length, 1, "nothing was fitted again");
      await collection.removePictures([1]);
      assert.equal(collection.state.learning.state, "waiting");
      await collection.undo();
      await desk.clock.advance(700);
      await stateOnce(collection, isLearned);
      assert.equal(fits.length, 2);
      const kept = await desk.store.head("mine");
      await desk.store.keepHead("mine", { ...kept ?? assert.fail(), bytes: new Uint8Array(9) });
    }
    await using desk = await openDesk(folder, { openWorker });
    const collection = await desk.taught.open("mine");
    await collection.ready();
    await desk.clock.advance(700);
    await stateOnce(collection, isLearned);
    assert.equal(fits.length, 3, "a damaged head is fitted again");
  }));
