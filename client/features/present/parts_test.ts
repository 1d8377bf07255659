/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { partsWith } from "./parts.ts";

Deno.test("partsWith() shows and hides one part, and keeps the order of the menu", () => {
  assert.deepEqual(partsWith(["label", "status"], "others", true), ["label", "others", "status"]);
  assert.deepEqual(partsWith(["label", "status"], "label", false), ["status"]);
  assert.deepEqual(partsWith(["status", "label"], "status", true), ["label", "status"]);
});
