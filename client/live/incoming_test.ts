/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { encodeTile } from "../../shared/codec.ts";
import { oneCellTile } from "../../shared/testing/one_cell_tile.ts";
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
  const tile = oneCellTile({
    pane: 3,
    classIndex: 967,
    mapWidth: 2,
    columns: 2,
    costMs: 12.5,
    samples: { count: 500, of: null, error: 0.25 },
    values: new Float32Array([0.5, 2]),
  });
  assert.deepEqual(readTile(encodeTile(tile).buffer), tile);
  assert.equal(readTile(new ArrayBuffer(0)), null);
  assert.equal(readTile(new ArrayBuffer(80)), null);
});
