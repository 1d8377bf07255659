import assert from "node:assert/strict";
import fc from "fast-check";
import { readNpy, writeNpy } from "./npy.ts";
import { assertProperty } from "../../tests/support/seeded.ts";

Deno.test("writeNpy() and readNpy() are inverse to each other, to the bit", () => {
  const arrays = fc.tuple(fc.nat(5), fc.nat(5)).chain(([height, width]) =>
    fc.float32Array({ minLength: height * width, maxLength: height * width }).map((values) => ({
      shape: [height, width],
      values: Float32Array.from(values),
    }))
  );
  assertProperty(fc.property(arrays, (array) => assert.deepEqual(readNpy(writeNpy(array)), array)));
});

Deno.test("writeNpy() writes what NumPy writes", async () => {
  const golden = await Deno.readFile(
    new URL("../../tests/reference/goldens/coffee-cam-967.npy", import.meta.url),
  );
  const array = readNpy(golden);
  assert.deepEqual(array.shape, [7, 7]);
  assert.deepEqual(writeNpy(array), golden);
});

Deno.test("writeNpy() refuses a shape that is not the values'", () => {
  assert.throws(() => writeNpy({ shape: [2, 2], values: new Float32Array(3) }), RangeError);
});

Deno.test("readNpy() refuses other files, types and lengths", () => {
  const good = writeNpy({ shape: [2], values: Float32Array.of(1, 2) });
  assert.deepEqual(readNpy(good).shape, [2]);
  assert.throws(() => readNpy(good.subarray(0, good.length - 1)), /8 bytes of data, got 7/);
  assert.throws(() => readNpy(new Uint8Array(200)), /begin as \.npy/);
  const double = good.map((byte, index) =>
    index === good.indexOf("4".charCodeAt(0)) ? "8".charCodeAt(0) : byte
  );
  assert.throws(() => readNpy(double), /float32 in C order/);
});
