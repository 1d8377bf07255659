/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import type { TreeRow } from "./structure.ts";
import { actOfKey } from "./tree_keys.ts";

function row(id: string, level: 1 | 2 | 3, open: boolean | null): TreeRow {
  const kind = level === 1 ? "stage" : open === null ? "layer" : "block";
  return {
    ...{ id, kind, level, position: 1, siblings: 1, name: id, detail: "", open },
    ...{ layer: open === null ? id : null, skip: null, arc: null },
  };
}

const STAGE = row("stage", 1, true);
const BLOCK = row("block", 2, true);
const LAYER = row("layer", 3, null);
const CLOSED = row("closed", 2, false);
const ROWS = [STAGE, BLOCK, LAYER, CLOSED];

Deno.test("actOfKey() moves up and down, and stays at the ends", () => {
  assert.deepEqual(actOfKey("ArrowDown", ROWS, STAGE), { kind: "focus", row: BLOCK });
  assert.deepEqual(actOfKey("ArrowUp", ROWS, BLOCK), { kind: "focus", row: STAGE });
  assert.deepEqual(actOfKey("Home", ROWS, LAYER), { kind: "focus", row: STAGE });
  assert.deepEqual(actOfKey("End", ROWS, STAGE), { kind: "focus", row: CLOSED });
  assert.equal(actOfKey("ArrowDown", ROWS, CLOSED), "stay");
  assert.equal(actOfKey("ArrowUp", ROWS, STAGE), "stay");
});

Deno.test("actOfKey() opens to the right and enters; closes to the left and leaves", () => {
  assert.deepEqual(actOfKey("ArrowRight", ROWS, CLOSED), { kind: "toggle", row: CLOSED });
  assert.deepEqual(actOfKey("ArrowRight", ROWS, BLOCK), { kind: "focus", row: LAYER });
  assert.deepEqual(actOfKey("ArrowLeft", ROWS, BLOCK), { kind: "toggle", row: BLOCK });
  assert.deepEqual(actOfKey("ArrowLeft", ROWS, LAYER), { kind: "focus", row: BLOCK });
  assert.deepEqual(actOfKey("ArrowLeft", ROWS, CLOSED), { kind: "focus", row: STAGE });
});

Deno.test("actOfKey() chooses by Enter and Space, and leaves other keys to others", () => {
  for (const key of ["Enter", " "]) {
    assert.deepEqual(actOfKey(key, ROWS, LAYER), { kind: "choose", row: LAYER });
  }
  assert.equal(actOfKey("x", ROWS, LAYER), null);
});
