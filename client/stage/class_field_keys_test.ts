/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { classFieldKey } from "./class_field_keys.ts";

const OPEN = { query: "cup", matches: 3, active: 0 };

Deno.test("classFieldKey() moves round the matches, and nowhere while there are none", () => {
  assert.deepEqual(classFieldKey("ArrowDown", { ...OPEN, active: 2 }), { kind: "move", active: 0 });
  assert.deepEqual(classFieldKey("ArrowUp", OPEN), { kind: "move", active: 2 });
  assert.deepEqual(classFieldKey("ArrowDown", { ...OPEN, matches: 0 }), { kind: "move", active: 0 });
});

Deno.test("classFieldKey() takes the active match on Enter, and unlocks where the field was emptied", () => {
  assert.deepEqual(classFieldKey("Enter", { ...OPEN, active: 1 }), { kind: "choose", match: 1 });
  assert.deepEqual(classFieldKey("Enter", { query: " ", matches: 0, active: 0 }), { kind: "unlock" });
  assert.equal(classFieldKey("Enter", { query: "no such class", matches: 0, active: 0 }), null);
  assert.equal(classFieldKey("Enter", { query: null, matches: 0, active: 0 }), null);
});

Deno.test("classFieldKey() ends a search on Escape, and leaves the key alone while there is none", () => {
  assert.deepEqual(classFieldKey("Escape", OPEN), { kind: "close" });
  assert.equal(classFieldKey("Escape", { query: null, matches: 0, active: 0 }), null);
  assert.equal(classFieldKey("a", OPEN), null);
});
