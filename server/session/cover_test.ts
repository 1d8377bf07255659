import assert from "node:assert/strict";
import { COVER_CELLS, coverOf } from "../../shared/cover.ts";
import type { Result, ServerMessage } from "../../shared/protocol.ts";
import { MAX_FLIP_ROWS } from "../methods/mod.ts";
import { brief, Driver, keyOf, MODEL, servedModel, VIEW } from "./testing/driver.ts";
import type { Effect } from "./state.ts";

const COVER = coverOf(Uint8Array.from({ length: COVER_CELLS }, (_, cell) => cell < 100 ? 1 : 0), "grey");
const OTHER = { ...COVER, fill: "black" } as const;

function say(driver: Driver, more: object): readonly Effect[] {
  return driver.text(JSON.stringify({ type: "view", view: { ...VIEW, ...more } }));
}

function sent<Type extends ServerMessage["type"]>(effects: readonly Effect[], type: Type) {
  for (const effect of effects) {
    if (effect.kind === "send" && effect.message.type === type) {
      return effect.message as Extract<ServerMessage, { type: Type }>;
    }
  }
  return assert.fail(`no ${type} was sent`);
}

Deno.test("U1: a view and a pane echo their covers, and frames are explained under them", () => {
  const driver = Driver.greeted();
  driver.frame(1);
  const effects = say(driver, { revision: 2, cover: COVER });
  assert.deepEqual(sent(effects, "view").cover, COVER);
  assert.equal(sent(effects, "view").notes, undefined);
  const explained = effects.flatMap((effect) => effect.kind === "explain" ? effect.requests : []);
  assert.deepEqual(explained.map(({ cover }) => cover), [COVER]);
  const pane = driver.text(JSON.stringify({ type: "panes", panes: [{ ...VIEW, id: 1, cover: OTHER }] }));
  assert.deepEqual(sent(pane, "pane").cover, OTHER);
});

Deno.test("U1: a cover of nothing is none; of one of everything the view's notes say so", () => {
  const driver = Driver.greeted();
  const nothing = coverOf(new Uint8Array(COVER_CELLS), "grey");
  assert.equal(sent(say(driver, { revision: 2, cover: nothing }), "view").cover, undefined);
  const everything = coverOf(new Uint8Array(COVER_CELLS).fill(1), "neighbour");
  const view = sent(say(driver, { revision: 3, cover: everything }), "view");
  assert.deepEqual(view.cover, everything);
  assert.match(view.notes?.join() ?? "", /Everything is covered/);
});

Deno.test("U1: a cover that does not fit is answered with message-shape, and the view before continues", () => {
  const driver = Driver.greeted();
  for (const cover of [{ ...COVER, fill: "pink" }, { ...COVER, cells: COVER.cells.slice(4) }, "all", null]) {
    assert.deepEqual(brief(say(driver, { revision: 2, cover })), ["error:message-shape"]);
  }
  assert.equal(driver.live.request.revision, 1);
});

Deno.test("U3: a new cover begins the ranking again; the same one and a method do not", () => {
  const driver = Driver.greeted();
  driver.frame(1);
  driver.ranking(1);
  assert.notEqual(driver.live.ranking, null);
  say(driver, { revision: 2, method: "saliency" });
  assert.notEqual(driver.live.ranking, null);
  say(driver, { revision: 3, cover: COVER });
  assert.equal(driver.live.ranking, null);
  // The numbers of what is covered show at once, though the frame moves.
  const { ranking } = sent(driver.ranking(1, 3, new Float32Array([0, 9, 0])), "result");
  assert.equal(ranking.rows[0]?.index, 1);
  assert.ok((ranking.rows[0]?.probability ?? 0) > 0.99);
});

Deno.test("U3, X7: a pane whose cover is another than the view's has its own predictions", () => {
  const driver = Driver.greeted();
  driver.frame(1);
  driver.text(JSON.stringify({ type: "panes", panes: [{ ...VIEW, id: 1, cover: COVER }] }));
  const logits = new Float32Array([1, 5, 2]);
  const work = driver.live.current ?? assert.fail("no frame");
  const ranked = () => driver.take({ kind: "pane-ranking", work, pane: 1, revision: VIEW.revision, logits });
  assert.equal(sent(ranked(), "pane-result").predictions[0]?.index, 1);
  say(driver, { revision: 2, cover: COVER });
  assert.deepEqual(brief(ranked()), []);
});

Deno.test("U4: a result has what the frame is without the cover: the classes of the list and its own first three", () => {
  const driver = Driver.greeted();
  driver.frame(1);
  say(driver, { revision: 2, cover: COVER });
  const result = (whole?: Float32Array): Result =>
    sent(
      driver.take({
        kind: "ranking",
        key: keyOf(1),
        revision: 2,
        logits: new Float32Array([3, 1, 2]),
        whole,
        times: { startedMs: 0, computeMs: 5 },
      }),
      "result",
    );
  const { whole } = result(new Float32Array([1, 4, 2]));
  assert.deepEqual(whole?.map(({ index, logit }) => [index, logit]), [[1, 4], [2, 2], [0, 1]]);
  assert.ok(Math.abs((whole?.reduce((sum, { probability }) => sum + probability, 0) ?? 0) - 1) < 1e-6);
  assert.equal(result().whole, undefined);
});

