import assert from "node:assert/strict";
import { COVER_CELLS, COVER_FILLS, COVER_SIDE, coverOf } from "../../../../shared/cover.ts";
import { BLUR_PARTS, coverPixels } from "./cover.ts";

/** A cover of the cells for which `isCovered` holds. */
function cellsWhere(isCovered: (row: number, column: number) => boolean): Uint8Array {
  return Uint8Array.from(
    { length: COVER_CELLS },
    (_, cell) => isCovered(Math.floor(cell / COVER_SIDE), cell % COVER_SIDE) ? 1 : 0,
  );
}

/** A picture whose numbers say where they are. */
function picture({ height, width }: { readonly height: number; readonly width: number }) {
  const pixels = Float32Array.from({ length: 3 * height * width }, (_, at) => 1 + at * 7_919 % 1_009);
  const black = Float32Array.from(pixels, (_, at) => -10 - at % 3);
  return { pixels, black, size: { height, width } };
}

const RIGHT = cellsWhere((_row, column) => column >= 16);

for (const size of [{ height: 64, width: 64 }, { height: 33, width: 50 }, { height: 8, width: 4 }]) {
  Deno.test(`U2: what is visible stays as it is, under every fill, ${size.height}×${size.width} pixels`, () => {
    const paint = picture(size);
    for (const fill of COVER_FILLS) {
      const covered = coverPixels(paint, coverOf(RIGHT, fill));
      let changed = 0;
      for (const [at, value] of covered.entries()) {
        const x = Math.floor(at / 3) % size.width;
        const isCovered = Math.floor((x + 0.5) * COVER_SIDE / size.width) >= 16;
        if (!isCovered) assert.equal(value, paint.pixels[at], `${fill} at ${at}`);
        else if (fill === "grey") assert.equal(value, 0);
        else if (fill === "black") assert.equal(value, -10 - at % 3);
        else if (value !== paint.pixels[at]) changed++;
      }
      if (fill !== "grey" && fill !== "black") {
        assert.ok(changed > covered.length / 4, `${fill}: ${changed} changed`);
      }
    }
  });
}

Deno.test("U2: blur is the means of 8×8 parts of the picture, enlarged bilinearly", () => {
  const size = { height: 32, width: 32 };
  const { pixels, black } = picture(size);
  const all = coverOf(cellsWhere(() => true), "blur");
  const blurred = coverPixels({ pixels, black, size }, all);
  const side = 32 / BLUR_PARTS;
  const meanAt = (row: number, column: number) => {
    let sum = 0;
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) sum += pixels[3 * ((row * side + y) * 32 + column * side + x)] ?? NaN;
    }
    return sum / side ** 2;
  };
  // The corner is the mean of its part; between the centres of two parts lies what lies between their means.
  assert.ok(Math.abs((blurred[0] ?? NaN) - meanAt(0, 0)) < 1e-3);
  const between = (meanAt(0, 0) * 5 + meanAt(0, 1) * 3) / 8;
  assert.ok(Math.abs((blurred[3 * 3] ?? NaN) - between) < 1e-3, `${blurred[9]} instead of ${between}`);
});

Deno.test("U2: neighbour mirrors the nearest visible cell across the edge; grey where everything is covered", () => {
  const size = { height: 64, width: 64 };
  const paint = picture(size);
  const covered = coverPixels(paint, coverOf(RIGHT, "neighbour"));
  const at = (values: Float32Array, x: number) => values[3 * (5 * 64 + x)];
  // Cell 15 has pixels 30 and 31: the next cell shows it turned round, the one behind as it is.
  assert.deepEqual(
    [32, 33, 34, 35].map((x) => at(covered, x)),
    [31, 30, 30, 31].map((x) => at(paint.pixels, x)),
  );
  const nothing = coverPixels(paint, coverOf(cellsWhere(() => true), "neighbour"));
  assert.ok(nothing.every((value) => value === 0));
});
