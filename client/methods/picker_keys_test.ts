/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { pickerKey } from "./picker_keys.ts";

Deno.test("pickerKey() moves around by arrows, to the ends by pages, and chooses by Enter", () => {
  const moved = (key: string, active: number) => pickerKey(key, { count: 8, active });
  assert.deepEqual(moved("ArrowDown", 7), { kind: "move", active: 0 });
  assert.deepEqual(moved("ArrowUp", 0), { kind: "move", active: 7 });
  assert.deepEqual(moved("PageDown", 5), { kind: "move", active: 7 });
  assert.deepEqual(moved("PageUp", 6), { kind: "move", active: 1 });
  assert.deepEqual(moved("Enter", 3), { kind: "choose" });
  assert.equal(moved("a", 3), null);
  assert.equal(pickerKey("Enter", { count: 0, active: 0 }), null);
});
