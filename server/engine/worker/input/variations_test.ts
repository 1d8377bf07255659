import assert from "node:assert/strict";
import { type Fill, FILLS, type Variation } from "../../port.ts";
import { InputFrame } from "./frame.ts";
import { enlargeMask } from "./mask.ts";
import { normals } from "./noise.ts";
import { Variations } from "./variations.ts";

const SIZE = { height: 3, width: 4 };
const PIXELS = Float32Array.from({ length: 36 }, (_, i) => i % 7 + 1);
const COLOURS = { grey: [0, 0, 0], black: [-10, -10, -6], white: [245, 117.5, 45] } as const;

Deno.test("Variations.write() fills a window with grey, black, white or the blurred frame, and nothing else", () => {
  const window = { top: 1, left: 2, height: 2, width: 2 };
  for (const fill of FILLS) {
    const { row, base } = write({ kind: "fill", window, fill }, fill);
    const wanted = PIXELS.map((value, i) => {
      const [line, column] = [Math.floor(i / 12), Math.floor(i / 3) % 4];
      return line >= 1 && column >= 2 ? base(i) : value;
    });
    assert.deepEqual(row, wanted);
  }
});

Deno.test("Variations.write() goes from the base to the frame by alpha", () => {
  for (const base of FILLS) {
    for (const alpha of [0, 0.25, 1]) {
      const { row, base: from } = write({ kind: "scale", alpha, base }, base);
      assert.deepEqual(row, PIXELS.map((value, i) => from(i) + alpha * (value - from(i))));
    }
  }
});

Deno.test("Variations.write() mixes frame and base by the enlarged mask", () => {
  const mask = { height: 1, width: 2, values: new Float32Array([0, 1]), enlarged: { height: 5, width: 6 } };
  const shares = enlargeMask(mask, SIZE);
  for (const base of FILLS) {
    const { row, base: from } = write({ kind: "mix", mask, base }, base);
    const wanted = PIXELS.map((value, i) => from(i) + (shares[Math.floor(i / 3)] ?? NaN) * (value - from(i)));
    assert.deepEqual(row, wanted);
  }
});

Deno.test("Variations.write() adds the noise of a seed, measured by the frame's span", () => {
  const { row } = write({ kind: "noise", seed: 3, level: 0.5 }, "grey");
  const noise = normals(3, 36);
  assert.deepEqual(row, PIXELS.map((value, i) => value + 3 * (noise[i] ?? NaN)));
});

Deno.test("Variations.write() takes another input as it is", () => {
  const values = PIXELS.map((value) => -value);
  assert.deepEqual(write({ kind: "input", values }, "grey").row, values);
  assert.deepEqual(write({ kind: "none" }, "grey").row, PIXELS);
});

Deno.test("Variations.write() fills with the colours in the network's order", () => {
  const normalisation = { mean: [10, 20, 30], scale: [1, 2, 5], order: "bgr" } as const;
  const size = { height: 1, width: 1 };
  const row = new Float32Array(3);
  new Variations(size, normalisation).write(row, new InputFrame(new Float32Array(3), size), {
    kind: "scale",
    alpha: 0,
    base: "white",
  });
  assert.deepEqual([...row], [45, 117.5, 245]);
});

function write(variation: Variation, fill: Fill) {
  const variations = new Variations(SIZE, { mean: [10, 20, 30], scale: [1, 2, 5] });
  const frame = new InputFrame(PIXELS.slice(), SIZE);
  const row = new Float32Array(36).fill(NaN);
  variations.write(row, frame, variation);
  assert.deepEqual(frame.pixels, PIXELS);
  return {
    row,
    base: (i: number) => (fill === "blur" ? frame.blurred[i] : COLOURS[fill][i % 3]) ?? NaN,
  };
}
