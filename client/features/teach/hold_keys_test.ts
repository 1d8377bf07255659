/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { teachKey, type TeachKeyPress } from "./hold_keys.ts";

const CLASSES = ["mug", "phone", "nothing in particular"].map((name) => ({ key: name, name }));

function press(key: string, more: Partial<TeachKeyPress> = {}) {
  const plain = {
    ctrlKey: false,
    altKey: false,
    metaKey: false,
    shiftKey: false,
    tagName: "BODY",
    type: null,
  };
  return teachKey({ key, ...plain, ...more }, CLASSES, "phone");
}

Deno.test("a digit holds its class, 0 nothing in particular, and space the chosen one", () => {
  assert.deepEqual(press("1"), { kind: "hold", classKey: "mug" });
  assert.deepEqual(press(" "), { kind: "hold", classKey: "phone" });
  assert.deepEqual(press("3"), { kind: "none" });
  assert.deepEqual(press("0"), { kind: "hold", classKey: "nothing in particular" });
});

Deno.test("z undoes, alone or with Ctrl or Command, but redo is not undo", () => {
  for (const more of [{}, { ctrlKey: true }, { metaKey: true }]) {
    assert.deepEqual(press("z", more), { kind: "undo" });
  }
  assert.deepEqual(press("Z", { ctrlKey: true, shiftKey: true }), { kind: "none" });
});

Deno.test("a field keeps its keys, a button its space, and the browser its own", () => {
  for (const key of ["2", " ", "z"]) {
    assert.deepEqual(press(key, { tagName: "INPUT", type: "text" }), { kind: "none" });
  }
  assert.deepEqual(press(" ", { tagName: "BUTTON" }), { kind: "none" });
  assert.deepEqual(press("1", { tagName: "BUTTON" }), { kind: "hold", classKey: "mug" });
  assert.deepEqual(press("2", { ctrlKey: true }), { kind: "none" });
});
