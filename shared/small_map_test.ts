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
  assert.deepEqual([map.height, map.width, map.scale, map.extent], [19, 10, 6, undefined]);
  assert.deepEqual([...map.values.subarray(0, 10)], [127, ...new Array(9).fill(0)]);
});

Deno.test("smallMap() lets blocks that do not divide the map hang over its end", () => {
  const plane = { height: 299, width: 299, values: new Float32Array(299 ** 2) };
  assert.deepEqual(smallMap(plane).extent, { top: 0, left: 0, height: 308 / 299, width: 308 / 299 });
  const extent = { top: 0.1, left: 0, height: 0.5, width: 1 };
  assert.deepEqual(smallMap({ height: 30, width: 28, values: new Float32Array(840), extent }).extent, {
    ...extent,
    height: 0.5,
  });
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

Deno.test("smallMap() keeps unknown cells unknown, there and back", () => {
  const map = smallMap({ height: 1, width: 2, values: Float32Array.of(NaN, 3) });
  assert.deepEqual(map.values, Int8Array.of(-128, 127));
  assert.deepEqual([...largeMap(smallMapJson(map)).values], [NaN, 3]);
  assert.equal(smallMap({ height: 1, width: 1, values: Float32Array.of(NaN) }).scale, 0);
});

Deno.test("a small map's extent comes back from JSON, and an older one has none", () => {
  const extent = { top: -0.01, left: 0, height: 1.02, width: 1 };
  const json = smallMapJson(smallMap({ height: 1, width: 1, values: Float32Array.of(1), extent }));
  assert.deepEqual(largeMap(v.parse(SmallMapSchema, JSON.parse(JSON.stringify(json)))).extent, extent);
  const older = { height: json.height, width: json.width, scale: 1, values: json.values };
  assert.equal(largeMap(v.parse(SmallMapSchema, older)).extent, undefined);
});

Deno.test("smallMap() keeps the shades of a map whose numbers all lie far above zero", () => {
  const values = Float32Array.of(0.36, 0.39, 0.42, NaN);
  const json = smallMapJson(smallMap({ height: 2, width: 2, values }));
  assert.ok(Math.abs((json.base ?? NaN) - 0.39) < 1e-6 && v.is(SmallMapSchema, json));
  const { values: read } = largeMap(json);
  for (const [at, value] of values.entries()) {
    const gap = Math.abs((read[at] ?? NaN) - value);
    assert.ok(Number.isNaN(value) ? Number.isNaN(read[at]) : gap <= 0.03 / 127, `${read[at]} for ${value}`);
  }
  assert.equal(smallMap({ height: 1, width: 2, values: Float32Array.of(1, 3) }).base, undefined);
});
