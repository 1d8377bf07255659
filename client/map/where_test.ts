/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { centreOfMass, whereInWords } from "./where.ts";

Deno.test("centreOfMass() weighs the positive cells by their centres", () => {
  const square = (...values: number[]) => ({ height: 2, width: 2, values: new Float32Array(values) });
  assert.deepEqual(centreOfMass(square(0, 1, -9, NaN), 0), { x: 0.75, y: 0.25 });
  assert.equal(centreOfMass(square(0, -1, 0, 0), 0), null);
  assert.deepEqual(centreOfMass(square(0.25, 0.25, 0.25, 0.5), 0.25), { x: 0.75, y: 0.75 });
});

Deno.test("whereInWords() names the part of the picture", () => {
  assert.equal(whereInWords({ x: 0.5, y: 0.5 }, false), "centre");
  assert.equal(whereInWords({ x: 0.1, y: 0.5 }, false), "left");
  assert.equal(whereInWords({ x: 0.9, y: 0.9 }, false), "lower right");
  assert.equal(whereInWords({ x: 0.1, y: 0.9 }, true), "lower right", "a mirror has its own left and right");
});
