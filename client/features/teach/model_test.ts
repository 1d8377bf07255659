/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { signal } from "@preact/signals";
import { NOTHING_IN_PARTICULAR } from "../../../shared/teach_wire.ts";
import { Refusal } from "../../http/http.ts";
import { type RememberedTeaching, TeachModel } from "./model.ts";
import { MemoryTeach } from "./testing/memory_teach.ts";

/** A panel on a server in memory, with a clock that is turned by hand. */
function panel(server = new MemoryTeach(), memory: RememberedTeaching[] = []) {
  const said: string[] = [];
  const models: string[] = [];
  const steps = new Set<() => void>();
  const model = new TeachModel({
    server,
    welcome: signal(null),
    setModel: (id) => models.push(id),
    say: (words) => said.push(words),
    newest: () => new Blob(["picture"]),
    ofFile: (file) => Promise.resolve(file.size === 0 ? null : new Blob(["read"])),
    isStill: () => false,
    remembered: () => memory.at(-1) ?? { collection: null, open: false },
    remember: (teaching) => void memory.push(teaching),
    time: {
      every(_ms, run) {
        steps.add(run);
        return () => steps.delete(run);
      },
      pause: () => Promise.resolve(),
    },
  });
  const tick = (count: number) => Array.from({ length: count }, () => steps.forEach((run) => run()));
  return { server, model, said, models, tick };
}

/** Waits until something of the model holds: every promise of the server in memory is settled within a few turns. */
async function until(holds: () => boolean, what: string): Promise<void> {
  for (let turn = 0; turn < 500; turn++) {
    if (holds()) return;
    await Promise.resolve();
  }
  assert.fail(what);
}

/** A panel whose collection was just begun. */
async function begun(server?: MemoryTeach, memory?: RememberedTeaching[]) {
  const all = panel(server, memory);
  await all.model.start(undefined);
  await all.model.begin();
  await until(() => all.model.open?.taught?.classes.length === 3, "the collection is open");
  const keyOf = (name: string) => all.model.open?.taught?.classes.find((one) => one.name === name)?.key ?? "";
  const counts = () => all.model.open?.taught?.classes.map(({ pictures }) => pictures);
  return { ...all, keyOf, counts };
}

Deno.test("a double click begins one collection", async () => {
  const { server, model } = panel();
  await model.start(undefined);
  await Promise.all([model.begin(), model.begin()]);
  assert.equal((await server.list()).taught.length, 1);
});

Deno.test("a new collection has two classes to be renamed, a third before nothing in particular, and the first is chosen", async () => {
  const { model, keyOf } = await begun();
  const names = () => model.open?.taught?.classes.map(({ name }) => name);
  assert.deepEqual(names(), ["Class 1", "Class 2", NOTHING_IN_PARTICULAR]);
  assert.equal(model.open?.chosen, keyOf("Class 1"));
  await model.edits.addClass();
  await until(() => names()?.length === 4, "a third class");
  assert.deepEqual(names(), ["Class 1", "Class 2", "Class 3", NOTHING_IN_PARTICULAR]);
  model.dispose();
});

Deno.test("a page that is loaded again comes back to its collection, a panel that was closed to the model that is shown", async () => {
  const server = new MemoryTeach();
  const memory: RememberedTeaching[] = [];
  const first = await begun(server, memory);
  await first.model.begin();
  await until(() => first.model.open?.id === "taught-5", "the second collection");
  const reloaded = panel(server, memory);
  await reloaded.model.start("taught-1");
  assert.equal(reloaded.model.open?.id, "taught-5");
  reloaded.model.dispose();
  const opened = panel(server, memory);
  await opened.model.start("taught-1");
  assert.equal(opened.model.open?.id, "taught-1");
  opened.model.dispose();
  const other = panel(server, memory);
  await other.model.start("efficientnet-lite0");
  assert.equal(other.model.open?.id, "taught-1", "the last one, where no taught model is shown");
  await other.model.remove("taught-1");
  assert.deepEqual(memory.at(-1), { collection: null, open: false });
  other.model.dispose();
  first.model.dispose();
});

Deno.test("holding two classes collects, learns, and switches the page to the taught model once", async () => {
  const { model, models, keyOf, counts, tick, server } = await begun();
  const id = model.open?.id ?? "";
  for (const name of ["Class 1", "Class 2"]) {
    model.hold(keyOf(name));
    assert.equal(model.open?.held, keyOf(name));
    tick(5);
    model.release();
  }
  await until(() => counts()?.join() === "6,6,0", "twelve pictures are on the disk");
  assert.deepEqual(models, [id]);
  const taken = model.open?.pictures.map(({ class: key, hold }) => `${key} ${hold}`);
  assert.deepEqual(new Set(taken), new Set([`${keyOf("Class 1")} 1`, `${keyOf("Class 2")} 2`]));
  model.hold(keyOf("Class 1"));
  model.release();
  await until(() => counts()?.join() === "7,6,0", "one more");
  assert.deepEqual(models, [id], "the page stays where somebody went since");
  assert.ok(server.sent.at(-1)?.startsWith(`${keyOf("Class 1")} 3`), "a new press has a new number");
  model.dispose();
});

