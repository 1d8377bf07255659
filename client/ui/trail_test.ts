/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { type Trail, walk } from "./trail.ts";

const at = (depth: number, moving = false): Trail => ({ depth, moving });

Deno.test("walk() adds a step for everything that opens", () => {
  assert.deepEqual(walk(at(0), { kind: "changed", open: 2 }), {
    trail: at(2),
    effect: { kind: "push", depths: [1, 2] },
  });
  assert.deepEqual(walk(at(2), { kind: "changed", open: 2 }).effect, { kind: "none" });
});

Deno.test("walk() takes the steps back of what was closed without Back", () => {
  const closed = walk(at(2), { kind: "changed", open: 0 });
  assert.deepEqual(closed, { trail: at(2, true), effect: { kind: "go", by: -2 } });
  assert.deepEqual(walk(closed.trail, { kind: "arrived", depth: 0, open: 0 }), {
    trail: at(0),
    effect: { kind: "none" },
  });
});

Deno.test("walk() waits with what opens while the tab is on its way", () => {
  const closed = walk(at(1), { kind: "changed", open: 0 });
  const opened = walk(closed.trail, { kind: "changed", open: 1 });
  assert.deepEqual(opened, { trail: at(1, true), effect: { kind: "none" } });
  assert.deepEqual(walk(opened.trail, { kind: "arrived", depth: 0, open: 1 }), {
    trail: at(1),
    effect: { kind: "push", depths: [1] },
  });
});

Deno.test("walk() closes the last one on Back, and several where several steps were left", () => {
  assert.deepEqual(walk(at(3), { kind: "arrived", depth: 2, open: 3 }), {
    trail: at(2),
    effect: { kind: "close", count: 1 },
  });
  assert.deepEqual(walk(at(3), { kind: "arrived", depth: 0, open: 3 }).effect, { kind: "close", count: 3 });
});

Deno.test("walk() adds the step again of what does not close", () => {
  const back = walk(at(1), { kind: "arrived", depth: 0, open: 1 });
  assert.deepEqual(walk(back.trail, { kind: "changed", open: 1 }), {
    trail: at(1),
    effect: { kind: "push", depths: [1] },
  });
});

Deno.test("walk() leaves a step at once that stands for nothing, as after Forward or a reload", () => {
  assert.deepEqual(walk(at(0), { kind: "arrived", depth: 1, open: 0 }).effect, { kind: "go", by: -1 });
});
