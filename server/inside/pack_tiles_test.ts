import assert from "node:assert/strict";
import { MAX_TILE_CELLS } from "../../shared/limits.ts";
import { packTiles } from "./pack_tiles.ts";

Deno.test("packTiles() rounds small tiles cell by cell", () => {
  const values = Float32Array.of(0, 127.6, 255, 64.4);
  const { height, width, bytes } = packTiles({ height: 1, width: 2, count: 2, values });
  assert.deepEqual([height, width, [...bytes]], [1, 2, [0, 128, 255, 64]]);
});

Deno.test("packTiles() puts the cells of large tiles together, the last ones of what is left", () => {
  const width = MAX_TILE_CELLS + 1;
  const values = Float32Array.from(
    { length: 2 * width },
    (_, at) => at % width === width - 1 ? 200 : 10 * (at % 2),
  );
  const packed = packTiles({ height: 2, width, count: 1, values });
  assert.deepEqual([packed.height, packed.width], [1, Math.ceil(width / 2)]);
  assert.deepEqual([packed.bytes[0], packed.bytes.at(-1)], [5, 200]);
});
