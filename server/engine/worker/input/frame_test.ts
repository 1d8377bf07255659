import assert from "node:assert/strict";
import { blur } from "./blur.ts";
import { InputFrame, normalise } from "./frame.ts";

Deno.test("normalise() takes the mean off and divides, channel by channel", () => {
  const picture = { width: 2, height: 1, rgb: new Uint8Array([10, 24, 0, 255, 20, 35]) };
  assert.deepEqual(
    normalise(picture, { mean: [10, 20, 30], scale: [1, 2, 5] }),
    new Float32Array([0, 2, -6, 245, 0, 1]),
  );
});

Deno.test("normalise() puts blue first where the network wants it so", () => {
  const picture = { width: 1, height: 2, rgb: new Uint8Array([10, 24, 0, 255, 20, 35]) };
  assert.deepEqual(
    normalise(picture, { mean: [10, 20, 30], scale: [1, 2, 5], order: "bgr" }),
    new Float32Array([-6, 2, 0, 1, 0, 245]),
  );
});

Deno.test("InputFrame blurs itself once and knows its span", () => {
  const size = { height: 2, width: 3 };
  const pixels = Float32Array.from({ length: 18 }, (_, i) => (i * 7) % 11 - 4);
  const frame = new InputFrame(pixels, size);
  assert.equal(frame.span, 10);
  assert.deepEqual(frame.blurred, blur(pixels, size));
  assert.equal(frame.blurred, frame.blurred);
});
