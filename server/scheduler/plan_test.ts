import assert from "node:assert/strict";
import { MAX_BATCH_ROWS } from "../engine/port.ts";
import {
  besideRestMs,
  planBatch,
  type PlanConditions,
  planPictures,
  tileRestMs,
  type WaitingRow,
} from "./plan.ts";
import type { Standing } from "./shares.ts";

const ALONE = { rowMs: 25, nextFrameMs: 0, wantedElsewhere: false };
const MOVING: PlanConditions = { ...ALONE, moving: true, sinceTileMs: 100 };
const STILL: PlanConditions = { ...ALONE, moving: false, sinceTileMs: 0 };

const IN_CREDIT: Standing = {
  creditMs: 50,
  tileCreditMs: 0,
  servedAt: 0,
  moving: true,
  nextFrame: null,
  untilCreditMs: 0,
  pictureMs: 0,
};
const IN_DEBT: Standing = { ...IN_CREDIT, creditMs: -100, untilCreditMs: 500 };

interface Named extends WaitingRow {
  readonly name: string;
}

/** `af1` is a frame row of the account a, `at1` a tile row; each costs `costMs`. */
function rows(text: string, costMs = 25): Named[] {
  return text.split(" ").map((name) => ({
    name,
    account: name.slice(0, 1),
    frame: name.charCodeAt(0),
    lane: name.slice(1, 2) === "f" ? "frame" : "tile",
    cost: { firstMs: costMs, furtherMs: costMs },
  }));
}

/** Everybody in credit, but for those named. */
function standings(more: Readonly<Record<string, Partial<Standing>>> = {}): Map<string, Standing> {
  return new Map([..."abcdefgh"].map((account) => [account, { ...IN_CREDIT, ...more[account] }]));
}

function planned(waiting: readonly Named[], conditions: PlanConditions, more = standings()): string {
  const plan = planBatch(waiting, more, conditions);
  return plan.kind === "run" ? plan.rows.map(({ name }) => name).join(" ") : `rest ${plan.ms}`;
}

Deno.test("planBatch() takes frames before tiles, and no tile beside a frame of a moving picture", () => {
  assert.equal(planned(rows("at1 at2 bf1 cf1"), MOVING), "bf1 cf1");
});

Deno.test("planBatch() lets a tile that is due ride along, in place of its own viewer's frame", () => {
  const due = standings({ a: { tileCreditMs: 1 } });
  assert.equal(planned(rows("at1 at2 bf1"), MOVING, due), "at1 bf1");
  assert.equal(planned(rows("af1 at1 bf1"), MOVING, due), "at1 bf1 af1");
  assert.equal(planned(rows("af1 at1 bf1", 40), MOVING, due), "at1 bf1");
});

Deno.test("planBatch() gives the share of a still picture to its tiles, beside pictures that move", () => {
  assert.equal(planned(rows("at1 at2 bf1"), MOVING, standings({ a: { moving: false } })), "at1 bf1");
  assert.equal(
    planned(rows("at1 af1 bf1"), MOVING, standings({ a: { moving: false } })),
    "af1 bf1",
    "a frame waits",
  );
});

Deno.test("planBatch() lets nobody in debt begin while somebody in credit has work at another engine", () => {
  const elsewhere = { ...MOVING, wantedElsewhere: true };
  const debt = standings({ a: { creditMs: -100, untilCreditMs: 500 } });
  assert.equal(planned(rows("af1 at1"), elsewhere, debt), "rest 500");
  assert.equal(planned(rows("af1 at1"), MOVING, debt), "af1");
  assert.equal(
    planned(rows("af1 bf1"), elsewhere, debt),
    "bf1",
    "those in credit do not wait for each other",
  );
});

Deno.test("planBatch() keeps tile batches short while a frame may come at any moment", () => {
  assert.equal(planned(rows("at1 at2 at3"), MOVING), "at1");
  assert.equal(planned(rows("at1 at2 at3", 10), MOVING), "at1 at2 at3");
});

Deno.test("planBatch() fills the batch with tiles when every picture is still", () => {
  const many = rows(Array.from({ length: 20 }, (_, index) => `at${index}`).join(" "));
  const plan = planBatch(many, standings(), STILL);
  assert.equal(plan.kind === "run" ? plan.rows.length : 0, MAX_BATCH_ROWS);
  assert.equal(planned(rows("at1 at2 bf1"), STILL), "bf1 at1 at2");
});

Deno.test("planBatch() deals accounts in turn, the one with the most credit first, then the one served longest ago", () => {
  const waiting = rows("at1 at2 at3 bt1 ct1");
  assert.equal(planned(waiting, STILL), "at1 bt1 ct1 at2 at3");
  assert.equal(planned(waiting, STILL, standings({ a: { servedAt: 1 } })), "bt1 ct1 at1 at2 at3");
  assert.equal(planned(waiting, STILL, standings({ c: { creditMs: 60 } })), "ct1 at1 bt1 at2 at3");
});

