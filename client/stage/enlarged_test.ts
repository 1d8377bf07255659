/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { enlarge } from "./enlarged.ts";

const plane = (...values: number[]) => ({
  height: 1,
  width: values.length,
  values: Float32Array.from(values),
});
const NEW = { layer: "head", channel: 3, map: null };

Deno.test("enlarge() takes the first values as its scale and follows the next slowly", () => {
  const first = enlarge(NEW, plane(0, 2), 0);
  assert.deepEqual([first.map?.scale?.high, first.map?.signed], [2, false]);
  const next = enlarge(first, plane(0, 4), 200);
  const scale = next.map?.scale?.high ?? 0;
  assert.ok(scale > 2 && scale < 2.5, `${scale}`);
});

Deno.test("enlarge() keeps two ends once a value lay below zero", () => {
  const first = enlarge(NEW, plane(-3, 2), 0);
  assert.deepEqual([first.map?.scale?.high, first.map?.signed], [3, true]);
  assert.equal(enlarge(first, plane(1, 2), 200).map?.signed, true);
});

Deno.test("enlarge() has no scale for a channel that is silent", () => {
  assert.equal(enlarge(NEW, plane(0, 0), 0).map?.scale, null);
});
