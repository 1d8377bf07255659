/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { itemOfKey, keyName, takesKeys } from "./keys.ts";

const ITEMS = [{ key: " " }, { key: "m" }, { key: "?" }, { key: null }];
const press = (key: string, over = {}) => ({ key, ctrlKey: false, altKey: false, metaKey: false, ...over });

Deno.test("itemOfKey() finds the item whatever the case", () => {
  assert.equal(itemOfKey(ITEMS, press("M")), ITEMS[1]);
  assert.equal(itemOfKey(ITEMS, press(" ")), ITEMS[0]);
  assert.equal(itemOfKey(ITEMS, press("x")), null);
});

Deno.test("itemOfKey() leaves keys with modifiers to the browser", () => {
  for (const modifier of ["ctrlKey", "altKey", "metaKey"]) {
    assert.equal(itemOfKey(ITEMS, press("m", { [modifier]: true })), null);
  }
});

Deno.test("takesKeys() leaves text fields and pressed buttons alone", () => {
  assert.ok(takesKeys("INPUT", "text", "m"));
  assert.ok(takesKeys("SELECT", null, "m"));
  assert.ok(takesKeys("BUTTON", null, " "));
  assert.ok(!takesKeys("BUTTON", null, "m"));
  assert.ok(!takesKeys("INPUT", "range", "m"));
  assert.ok(!takesKeys("BODY", null, " "));
});

Deno.test("keyName() names the space bar", () =>
  assert.deepEqual([" ", "m", "?"].map(keyName), ["Space", "M", "?"]));
