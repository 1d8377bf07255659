import assert from "node:assert/strict";
import fc from "fast-check";
import { type BundlePart, decodeBundle, encodeBundle, MAX_BUNDLE_PARTS } from "./bundle.ts";
import { assertProperty } from "../tests/support/seeded.ts";

Deno.test("W4: a bundle gives back its parts in order, whatever they are", () => {
  const part = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => new Uint8Array(bytes)),
  );
  assertProperty(fc.property(fc.array(part, { maxLength: 20 }), (parts: BundlePart[]) => {
    assert.deepEqual(decodeBundle(encodeBundle(parts)), parts);
  }));
});

Deno.test("a bundle of too many parts is not written, and none of them read", () => {
  const many = Array.from({ length: MAX_BUNDLE_PARTS + 1 }, () => "");
  assert.throws(() => encodeBundle(many), /at most 1024, got 1025/);
});

Deno.test("W4: what is no bundle is refused, whatever byte is wrong or missing", () => {
  const good = encodeBundle(["{}", Uint8Array.of(1, 2, 3)]);
  const wrong = (at: number, value: number) => good.map((byte, place) => place === at ? value : byte);
  for (
    const [bytes, words] of [
      [good.subarray(0, 3), /4 bytes or more/],
      [wrong(0, 2), /byte 0 to be 3/],
      [wrong(1, 9), /byte 1 to be 1/],
      [wrong(2, 3), /part 2 to have a header/],
      [wrong(3, 255), /at most 1024 parts/],
      [wrong(4, 200), /part 0 to end inside/],
      [wrong(8, 7), /text \(0\) or binary \(1\)/],
      [wrong(2, 1), /end with its last part/],
      [good.subarray(0, good.length - 1), /part 1 to end inside/],
    ] as const
  ) assert.throws(() => decodeBundle(new Uint8Array(bytes)), words);
});
