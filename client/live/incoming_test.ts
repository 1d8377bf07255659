/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { encodeTile } from "../../shared/codec.ts";
import { readMessage, readTile } from "./incoming.ts";

Deno.test("readMessage() reads what fits the protocol", () => {
  const text = JSON.stringify({ type: "dropped", frame: 3, cause: "superseded" });
  assert.deepEqual(readMessage(text), { type: "dropped", frame: 3, cause: "superseded" });
});

Deno.test("readMessage() gives null for garbage", () => {
  for (const text of ["", "{", "null", "[]", '{"type":"what"}', '{"type":"dropped","frame":-1}']) {
    assert.equal(readMessage(text), null, text);
  }
});

Deno.test("readTile() reads a tile and gives null for anything else", () => {
  const tile = {
    pane: 3,
    frame: 1,
    revision: 1,
    classIndex: 967,
    mapHeight: 1,
    mapWidth: 2,
    row: 0,
    column: 0,
    rows: 1,
    columns: 2,
    progress: 1,
    complete: true,
    costMs: 12.5,
    samples: { count: 500, of: null, error: 0.25 },
    values: new Float32Array([0.5, 2]),
  };
  assert.deepEqual(readTile(encodeTile(tile).buffer), tile);
  assert.equal(readTile(new ArrayBuffer(0)), null);
  assert.equal(readTile(new ArrayBuffer(80)), null);
});
