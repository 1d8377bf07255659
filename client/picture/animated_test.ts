/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { isAnimated } from "./animated.ts";

const text = (words: string) => [...words].map((letter) => letter.charCodeAt(0));

/** A GIF of 1 × 1 px with this many pictures, each behind a comment and a colour table of its own. */
function gif(pictures: number): Uint8Array {
  const picture = [
    0x21,
    0xfe,
    2,
    0x2c,
    0x2c,
    0,
    0x2c,
    0,
    0,
    0,
    0,
    1,
    0,
    1,
    0,
    0x80,
    0,
    0,
    0,
    9,
    9,
    9,
    2,
    1,
    0x44,
    0,
  ];
  return Uint8Array.from([
    ...text("GIF89a"),
    ...[1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255],
    ...Array.from({ length: pictures }, () => picture).flat(),
    0x3b,
  ]);
}

function png(chunks: readonly string[]): Uint8Array {
  return Uint8Array.from([
    ...[0x89, ...text("PNG"), 13, 10, 26, 10],
    ...chunks.flatMap((chunk) => [0, 0, 0, 1, ...text(chunk), 7, 0, 0, 0, 0]),
  ]);
}

const webp = (flags: number) =>
  Uint8Array.from([...text("RIFF"), 0, 0, 0, 0, ...text("WEBPVP8X"), 10, 0, 0, 0, flags]);

Deno.test("isAnimated() counts the pictures of a GIF", () => {
  assert.deepEqual([1, 2, 5].map((count) => isAnimated(gif(count))), [false, true, true]);
});

Deno.test("isAnimated() finds a PNG's animation before its picture only", () => {
  assert.equal(isAnimated(png(["IHDR", "acTL", "IDAT"])), true);
  assert.equal(isAnimated(png(["IHDR", "IDAT", "acTL"])), false);
});

Deno.test("isAnimated() reads WebP's flag", () => {
  assert.deepEqual([0x02, 0x12, 0x10].map((flags) => isAnimated(webp(flags))), [true, true, false]);
});

Deno.test("isAnimated() takes what ends early or is something else for still", () => {
  for (let length = 0; length < 50; length++) isAnimated(gif(2).subarray(0, length));
  assert.equal(isAnimated(gif(2).subarray(0, 30)), false);
  assert.equal(isAnimated(new Uint8Array()), false);
  assert.equal(isAnimated(Uint8Array.from(text("not a picture at all"))), false);
});
