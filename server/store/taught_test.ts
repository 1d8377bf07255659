/** Collections on a real disk: what was acknowledged is there after a restart, and nothing else is. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { openTaughtStore } from "./folder_taught.ts";
import type { NewPicture, TaughtStore } from "./taught_store.ts";

const picture = (id: number, more: Partial<NewPicture> = {}): NewPicture => ({
  ...{ id, class: "c1", hold: 1, format: "jpeg", bytes: 3, removed: false },
  features: new Float32Array([id, -id]),
  ...more,
});

const file = (id: number): Uint8Array<ArrayBuffer> => new Uint8Array([id, id, id]);

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function reopened(folder: string, store: TaughtStore): Promise<TaughtStore> {
  await store.close();
  return await openTaughtStore(folder);
}

Deno.test("O4: pictures, classes and features are there after a restart, one change at a time", () =>
  withFolder(async (folder) => {
    let store = await openTaughtStore(folder);
    await store.change("mugs", { document: "one", add: [picture(1), picture(2)] }, [file(1), file(2)]);
    await store.change("mugs", { document: "two", set: [{ id: 1, class: "c2", removed: true }] });
    await store.change("mugs", {
      document: "three",
      features: [{ id: 2, features: new Float32Array([9, 8]) }],
    });
    store = await reopened(folder, store);
    assert.deepEqual(await store.list(), [{ id: "mugs", document: "three" }]);
    assert.deepEqual(
      (await store.pictures("mugs")).map(({ id, class: key, removed }) => [id, key, removed]),
      [
        [1, "c2", true],
        [2, "c1", false],
      ],
    );
    const { ids, values } = await store.features("mugs");
    assert.deepEqual([ids, [...values]], [[1, 2], [1, -1, 9, 8]]);
    assert.deepEqual(await store.read("mugs", picture(2)), file(2));
    assert.deepEqual(await store.usage(), [{ id: "mugs", bytes: 5 + 2 * (3 + 8 + 200) }]);
    await store.close();
  }));

Deno.test("O4: what a server had not acknowledged when it was killed is swept, and what is dropped loses its file", () =>
  withFolder(async (folder) => {
    let store = await openTaughtStore(folder);
    await store.change("mugs", { document: "", add: [picture(1), picture(2)] }, [file(1), file(2)]);
    await store.change("mugs", { document: "", drop: [1] });
    // Killed between the file and its row, and before a collection had any.
    await Deno.writeFile(join(folder, "taught", "mugs", "3.jpg"), file(3));
    await Deno.mkdir(join(folder, "taught", "cups"));
    store = await reopened(folder, store);
    const names = async (path: string) =>
      (await Array.fromAsync(Deno.readDir(join(folder, "taught", path)))).map(({ name }) => name);
    assert.deepEqual(await names(""), ["mugs"]);
    assert.deepEqual(await names("mugs"), ["2.jpg"]);
    await assert.rejects(store.read("mugs", picture(1)), { code: "not-found" });
    await store.remove("mugs");
    assert.deepEqual([await names(""), await store.list(), await store.pictures("mugs")], [[], [], []]);
    await store.close();
  }));

Deno.test("O4: a removal that a full disk and a kill cut short is finished by the next server", () =>
  withFolder(async (folder) => {
    let store = await openTaughtStore(folder);
    for (const id of ["mugs", "cats"]) {
      await store.change(id, { document: id, add: [picture(1)] }, [file(1)]);
    }
    await Deno.rename(join(folder, "taught", "mugs"), join(folder, "taught", ".leaving-mugs"));
    store = await reopened(folder, store);
    assert.deepEqual(await store.list(), [{ id: "cats", document: "cats" }]);
    assert.deepEqual((await Array.fromAsync(Deno.readDir(join(folder, "taught")))).map(({ name }) => name), [
      "cats",
    ]);
    await store.close();
  }));

Deno.test("O4: a change of which a part cannot be kept leaves nothing behind", () =>
  withFolder(async (folder) => {
    const store = await openTaughtStore(folder);
    await store.change("mugs", { document: "before", add: [picture(1)] }, [file(1)]);
    // An id that is there already: the second row fails after both files were written.
    await assert.rejects(
      store.change("mugs", { document: "after", add: [picture(2), picture(2)] }, [file(2), file(2)]),
    );
    assert.deepEqual(await store.list(), [{ id: "mugs", document: "before" }]);
    assert.deepEqual((await store.pictures("mugs")).map(({ id }) => id), [1]);
    assert.deepEqual(
      (await Array.fromAsync(Deno.readDir(join(folder, "taught", "mugs")))).map(({ name }) => name),
      ["1.jpg"],
    );
    await store.close();
  }));

Deno.test("rows that are gone leave the files alone", () =>
  withFolder(async (folder) => {
    let store = await openTaughtStore(folder);
    await store.change("mugs", { document: "", add: [picture(1)] }, [file(1)]);
    await store.close();
    for (const end of ["", "-wal", "-shm"]) {
      await Deno.remove(join(folder, `taught.sqlite${end}`)).catch(() => {});
    }
    const notes: string[] = [];
    store = await openTaughtStore(folder, (text) => notes.push(text));
    assert.deepEqual(await store.list(), []);
    assert.match(notes.join(), /^The collections begin again, .* in .*taught-set-aside-1\.$/u);
    assert.deepEqual(await Deno.readFile(join(folder, "taught-set-aside-1", "mugs", "1.jpg")), file(1));
    await store.close();
  }));

Deno.test("O4: a head is kept whole, counts, and goes with its collection", () =>
  withFolder(async (folder) => {
    let store = await openTaughtStore(folder);
    const head = { kind: "linear", lesson: "a", document: "{}", bytes: Uint8Array.of(1, 2, 3) };
    await store.keepHead("mugs", head);
    assert.equal(await store.head("mugs"), null, "there is no such collection");
    await store.change("mugs", { document: "one" });
    await store.keepHead("mugs", { ...head, lesson: "before" });
    await store.keepHead("mugs", head);
    store = await reopened(folder, store);
    assert.deepEqual(await store.head("mugs"), head);
    assert.deepEqual(await store.usage(), [{ id: "mugs", bytes: 3 + 3 + 2 }]);
    await store.remove("mugs");
    await store.change("mugs", { document: "two" });
    assert.equal(await store.head("mugs"), null);
    await store.close();
  }));
