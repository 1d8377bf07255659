/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { optionLabel } from "./option_label.ts";

Deno.test("optionLabel() says what an option does, or its name in words", () => {
  assert.equal(optionLabel("signed"), "Show evidence against");
  assert.equal(optionLabel("top-channels"), "Top channels");
  assert.equal(optionLabel("constructor"), "Constructor");
});
