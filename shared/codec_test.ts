import assert from "node:assert/strict";
import { decodeTile, encodeTile, type Tile, TILE_HEADER_BYTES } from "./codec.ts";

const TILE: Tile = {
  pane: 2,
  frame: 7,
  revision: 3,
  classIndex: 967,
  mapHeight: 4,
  mapWidth: 5,
  row: 1,
  column: 2,
  rows: 1,
  columns: 2,
  progress: 0.5,
  complete: false,
  costMs: 12.5,
  samples: null,
  values: new Float32Array([-0.5, 2]),
};

Deno.test("T1: a tile is read as it was written", () => {
  for (const complete of [false, true]) {
    const tile = { ...TILE, complete };
    const bytes = encodeTile(tile);
    assert.equal(bytes.length, TILE_HEADER_BYTES + 4 * 2);
    assert.equal(bytes[2], complete ? 1 : 0);
    assert.deepEqual(decodeTile(bytes), tile);
  }
});

Deno.test("T1, T2: a tile carries the extent of its map's cells, and none where they tile the input", () => {
  const extent = { top: -0.25, left: 0.125, height: 1.5, width: 0.75 };
  assert.deepEqual(decodeTile(encodeTile({ ...TILE, extent })), { ...TILE, extent });
  const whole = { top: 0, left: 0, height: 1, width: 1 };
  assert.deepEqual(decodeTile(encodeTile({ ...TILE, extent: whole })), TILE);
  for (const bad of [{ ...extent, height: 0 }, { ...extent, width: -1 }, { ...extent, left: Infinity }]) {
    assert.throws(() => decodeTile(encodeTile({ ...TILE, extent: bad })), /extent with a height and a width/);
  }
});

Deno.test("T6: a tile in colours has three bytes a cell, and their luminance as its values", () => {
  const rgb = Uint8Array.of(255, 255, 255, 0, 100, 0);
  const bytes = encodeTile({ ...TILE, values: new Float32Array([255, 58.7]), rgb });
  assert.equal(bytes.length, TILE_HEADER_BYTES + 6);
  assert.equal(bytes[2], 2);
  const read = decodeTile(bytes);
  assert.deepEqual(read.rgb, rgb);
  assert.deepEqual(Array.from(read.values, (value) => Math.round(10 * value)), [2550, 587]);
});

Deno.test("T7: a tile says that what was to be raised never answered", () => {
  const bytes = encodeTile({ ...TILE, complete: true, rgb: new Uint8Array(6), silent: true });
  assert.equal(bytes[2], 7);
  assert.equal(decodeTile(bytes).silent, true);
  assert.equal("silent" in decodeTile(encodeTile(TILE)), false);
});

Deno.test("T8: a tile says what its map is made of, as far as that is known", () => {
  for (
    const samples of [
      { count: 500, of: null, error: 0.25 },
      { count: 89, of: 169, error: null },
      { count: 32, of: null, error: 0 },
    ]
  ) {
    assert.deepEqual(decodeTile(encodeTile({ ...TILE, samples })).samples, samples);
  }
  const bytes = new DataView(encodeTile({ ...TILE, samples: { count: 89, of: 169, error: 0.5 } }).buffer);
  assert.deepEqual(
    [bytes.getUint32(40, true), bytes.getUint32(44, true), bytes.getFloat32(48, true)],
    [89, 169, 0.5],
  );
  const rgb = Uint8Array.of(1, 2, 3, 4, 5, 6);
  const picture = encodeTile({ ...TILE, rgb, samples: { count: 9, of: null, error: null } });
  assert.equal(decodeTile(picture).samples?.count, 9);
});

Deno.test("decodeTile() refuses flags that nobody defined and a length that does not fit them", () => {
  const bytes = encodeTile(TILE);
  bytes[2] = 8;
  assert.throws(() => decodeTile(bytes), /flags up to 7 in byte 2/);
  bytes[2] = 2;
  assert.throws(() => decodeTile(bytes), /2 values/);
});
