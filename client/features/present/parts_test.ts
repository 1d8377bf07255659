/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { PRESENT_PARTS } from "../../view/settings.ts";
import { partsOffered, partsWith } from "./parts.ts";

Deno.test("partsWith() shows and hides one part, and keeps the order of the menu", () => {
  assert.deepEqual(partsWith(["label", "status"], "others", true), ["label", "others", "status"]);
  assert.deepEqual(partsWith(["label", "status"], "label", false), ["status"]);
  assert.deepEqual(partsWith(["status", "label"], "status", true), ["label", "status"]);
});

Deno.test("partsOffered() leaves the code out where no phone reaches the server, and nothing else", () => {
  assert.deepEqual(partsOffered(PRESENT_PARTS, true), [...PRESENT_PARTS]);
  assert.deepEqual(partsOffered(PRESENT_PARTS, false), PRESENT_PARTS.filter((part) => part !== "code"));
});