Deno.test("U4: a moving picture's row without the cover counts for the frames of the next 250 ms", () => {
  const driver = Driver.greeted();
  const answer = (id: number, whole?: Float32Array, revision = 2) =>
    sent(
      driver.take({
        kind: "ranking",
        key: keyOf(id),
        revision,
        logits: new Float32Array([3, 1, 2]),
        whole,
        times: { startedMs: 0, computeMs: 5 },
      }),
      "result",
    ).whole?.map(({ index }) => index);
  const left = (id: number, still = false) =>
    driver.frame(id, { still }).flatMap((effect) =>
      effect.kind === "explain" ? [effect.work.withoutWhole] : []
    );
  // What is seen before anything is covered counts already.
  assert.deepEqual(left(1), [false]);
  assert.equal(answer(1, undefined, VIEW.revision), undefined);
  say(driver, { revision: 2, cover: COVER });
  assert.deepEqual(left(2), [true]);
  assert.deepEqual(answer(2), [0, 2, 1]);
  driver.nowMs += 250;
  assert.deepEqual(left(3), [false]);
  assert.deepEqual(answer(3, new Float32Array([1, 4, 2])), [1, 2, 0]);
  driver.nowMs += 249;
  assert.deepEqual(left(4), [true]);
  assert.deepEqual(answer(4), [1, 2, 0]);
  // A picture that stands still, and another source, have their own.
  assert.deepEqual(left(5, true), [false]);
});

function flip(driver: Driver, revision: number, on = true): readonly Effect[] {
  return driver.text(JSON.stringify({ type: "flip", revision, on, fill: "grey" }));
}

const FOUND = {
  classIndex: 2,
  layer: null,
  height: 32,
  width: 32,
  values: Float32Array.from({ length: COVER_CELLS }, (_, cell) => cell < 100 ? 1 : 0),
  samples: { count: 41, of: MAX_FLIP_ROWS, error: null },
};

Deno.test("U6: a search begins with the frame that is there or comes next, reports its rows, and then its region", () => {
  const driver = Driver.greeted();
  assert.deepEqual(brief(flip(driver, 5)), []);
  assert.ok(brief(driver.frame(1)).includes("search"));
  driver.frame(2);
  const progress = driver.take({ kind: "search-progress", revision: 5, rows: 7 });
  assert.deepEqual(sent(progress, "flip-progress"), {
    type: "flip-progress",
    revision: 5,
    rows: 7,
    most: MAX_FLIP_ROWS,
  });
  const [from, to] = [new Float32Array([5, 0, 0]), new Float32Array([0, 0, 3])];
  const result = sent(driver.take({ kind: "search-done", revision: 5, map: FOUND, from, to }), "flip-result");
  assert.deepEqual([result.frame, result.rows, result.cells], [1, 41, COVER.cells]);
  assert.deepEqual([result.from.label, result.to?.label], ["cat, house cat", "cup"]);
  assert.equal(driver.live.search, null);
});

Deno.test("U6: a search that finds nothing says so; one that cannot be finished says why", () => {
  const driver = Driver.greeted();
  driver.frame(1);
  flip(driver, 5);
  const map = { ...FOUND, silent: true } as const;
  const from = new Float32Array([5, 0, 0]);
  const result = sent(driver.take({ kind: "search-done", revision: 5, map, from, to: null }), "flip-result");
  assert.deepEqual([result.cells, result.to], [null, null]);
  flip(driver, 6);
  const failed = {
    kind: "search-failed",
    revision: 6,
    code: "engine-failed",
    message: "Cannot search",
  } as const;
  assert.equal(sent(driver.take(failed), "flip-failed").message, "Cannot search");
  // What is late means nothing.
  assert.deepEqual(driver.take(failed), []);
});

Deno.test("U6: a search ends when another one begins, when it is cancelled, and when its model is changed", () => {
  const driver = Driver.greeted();
  driver.frame(1);
  flip(driver, 5);
  assert.deepEqual(brief(flip(driver, 6)), ["end-search", "search"]);
  assert.deepEqual(driver.take({ kind: "search-progress", revision: 5, rows: 7 }), []);
  assert.deepEqual(brief(flip(driver, 6, false)), ["end-search"]);
  assert.deepEqual(brief(flip(driver, 6, false)), []);
  flip(driver, 7);
  const effects = driver.take({ kind: "model-exchanged", served: servedModel({ ...MODEL }) });
  assert.ok(brief(effects).includes("end-search"));
  assert.match(sent(effects, "flip-failed").message, /model was changed/);
  flip(driver, 8);
  assert.ok(brief(driver.take({ kind: "closed" })).includes("end-search"));
});
