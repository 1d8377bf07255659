/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { encodeFrame, encodeTile } from "../../shared/codec.ts";
import { oneCellTile } from "../../shared/testing/one_cell_tile.ts";
import { readPieces } from "./watch_pieces.ts";

const TILE = oneCellTile({
  frame: 4,
  revision: 2,
  classIndex: 967,
  mapWidth: 2,
  columns: 2,
  costMs: 12.5,
  values: new Float32Array([0.5, 2]),
});

Deno.test("readPieces() reads messages, tiles and frames in their order and leaves out the rest", () => {
  const pieces = readPieces([
    JSON.stringify({ type: "away", on: true }),
    '{"type":"what"}',
    encodeTile(TILE),
    new Uint8Array(30),
    encodeFrame({ id: 4, capturedMs: 20, format: "jpeg", still: false, picture: new Uint8Array([1, 2]) }),
  ]);
  assert.deepEqual(pieces.map(({ kind }) => kind), ["message", "tile", "frame"]);
  const [message, tile, frame] = pieces;
  assert.ok(message?.kind === "message" && message.message.type === "away");
  assert.ok(tile?.kind === "tile" && tile.tile.frame === 4 && tile.tile.values[1] === 2);
  assert.ok(frame?.kind === "frame" && frame.frame.format === "jpeg");
  assert.deepEqual(frame.frame.picture, new Uint8Array([1, 2]));
});
