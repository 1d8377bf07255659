/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { hand, type HandEffect, type HandEvent, type HandState, NO_HAND, shareAt } from "./gesture_state.ts";

function run(...events: readonly HandEvent[]): { state: HandState; effects: HandEffect[] } {
  let state = NO_HAND;
  const effects = events.map((event) => {
    const step = hand(state, event);
    state = step.state;
    return step.effect;
  });
  return { state, effects };
}

const down = (id: number, x: number, y = 0): HandEvent => ({ kind: "down", id, at: { x, y }, opacity: 0.5 });
const moved = (id: number, x: number, y = 0): HandEvent => ({ kind: "moved", id, at: { x, y } });

Deno.test("hand() compares once a press is dragged far enough, and then follows it back", () => {
  const { effects } = run(down(1, 100), moved(1, 104, 40), moved(1, 107), moved(1, 101));
  assert.deepEqual(effects, [
    { kind: "wait", x: 100 },
    { kind: "none" },
    { kind: "compare", x: 107 },
    { kind: "compare", x: 101 },
  ]);
});

Deno.test("hand() compares where a press is held", () => {
  const { state, effects } = run(down(1, 100), { kind: "held", x: 100 }, moved(1, 101), {
    kind: "up",
    id: 1,
  });
  assert.deepEqual(effects.slice(1, 3), [{ kind: "compare", x: 100 }, { kind: "compare", x: 101 }]);
  assert.deepEqual(state, NO_HAND);
});

Deno.test("hand() changes the opacity as two fingers part, in proportion to their distance", () => {
  const { effects } = run(down(1, 100), down(2, 200), moved(2, 300), moved(1, 200));
  assert.deepEqual(effects.slice(1), [
    { kind: "none" },
    { kind: "opacity", opacity: 1 },
    { kind: "opacity", opacity: 0.5 },
  ]);
});

Deno.test("hand() pinches no longer when a finger leaves", () => {
  const { state, effects } = run(down(1, 100), down(2, 200), { kind: "up", id: 1 }, moved(2, 203));
  assert.equal(state.pinch, null);
  assert.deepEqual(effects.at(-1), { kind: "none" });
});

Deno.test("hand() ignores pointers that were not pressed here", () => {
  assert.deepEqual(run(moved(3, 500)), { state: NO_HAND, effects: [{ kind: "none" }] });
});

Deno.test("shareAt() gives the share left of a point, and all of it close to the right edge", () => {
  const square = { left: 100, width: 200 };
  assert.deepEqual([50, 100, 150, 296, 298, 400].map((x) => shareAt(x, square)), [0, 0, 0.25, 0.98, 1, 1]);
});
