/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { DIFFERENCE_NATURE, type MapNature } from "../../../shared/map_values.ts";
import { type ScaledMap, scaleForAll } from "./scale_for_all.ts";

const PLAIN: MapNature = { signed: false, zero: "nothing", range: null };
const LIFTED: MapNature = { ...PLAIN, zero: "arbitrary" };

function map(unit: string, nature: MapNature, low: number, high: number): ScaledMap {
  return { unit, nature, scale: { low, high, moving: false, atMs: 0 } };
}

const MAPS = [
  map("logits", PLAIN, 0, 3),
  map("logits", DIFFERENCE_NATURE, -5, 5),
  map("mean probability", LIFTED, 0.3, 0.4),
  map("mean probability", LIFTED, 0.2, 0.35),
  map("mean probability", DIFFERENCE_NATURE, -0.1, 0.1),
  { unit: "activation", nature: PLAIN, scale: null },
];

Deno.test("scaleForAll() holds the maps of one unit, each kind with its own low end", () => {
  const ends = (unit: string, nature: MapNature) => {
    const scale = scaleForAll(MAPS, { unit, nature });
    return scale === null ? null : [scale.low, scale.high];
  };
  assert.deepEqual(ends("logits", PLAIN), [0, 5]);
  assert.deepEqual(ends("logits", DIFFERENCE_NATURE), [-5, 5]);
  assert.deepEqual(ends("mean probability", LIFTED), [0.2, 0.4]);
  assert.deepEqual(ends("mean probability", DIFFERENCE_NATURE), [-0.1, 0.1], "a difference is no level");
  assert.equal(ends("activation", PLAIN), null);
});
