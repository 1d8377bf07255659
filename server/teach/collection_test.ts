/** The pure reducer of collections: acts, and taking them back. */
import assert from "node:assert/strict";
import { MAX_TAUGHT_UNDO } from "../../shared/limits.ts";
import type { KeptPicture } from "../store/mod.ts";
import {
  type Acted,
  addClass,
  type Collection,
  findClassNamed,
  mergeClass,
  movePictures,
  newCollection,
  type Pictures,
  picturesOf,
  removeClass,
  removePictures,
  rename,
  renameClass,
  setBox,
  undo,
} from "./collection.ts";

/** A collection with its pictures, changed by acts as `OpenCollection` does. */
class Desk {
  collection: Collection = ["Cup", "Cat"].reduce<Collection>(
    addClass,
    newCollection({ name: "Mine", base: "lite", baseKey: "", updatedMs: 0 }),
  );
  readonly pictures: Map<number, KeptPicture>;
  dropped: readonly number[] = [];

  constructor(each = 2) {
    const ids = Array.from({ length: 2 * each }, (_, place) => place + 1);
    this.pictures = new Map(ids.map((id) => [id, pictureOf(id, id <= each ? "c1" : "c2")]));
  }

  act(work: (collection: Collection, pictures: Pictures) => Acted | null): string {
    const done = work(this.collection, this.pictures) ?? assert.fail("there is no act");
    this.collection = done.collection;
    for (const picture of done.set) this.pictures.set(picture.id, picture);
    for (const id of done.drop) this.pictures.delete(id);
    this.dropped = done.drop;
    return this.collection.acts.at(-1)?.words ?? "";
  }

  undo(): string | null {
    const back = undo(this.collection, this.pictures);
    if (back !== null) this.act(() => back);
    return back?.undone ?? null;
  }

  classOf(key: string) {
    return this.collection.classes.find((one) => one.key === key) ?? assert.fail(`there is no ${key}`);
  }

  /** Ids of the pictures that are there, by the names of their classes. */
  get shown(): Readonly<Record<string, readonly number[]>> {
    return Object.fromEntries(
      this.collection.classes.map(({ key, name }) =>
        [name, picturesOf(this.pictures, key).map(({ id }) => id)] as const
      ),
    );
  }
}

function pictureOf(id: number, key: string): KeptPicture {
  return { id, class: key, hold: 1, format: "png", bytes: 10, removed: false };
}

Deno.test("each act is worded, and taken back to what was before", () => {
  const acts: readonly (readonly [string, (desk: Desk) => string])[] = [
    ["Rename Mine to Ours", (desk) => desk.act((all, pictures) => rename(all, pictures, "Ours"))],
    [
      "Rename Cup to Mug",
      (desk) => desk.act((all, pictures) => renameClass(all, pictures, desk.classOf("c1"), "Mug")),
    ],
    [
      "Remove 2 pictures of Cup and Cat",
      (desk) => desk.act((all, some) => removePictures(all, some, [1, 3])),
    ],
    ["Remove 1 picture of Cat", (desk) => desk.act((all, some) => removePictures(all, some, [4]))],
    [
      "Move 1 picture to Cat",
      (desk) => desk.act((all, pictures) => movePictures(all, pictures, [2, 3], desk.classOf("c2"))),
    ],
    [
      "Remove Cup with 2 pictures",
      (desk) => desk.act((all, pictures) => removeClass(all, pictures, desk.classOf("c1"))),
    ],
    [
      "Merge Cup into Cat",
      (desk) => desk.act((all, some) => mergeClass(all, some, desk.classOf("c1"), desk.classOf("c2"))),
    ],
  ];
  for (const [words, act] of acts) {
    const desk = new Desk();
    desk.collection = setBox(desk.collection, "c1", { top: 0, left: 0, width: 0.5, height: 0.5 });
    const [before, pictures] = [desk.collection, [...desk.pictures]];
    assert.equal(act(desk), words);
    assert.notDeepEqual([desk.collection.name, desk.shown], [before.name, new Desk().shown], words);
    assert.equal(desk.undo(), words);
    assert.deepEqual([desk.collection, [...desk.pictures]], [before, pictures], words);
    assert.equal(desk.undo(), null);
  }
});

Deno.test("merged pictures are the other class's, and come back with their class in its place", () => {
  const desk = new Desk();
  desk.act((all, pictures) => mergeClass(all, pictures, desk.classOf("c1"), desk.classOf("c2")));
  assert.deepEqual(desk.shown, { Cat: [1, 2, 3, 4] });
  desk.undo();
  assert.deepEqual(Object.entries(desk.shown), [["Cup", [1, 2]], ["Cat", [3, 4]]]);
});

Deno.test("a class that comes back gets a name of its own where its name was taken", () => {
  const desk = new Desk();
  desk.act((all, pictures) => removeClass(all, pictures, desk.classOf("c1")));
  desk.collection = addClass(desk.collection, " cup ");
  desk.undo();
  assert.deepEqual(desk.collection.classes.map(({ key, name }) => [key, name]), [
    ["c1", "Cup 2"],
    ["c2", "Cat"],
    ["c3", " cup "],
  ]);
  assert.equal(findClassNamed(desk.collection, "CUP  2")?.key, "c1");
});

Deno.test("O5: 20 acts are taken back, what an older one removed is gone for good", () => {
  const count = MAX_TAUGHT_UNDO + 2;
  const desk = new Desk(count);
  for (let id = 1; id <= count; id++) {
    desk.act((all, pictures) => removePictures(all, pictures, [id]));
    const lost = id - MAX_TAUGHT_UNDO;
    assert.deepEqual(desk.dropped, lost > 0 ? [lost] : []);
  }
  let undone = 0;
  while (desk.undo() !== null) undone++;
  assert.equal(undone, MAX_TAUGHT_UNDO);
  assert.deepEqual(desk.shown["Cup"], Array.from({ length: MAX_TAUGHT_UNDO }, (_, place) => place + 3));
});

Deno.test("pictures of an act that is forgotten stay while a later one can restore them, or they are there", () => {
  const desk = new Desk();
  desk.act((all, pictures) => removePictures(all, pictures, [1]));
  desk.undo();
  desk.act((all, pictures) => mergeClass(all, pictures, desk.classOf("c1"), desk.classOf("c2")));
  for (let name = 0; name < MAX_TAUGHT_UNDO; name++) {
    desk.act((all, pictures) => rename(all, pictures, `name ${name}`));
    assert.deepEqual(desk.dropped, []);
  }
  assert.deepEqual(desk.shown, { Cat: [1, 2, 3, 4] });
});
