import assert from "node:assert/strict";
import { maxDifference } from "../../testing/goldens.ts";
import { blur, BLUR_KERNEL } from "./blur.ts";

Deno.test("BLUR_KERNEL is what scipy's gaussian_filter makes of a dot in 11 px with σ 5", () => {
  const half = [0.08795815, 0.08889612, 0.0904742, 0.09219112, 0.09348939];
  const wanted = [...half, 0.09398206, ...half.toReversed()];
  assert.ok(maxDifference(BLUR_KERNEL, wanted) < 1e-8);
});

Deno.test("blur() spreads a pixel over 11×11 px of its own channel, and loses what falls over the border", () => {
  const size = { height: 14, width: 20 };
  const pixels = new Float32Array(3 * 14 * 20);
  pixels[3 * (2 * 20 + 10) + 1] = 5;
  const blurred = blur(pixels, size);
  const wanted = pixels.map((_, i) => {
    const [y, x, channel] = [Math.floor(i / 60), Math.floor(i / 3) % 20, i % 3];
    return channel === 1 ? 5 * (BLUR_KERNEL[y - 2 + 5] ?? 0) * (BLUR_KERNEL[x - 10 + 5] ?? 0) : 0;
  });
  assert.ok(maxDifference(blurred, wanted) < 1e-7);
});
