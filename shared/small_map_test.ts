import assert from "node:assert/strict";
import * as v from "valibot";
import { largeMap, smallMap, smallMapJson, SmallMapSchema } from "./small_map.ts";

Deno.test("smallMap() keeps a small map cell by cell, as shares of its largest magnitude", () => {
  assert.deepEqual(smallMap({ height: 1, width: 3, values: Float32Array.of(-4, 2, 0) }), {
    height: 1,
    width: 3,
    scale: 4,
    values: Int8Array.of(-127, 64, 0),
  });
});

Deno.test("smallMap() takes the means of blocks of a large map, smaller ones at its edges", () => {
  const [height, width] = [57, 30];
  const values = Float32Array.from({ length: height * width }, (_, at) => at % width < 3 ? 6 : 0);
  const map = smallMap({ height, width, values });
  assert.deepEqual([map.height, map.width, map.scale], [19, 10, 6]);
  assert.deepEqual([...map.values.subarray(0, 10)], [127, ...new Array(9).fill(0)]);
});

Deno.test("smallMap() of a map without evidence is all zeros", () => {
  assert.deepEqual(smallMap({ height: 1, width: 2, values: new Float32Array(2) }).values, new Int8Array(2));
});

Deno.test("a small map comes back from JSON within a 127th of its largest magnitude", () => {
  const values = Float32Array.of(-4, 2.5, 0, 1);
  const json = v.parse(
    SmallMapSchema,
    JSON.parse(JSON.stringify(smallMapJson(smallMap({ height: 2, width: 2, values })))),
  );
  const map = largeMap(json);
  assert.deepEqual([map.height, map.width], [2, 2]);
  for (const [at, value] of values.entries()) {
    assert.ok(Math.abs((map.values[at] ?? NaN) - value) <= 4 / 127 / 2 + 1e-6);
  }
});

Deno.test("SmallMapSchema refuses other sizes and other numbers of values", () => {
  const good = { height: 1, width: 2, scale: 1, values: btoa("ab") };
  assert.ok(v.is(SmallMapSchema, good));
  for (
    const bad of [{ height: 0 }, { width: 29 }, { scale: -1 }, { values: btoa("abc") }, {
      values: "no base64!",
    }]
  ) {
    assert.ok(!v.is(SmallMapSchema, { ...good, ...bad }), JSON.stringify(bad));
  }
});

Deno.test("smallMap() counts unknown cells as nothing", () => {
  assert.deepEqual(
    smallMap({ height: 1, width: 2, values: Float32Array.of(NaN, 3) }).values,
    Int8Array.of(0, 127),
  );
});