Deno.test("pictures that the server does not take are said to be lost", async () => {
  const { model, said, keyOf, tick, server } = await begun();
  server.offline = new Refusal("The disk is full. Free some room, then try again.");
  model.hold(keyOf("Class 1"));
  tick(2);
  model.release();
  await until(() => said.length > 0, "it is said");
  assert.deepEqual(said, ["The disk is full. Free some room, then try again. 3 pictures were not kept."]);
  model.dispose();
});

Deno.test("folders become classes, loose files go to the chosen one, and files without a picture are counted", async () => {
  const { model, said, keyOf, counts } = await begun();
  const file = (path: string, content: string) => ({
    path,
    file: Object.assign(new File([content], path.split("/").at(-1) ?? ""), { webkitRelativePath: path }),
  });
  await model.addFiles([
    ...[file("mug/1.jpg", "a"), file("mug/2.jpg", "b"), file("mug/3.jpg", "")],
    ...[file("class 1/1.jpg", "c"), file("1.jpg", "d"), file("notes.txt", "e")],
  ], keyOf("Class 2"));
  await until(() => counts()?.join() === "1,1,2,0", "each class has its pictures");
  assert.deepEqual(said, [
    "4 pictures added. 2 files are no pictures that the browser can read: notes.txt, 3.jpg.",
  ]);
  assert.equal(model.open?.adding, null);
  model.dispose();
});

Deno.test("files that the server does not take are not said to be added", async () => {
  const { model, said, keyOf, server } = await begun();
  server.full = true;
  await model.addFiles([{ path: "1.jpg", file: new File(["a"], "1.jpg") }], keyOf("Class 1"));
  assert.deepEqual(said, ["There is no room.", "No picture was added."]);
  model.dispose();
});

Deno.test("deleting and undoing pictures reads again which there are", async () => {
  const { model, said, keyOf, tick, counts } = await begun();
  model.hold(keyOf("Class 1"));
  tick(1);
  model.release();
  await until(() => counts()?.[0] === 2, "two pictures");
  await until(() => model.open?.pictures.length === 2, "both are known");
  await model.edits.removePictures(model.open?.pictures.map(({ id }) => id) ?? []);
  await until(() => model.open?.pictures.length === 0, "both are gone");
  await model.edits.undo();
  await until(() => model.open?.pictures.length === 2, "both are back");
  assert.deepEqual(said, ["Undone: Remove 2 pictures."]);
  await model.edits.undo();
  assert.equal(said.at(-1), "There is nothing to undo.");
  model.dispose();
});

Deno.test("a class that is deleted takes its review with it, and its merge keeps the pictures", async () => {
  const { model, keyOf, tick, counts } = await begun();
  model.hold(keyOf("Class 1"));
  tick(1);
  model.release();
  await until(() => counts()?.[0] === 2, "two pictures");
  model.review({ kind: "class", classKey: keyOf("Class 1") });
  assert.notEqual(model.open?.review, null);
  await model.edits.mergeClass(keyOf("Class 1"), keyOf("Class 2"));
  await until(() => counts()?.join() === "2,0", "merged");
  assert.equal(model.open?.review, null);
  model.dispose();
});

Deno.test("the panel opens the collection whose model is shown, whichever head", async () => {
  const server = new MemoryTeach();
  const first = await begun(server);
  const id = first.model.open?.id ?? "";
  first.model.dispose();
  const { model } = panel(server);
  await model.start(`${id}.tree`);
  assert.equal(model.open?.id, id);
  model.dispose();
  const other = panel(server);
  await other.model.start("efficientnet-lite0");
  assert.equal(other.model.state.value.kind, "choosing");
});

Deno.test("a server that does not let this page teach is quoted", async () => {
  const server = new MemoryTeach();
  server.offline = new Refusal("Open this page on the server’s own machine to teach.");
  const { model } = panel(server);
  await model.start(undefined);
  assert.deepEqual(model.state.value, {
    kind: "refused",
    words: "Open this page on the server’s own machine to teach.",
  });
});

Deno.test("the check for spurious clues runs, ends with its result, and belongs to the head of then", async () => {
  const { model, server, keyOf, tick, counts } = await begun();
  for (const name of ["Class 1", "Class 2"]) {
    model.hold(keyOf(name));
    tick(4);
    model.release();
  }
  await until(() => counts()?.join() === "5,5,0", "ten pictures");
  const clues = { words: "Nothing stands out.", kind: "linear" as const, classes: [] };
  server.cluesNews = [{ progress: 0.5 }, { clues }];
  await model.checkClues();
  const headRevision = model.open?.taught?.headRevision ?? 0;
  assert.ok(headRevision > 0);
  assert.deepEqual(model.open?.clues, { kind: "done", clues, headRevision });
  model.dispose();
});
