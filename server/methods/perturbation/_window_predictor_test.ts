import assert from "node:assert/strict";
import { WindowPredictor } from "./_window_predictor.ts";
import { layWindows } from "../numerics/windows.ts";

/** 7×7 windows, two steps to a window. */
const GRID = layWindows(32, 32, { window: 8, stride: 4 });

function predictor(drops: Readonly<Record<number, number>>): WindowPredictor {
  const made = new WindowPredictor(GRID);
  for (const [index, drop] of Object.entries(drops)) made.record(Number(index), drop);
  return made;
}

Deno.test("WindowPredictor.worth() equals its definition", () => {
  const made = predictor({ 0: 2, 2: -1 });
  // Window 1 is one half window from both, window 8 is √2 from both.
  const guess = (2 - 1) / 2;
  const deviation = 1.5;
  for (const [index, distance] of [[1, 1], [8, Math.SQRT2]] as const) {
    const weight = 2 * ((3 - distance) / (3 * distance)) ** 2;
    assert.ok(Math.abs(made.worth(index) - (guess + deviation) / (1 + weight) ** 2) < 1e-12);
  }
});

Deno.test("WindowPredictor.worth() is larger near a large drop, up or down, and where less is known", () => {
  const made = predictor({ 0: 5, 48: 0.1 });
  assert.ok(made.worth(8) > made.worth(40));
  assert.equal(predictor({ 0: 5, 48: 0.1 }).worth(8), predictor({ 0: -5, 48: -0.1 }).worth(8));
  const even = predictor({ 0: 1, 2: 1, 6: 1 });
  assert.ok(even.worth(4) > even.worth(1));
});

Deno.test("WindowPredictor.worth() of a window out of reach is the standard deviation of all drops", () => {
  assert.ok(Math.abs(predictor({ 0: 3, 1: 1 }).worth(48) - 1) < 1e-12);
  assert.equal(predictor({}).worth(3), 0);
});

Deno.test("WindowPredictor predicts the same whatever the order of the drops", () => {
  const [forwards, backwards] = [new WindowPredictor(GRID), new WindowPredictor(GRID)];
  const drops = [[3, 0.5], [10, -2], [17, 1.25], [24, 4]] as const;
  for (const [index, drop] of drops) forwards.record(index, drop);
  for (const [index, drop] of drops.toReversed()) backwards.record(index, drop);
  for (let index = 0; index < GRID.count; index++) {
    assert.ok(Math.abs(forwards.worth(index) - backwards.worth(index)) < 1e-12);
  }
});
