import assert from "node:assert/strict";
import { maxDifference } from "../../testing/goldens.ts";
import { enlargeMask } from "./mask.ts";

Deno.test("enlargeMask() enlarges bilinearly with half-pixel centres, its borders going on", () => {
  const mask = { height: 1, width: 2, values: new Float32Array([0, 1]) };
  assert.deepEqual(
    enlargeMask(mask, { height: 2, width: 4 }),
    new Float32Array([0, 0.25, 0.75, 1, 0, 0.25, 0.75, 1]),
  );
  const square = { height: 2, width: 2, values: new Float32Array([0, 1, 2, 4]) };
  assert.deepEqual(
    enlargeMask(square, { height: 3, width: 3 }),
    new Float32Array([0, 0.5, 1, 1, 1.75, 2.5, 2, 3, 4]),
  );
});

Deno.test("enlargeMask() leaves a mask of the input's size as it is", () => {
  const values = Float32Array.from({ length: 35 }, (_, i) => Math.sin(i));
  assert.deepEqual(enlargeMask({ height: 5, width: 7, values }, { height: 5, width: 7 }), values);
});

Deno.test("enlargeMask() cuts the input's part out of the enlarged map", () => {
  const mask = { height: 3, width: 3, values: Float32Array.from({ length: 9 }, (_, i) => i * i) };
  const whole = enlargeMask(mask, { height: 16, width: 18 });
  const cut = enlargeMask(
    { ...mask, enlarged: { height: 16, width: 18 }, corner: { top: 3, left: 5 } },
    { height: 12, width: 10 },
  );
  const wanted = Array.from(
    { length: 120 },
    (_, i) => whole[(3 + Math.floor(i / 10)) * 18 + 5 + i % 10] ?? NaN,
  );
  assert.equal(maxDifference(cut, wanted), 0);
});
