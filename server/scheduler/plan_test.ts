import assert from "node:assert/strict";
import { MAX_BATCH_ROWS } from "../engine/port.ts";
import { planBatch, tileRestMs, type WaitingRow } from "./plan.ts";

const MOVING = { moving: true, rowMs: 25, sinceTileMs: 100, nextFrameMs: 0 };
const STILL = { moving: false, rowMs: 25, sinceTileMs: 0, nextFrameMs: 0 };

function rows(text: string): (WaitingRow & { name: string })[] {
  return text.split(" ").map((name) => ({
    name,
    viewer: name.slice(0, 1),
    frame: name.charCodeAt(0),
    lane: name.slice(1, 2) === "f" ? "frame" : "tile",
  }));
}

function names(batch: readonly { name: string }[]): string {
  return batch.map(({ name }) => name).join(" ");
}

Deno.test("planBatch() takes frames before tiles, and no tile beside a frame of a moving picture", () => {
  assert.equal(names(planBatch(rows("at1 at2 bf1 cf1"), MOVING)), "bf1 cf1");
});

Deno.test("planBatch() lets one tile ride along once tiles starve", () => {
  const starving = { ...MOVING, sinceTileMs: 250 };
  assert.equal(names(planBatch(rows("at1 at2 bf1"), starving)), "bf1 at1");
});

Deno.test("planBatch() keeps tile batches short while a frame may come at any moment", () => {
  assert.equal(names(planBatch(rows("at1 at2 at3"), MOVING)), "at1");
  assert.equal(names(planBatch(rows("at1 at2 at3"), { ...MOVING, rowMs: 10 })), "at1 at2 at3");
});

Deno.test("planBatch() fills the batch with tiles when every picture is still", () => {
  const many = rows(Array.from({ length: 20 }, (_, index) => `at${index}`).join(" "));
  assert.equal(planBatch(many, STILL).length, MAX_BATCH_ROWS);
  assert.equal(names(planBatch(rows("at1 at2 bf1"), STILL)), "bf1 at1 at2");
});

Deno.test("planBatch() deals viewers in turn, beginning behind the last one served", () => {
  const waiting = rows("at1 at2 at3 bt1 ct1");
  assert.equal(names(planBatch(waiting, STILL)), "at1 bt1 ct1 at2 at3");
  assert.equal(names(planBatch(waiting, STILL, "a")), "bt1 ct1 at1 at2 at3");
  assert.equal(names(planBatch(waiting, STILL, "c")), "at1 bt1 ct1 at2 at3");
});

Deno.test("planBatch() keeps the rows of one frame together, whatever they cost", () => {
  assert.equal(names(planBatch(rows("af1 af2 af3 bf1 bf2"), { ...MOVING, rowMs: 60 })), "af1 af2 af3");
  assert.equal(names(planBatch(rows("af1 af2 bf1 bf2"), { ...MOVING, rowMs: 45 })), "af1 bf1 af2 bf2");
  assert.equal(
    planBatch(rows(Array.from({ length: 9 }, (_, i) => `af${i}`).join(" ")), MOVING).length,
    MAX_BATCH_ROWS,
  );
});

Deno.test("planBatch() bounds the frames of one batch by their cost", () => {
  assert.equal(planBatch(rows("af bf cf df ef ff"), MOVING).length, 4);
  assert.equal(planBatch(rows("af bf cf"), { ...MOVING, rowMs: 500 }).length, 1);
});

Deno.test("planBatch() keeps the engine free for frames that are due, between two tiles of a moving picture", () => {
  const justNow = { ...MOVING, sinceTileMs: 30 };
  assert.deepEqual(planBatch(rows("at1 at2"), justNow), []);
  assert.equal(tileRestMs(justNow), 70);
  assert.equal(names(planBatch(rows("at1 at2"), { ...justNow, sinceTileMs: 100 })), "at1");
  assert.equal(names(planBatch(rows("at1 at2"), { ...justNow, nextFrameMs: 25 })), "at1", "no frame is due");
  assert.equal(tileRestMs({ ...justNow, moving: false }), 0);
});
