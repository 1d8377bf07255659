import assert from "node:assert/strict";
import { decodeInside, encodeInside, type Inside } from "./inside.ts";

const INSIDE: Inside = {
  head: {
    layer: "éarly",
    height: 1,
    width: 2,
    tileHeight: 1,
    tileWidth: 2,
    channels: 300,
    page: 2,
    pages: 2,
    first: 256,
    shown: 2,
    channel: 7,
    contributions: null,
  },
  raw: Float32Array.of(-0.5, 2),
  tiles: Uint8Array.of(0, 255, 64, 128),
};

Deno.test("I2: decodeInside() reads what encodeInside() wrote", () => {
  assert.deepEqual(decodeInside(encodeInside(INSIDE)), INSIDE);
  const plain: Inside = { ...INSIDE, head: { ...INSIDE.head, channel: null }, raw: null };
  assert.deepEqual(decodeInside(encodeInside(plain)), plain);
});

Deno.test("I2: decodeInside() refuses bytes that are not what the head says", () => {
  const bytes = encodeInside(INSIDE);
  assert.throws(() => decodeInside(bytes.slice(0, -1)), RangeError);
  assert.throws(() => decodeInside(bytes.slice(0, 3)), RangeError);
  const other = bytes.slice();
  other[4] = 0;
  assert.throws(() => decodeInside(other), RangeError);
});
