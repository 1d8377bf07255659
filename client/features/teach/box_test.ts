/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import * as v from "valibot";
import { BoxSchema } from "../../../shared/teach_wire.ts";
import { boxBetween, FIRST_BOX, LEAST_SIDE, sideOf, SIDES, withSide } from "./box.ts";

Deno.test("a box lies between two places, whichever comes first, and inside the picture", () => {
  const box = { top: 0.25, left: 0.5, height: 0.5, width: 0.25 };
  assert.deepEqual(boxBetween({ x: 0.5, y: 0.25 }, { x: 0.75, y: 0.75 }), box);
  assert.deepEqual(boxBetween({ x: 0.75, y: 0.75 }, { x: 0.5, y: 0.25 }), box);
  assert.deepEqual(boxBetween({ x: -1, y: 0 }, { x: 2, y: 1 }), { top: 0, left: 0, height: 1, width: 1 });
});

Deno.test("a press without a drag, at the very corner too, makes the smallest box that the wire takes", () => {
  for (const place of [{ x: 0.5, y: 0.5 }, { x: 1, y: 1 }, { x: 0, y: 1 }]) {
    const box = boxBetween(place, place);
    assert.ok(v.is(BoxSchema, box), JSON.stringify(box));
    assert.ok(Math.abs(box.width - LEAST_SIDE) < 1e-9);
  }
});

Deno.test("each side moves alone, and never past the opposite one", () => {
  for (const side of SIDES) {
    for (const value of [-1, 0, 0.3, 0.6, 1, 2]) {
      const box = withSide(FIRST_BOX, side, value);
      assert.ok(v.is(BoxSchema, box), `${side} ${value} ${JSON.stringify(box)}`);
      for (const other of SIDES) {
        if (other !== side) {
          assert.ok(Math.abs(sideOf(box, other) - sideOf(FIRST_BOX, other)) < 1e-9, `${side} ${other}`);
        }
      }
    }
  }
  assert.ok(Math.abs(sideOf(withSide(FIRST_BOX, "left", 0.3), "left") - 0.3) < 1e-9);
});
