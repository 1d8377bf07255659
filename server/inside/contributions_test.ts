import assert from "node:assert/strict";
import { contributions, largest } from "./contributions.ts";

const volume = (values: number[]) => ({
  height: 1,
  width: 2,
  channels: 3,
  values: Float32Array.from(values),
});

Deno.test("contributions() sums gradient·activation over the positions of each channel", () => {
  const activation = volume([1, 2, 3, 4, 5, 6]);
  const gradient = volume([1, -1, 0, 2, -2, 1]);
  assert.deepEqual([...contributions(activation, gradient)], [9, -12, 6]);
});

Deno.test("largest() ranks by magnitude and keeps the sign", () => {
  assert.deepEqual(largest(Float64Array.of(9, -12, 6), 2), [
    { channel: 1, value: -12 },
    { channel: 0, value: 9 },
  ]);
});
