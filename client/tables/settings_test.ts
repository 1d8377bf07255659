/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { loadTableSettings, saveTableSettings } from "./settings.ts";

function shelf(kept: string | null) {
  return {
    kept,
    getItem: () => kept,
    setItem(_key: string, text: string) {
      this.kept = text;
    },
  };
}

Deno.test("settings are kept and read again; what does not fit is replaced field by field", () => {
  const first = loadTableSettings(shelf(null));
  assert.deepEqual([first.heads.length, first.shown, first.folds, first.missing], [5, "tree", 5, "median"]);
  const kept = shelf(null);
  saveTableSettings(kept, { ...first, folds: 7, heads: ["forest"] });
  assert.deepEqual(loadTableSettings(shelf(kept.kept)), { ...first, folds: 7, heads: ["forest"] });
  assert.deepEqual(loadTableSettings(shelf('{"folds":99,"heads":["constructor"],"seed":3}')), {
    ...first,
    seed: 3,
  });
});

Deno.test("a shelf that is forbidden, full or holds anything costs nothing but the memory", () => {
  const forbidden = {
    getItem: () => assert.fail("forbidden"),
    setItem: () => assert.fail("full"),
  };
  assert.equal(loadTableSettings(forbidden).folds, 5);
  saveTableSettings(forbidden, loadTableSettings(forbidden));
  assert.equal(loadTableSettings(shelf("[]")).seed, 0);
  assert.equal(loadTableSettings(shelf("{")).seed, 0);
});
