/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { COVER_CELLS } from "../../shared/cover.ts";
import { coverOutline } from "./cover_outline.ts";

function cellsAt(...places: readonly (readonly [number, number])[]): Uint8Array {
  const cells = new Uint8Array(COVER_CELLS);
  for (const [row, column] of places) cells[row * 32 + column] = 1;
  return cells;
}

Deno.test("coverOutline() goes round cells that lie together, at the border of the picture too", () => {
  assert.equal(coverOutline(new Uint8Array(COVER_CELLS)), "");
  assert.equal(coverOutline(cellsAt([0, 0], [0, 1])), "M0 0H2M0 0V1M0 1H2M2 0V1");
  assert.equal(
    coverOutline(cellsAt([31, 31])),
    "M31 31H32M31 31V32M31 32H32M32 31V32",
  );
  const all = coverOutline(new Uint8Array(COVER_CELLS).fill(1));
  assert.equal(all, "M0 0H32M0 0V32M0 32H32M32 0V32");
});
