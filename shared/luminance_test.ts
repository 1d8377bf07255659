import assert from "node:assert/strict";
import { luminanceOf } from "./luminance.ts";

Deno.test("luminanceOf() weighs green most, and white is as light as can be", () => {
  const luminance = luminanceOf(Uint8Array.of(255, 255, 255, 100, 0, 0, 0, 100, 0, 0, 0, 100));
  assert.deepEqual(Array.from(luminance, (value) => Math.round(10 * value)), [2550, 299, 587, 114]);
});
