/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import type { DrawnNetwork } from "../../../shared/network.ts";
import { boxOfCell } from "./crop_box.ts";
import { likedBy, type Moment, withMoment } from "./moments.ts";

const PICTURE = new Blob([new Uint8Array(90_000)]);

function answer(peak: number, cell = 0): DrawnNetwork {
  return {
    head: {
      ...{ measure: "contribution", target: null, raw: null },
      stages: [{
        ...{
          layer: "a",
          height: 4,
          width: 4,
          tileHeight: 4,
          tileWidth: 4,
          channels: 1,
          total: 0,
          magnitude: 0,
        },
        ...{ exact: false, drawn: [], lines: null },
      }],
    },
    raw: null,
    numbers: [{ peaks: Float32Array.of(peak), cells: Uint32Array.of(cell), tiles: new Uint8Array() }],
  };
}

function momentsOf(peaks: readonly number[], stepMs: number, picture = PICTURE): readonly Moment[] {
  return peaks.reduce<readonly Moment[]>(
    (moments, peak, at) => withMoment(moments, answer(peak), { picture, atMs: at * stepMs }),
    [],
  );
}

Deno.test("withMoment() keeps three minutes, no two moments closer than a second and a half, 12 MB at most", () => {
  const small = new Blob([new Uint8Array(1_000)]);
  assert.equal(momentsOf(new Array(10).fill(1), 500, small).length, 4);
  const long = momentsOf(new Array(300).fill(1), 2_000, small);
  assert.deepEqual([long.length, long[0]?.atMs, long.at(-1)?.atMs], [91, 418_000, 598_000]);
  const heavy = momentsOf(new Array(150).fill(1), 1_500, new Blob([new Uint8Array(1_000_000)]));
  assert.equal(heavy.length, 11);
  assert.equal(heavy.at(-1)?.id, 150);
});

Deno.test("likedBy() ranks moments by a channel's peaks, six at most, none just beside another", () => {
  const moments = momentsOf([1, 9, 8, 2, 7, 3, 6, 4, 5, 0, 1, 2, 3, 4], 2_000);
  const peaks = likedBy(moments, "a", 0).map(({ peak }) => peak);
  assert.deepEqual(peaks, [9, 7, 6, 5, 4, 2]);
  assert.deepEqual(likedBy(moments, "a", 1), []);
  assert.deepEqual(likedBy(moments, "elsewhere", 0), []);
});

Deno.test("boxOfCell() is a square around the cell, inside the picture, of a quarter to half its side", () => {
  assert.deepEqual(boxOfCell({ height: 4, width: 4 }, 5), { left: 0.125, top: 0.125, side: 0.5 });
  assert.deepEqual(boxOfCell({ height: 100, width: 100 }, 0), { left: 0, top: 0, side: 0.25 });
  assert.deepEqual(boxOfCell({ height: 100, width: 100 }, 9_999), { left: 0.75, top: 0.75, side: 0.25 });
  const extent = { top: 0.5, left: 0.5, height: 0.5, width: 0.5 };
  assert.deepEqual(boxOfCell({ height: 1, width: 1, extent }, 0), { left: 0.5, top: 0.5, side: 0.5 });
});