Deno.test("planBatch() keeps the rows of one frame together, as long as others can wait", () => {
  assert.equal(planned(rows("af1 af2 af3 bf1 bf2", 60), MOVING), "af1 af2 af3");
  assert.equal(planned(rows("af1 af2 bf1 bf2", 45), MOVING), "af1 bf1 af2 bf2");
  assert.equal(planned(rows("af1 af2 af3 bf1", 90), MOVING), "af1 af2");
  assert.equal(planned(rows("af1 af2 af3", 90), MOVING), "af1 af2 af3", "nobody waits");
  const plan = planBatch(rows(Array.from({ length: 9 }, (_, i) => `af${i}`).join(" ")), standings(), MOVING);
  assert.equal(plan.kind === "run" ? plan.rows.length : 0, MAX_BATCH_ROWS);
});

Deno.test("planBatch() bounds the frames of one batch by their cost", () => {
  assert.equal(planned(rows("af bf cf df ef ff"), MOVING), "af bf cf df");
  assert.equal(planned(rows("af bf cf", 500), MOVING), "af");
});

Deno.test("planBatch() keeps a costly row for the next batch, where it is first", () => {
  const waiting = [...rows("af1", 25), ...rows("bf1", 150), ...rows("cf1 df1", 25)];
  assert.equal(planned(waiting, MOVING), "af1 cf1 df1");
  const later = standings({ a: { servedAt: 1 }, c: { servedAt: 1 }, d: { servedAt: 1 } });
  assert.equal(planned(waiting, MOVING, later), "bf1");
});

Deno.test("planBatch() keeps the engine free for frames that are due, between two tiles of a moving picture", () => {
  const justNow = { ...MOVING, sinceTileMs: 30 };
  assert.equal(planned(rows("at1 at2"), justNow), "rest 70");
  assert.equal(tileRestMs(justNow), 70);
  assert.equal(planned(rows("at1 at2"), { ...justNow, sinceTileMs: 100 }), "at1");
  assert.equal(planned(rows("at1 at2"), { ...justNow, nextFrameMs: 25 }), "at1", "no frame is due");
  assert.equal(tileRestMs({ ...justNow, moving: false }), 0);
});

Deno.test("S5: what is measured beside maps has one row in 900 ms, unless no frame is due or nothing moves", () => {
  const beside = rows("at1");
  assert.equal(besideRestMs(beside, MOVING, 300), 600);
  assert.equal(besideRestMs(beside, MOVING, 900), 0);
  const idle = { ...MOVING, nextFrameMs: 25 };
  assert.equal(besideRestMs(beside, idle, 300), 0);
  assert.equal(besideRestMs(rows("at1 bf1"), idle, 300), 700, "a frame is there already");
  assert.equal(besideRestMs(beside, STILL, 0), 0);
});

Deno.test("G2: an account in debt gives way to all that are in credit", () => {
  const more = standings({ a: IN_DEBT });
  assert.equal(planned(rows("af1 bf1 cf1"), MOVING, more), "bf1 cf1");
  assert.equal(planned(rows("af1 at1"), MOVING, more), "af1", "nobody in credit wants the engine");
  assert.equal(planned(rows("at1 at2 bt1"), STILL, more), "bt1");
});

Deno.test("G2: of those in debt the ones with the most credit go, together where they are close", () => {
  const more = standings({
    a: IN_DEBT,
    b: { ...IN_DEBT, creditMs: -115 },
    c: { ...IN_DEBT, creditMs: -400 },
  });
  assert.equal(planned(rows("af1 bf1 cf1"), MOVING, more), "af1 bf1");
});

Deno.test("G3: an account in debt waits for a frame that one in credit is about to have", () => {
  const nextFrame = { inMs: 10, untilMs: 60 };
  const more = standings({ a: IN_DEBT, b: { nextFrame } });
  assert.equal(planned(rows("af1"), MOVING, more), "rest 60");
  assert.equal(planned(rows("af1", 8), MOVING, more), "af1", "it will be done by then");
  const soon = standings({ a: { ...IN_DEBT, untilCreditMs: 20 }, b: { nextFrame } });
  assert.equal(planned(rows("af1"), MOVING, soon), "rest 20", "until it has credit itself");
  const both = standings({ a: IN_DEBT, b: { ...IN_DEBT, nextFrame } });
  assert.equal(planned(rows("af1"), MOVING, both), "af1", "that frame would have to wait as well");
});

Deno.test("G5: pictures of accounts in debt wait for their turn", () => {
  const debt = standings({ a: { ...IN_DEBT, pictureMs: 200 } });
  assert.deepEqual(planPictures(["a", "b"], new Set(["b"]), debt), { send: ["b"], restMs: 500 });
  assert.deepEqual(planPictures(["a"], new Set(), debt), { send: ["a"], restMs: Infinity });
  const due = standings({ a: { ...IN_DEBT, pictureMs: 200 }, b: { nextFrame: { inMs: 50, untilMs: 120 } } });
  assert.deepEqual(planPictures(["a"], new Set(), due), { send: [], restMs: 120 });
});
