/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import type { TaughtPicture } from "./server.ts";
import {
  firstLearned,
  NOT_ASKED,
  type OpenCollection,
  picturesFit,
  reviewed,
  shownWarnings,
  type TeachEvent,
  teaching,
  type TeachState,
} from "./teach_state.ts";
import { taughtState } from "./testing/taught_state.ts";

const LIST = { taught: [], usedBytes: 0, maxBytes: 1 };
const STATE = taughtState({ counts: { mug: 2, phone: 1 }, state: "waiting" });

const picture = (id: number, key: string, said: string | null = null): TaughtPicture => ({
  id,
  class: key,
  hold: 1,
  said,
  probability: null,
});

function after(...events: readonly TeachEvent[]): TeachState {
  return events.reduce(teaching, NOT_ASKED);
}

function opened(...events: readonly TeachEvent[]): OpenCollection {
  const state = after(
    { kind: "listed", list: LIST },
    { kind: "opened", id: "taught" },
    { kind: "state", taught: STATE },
    ...events,
  );
  if (state.kind !== "open") throw new TypeError("nothing is open");
  return state.open;
}

Deno.test("news of another collection, and of none, change nothing", () => {
  assert.deepEqual(after({ kind: "state", taught: STATE }), NOT_ASKED);
  assert.equal(opened({ kind: "state", taught: { ...STATE, id: "other", name: "other" } }).taught, STATE);
  assert.deepEqual(
    after({ kind: "opened", id: "taught" }),
    NOT_ASKED,
    "nothing is opened before the list is known",
  );
});

Deno.test("the class without pictures is chosen first, and the chosen one while it is there", () => {
  const empty = taughtState({ counts: { mug: 2, phone: 0 }, state: "waiting" });
  assert.equal(opened().chosen, "c1");
  const chosen = opened({ kind: "chosen", classKey: "c2" }, { kind: "state", taught: empty });
  assert.equal(chosen.chosen, "c2");
  const gone = { ...empty, classes: empty.classes.slice(0, 1) };
  assert.equal(opened({ kind: "held", classKey: "c2" }, { kind: "state", taught: gone }).chosen, "c1");
});

Deno.test("a problem is shown until the next state", () => {
  assert.equal(opened({ kind: "problem", words: "offline" }).problem, "offline");
  assert.equal(opened({ kind: "problem", words: "offline" }, { kind: "state", taught: STATE }).problem, null);
});

Deno.test("pictures that are added here are known once, and fit when each class has as many as the server says", () => {
  const added = { kind: "added", classKey: "c1", hold: 1, ids: [1, 2] } as const;
  const some = opened(added, added);
  assert.deepEqual(some.pictures.map(({ id }) => id), [1, 2]);
  assert.equal(picturesFit(some), false);
  assert.equal(picturesFit(opened(added, { ...added, classKey: "c2", ids: [3] })), true);
});

Deno.test("a review shows the pictures of its class, its cell or its warning", () => {
  const open = opened({
    kind: "pictures",
    pictures: [picture(1, "c1", "c1"), picture(2, "c1", "c2"), picture(3, "c2", "c2")],
  });
  const ids = (review: Parameters<typeof reviewed>[1]) => reviewed(open, review).map(({ id }) => id);
  assert.deepEqual(ids({ kind: "class", classKey: "c1" }), [1, 2]);
  assert.deepEqual(ids({ kind: "cell", classKey: "c1", said: "c2" }), [2]);
  assert.deepEqual(ids({ kind: "warning", words: "", pictures: [3, 1, 9] }), [1, 3]);
});

Deno.test("a class that is gone takes its review and its box with it, another part closes both", () => {
  const gone = { ...STATE, classes: STATE.classes.slice(1) };
  const review = { kind: "review", review: { kind: "class", classKey: "c1" } } as const;
  assert.equal(opened(review, { kind: "state", taught: gone }).review, null);
  assert.equal(opened({ kind: "boxing", classKey: "c1" }, { kind: "state", taught: gone }).boxing, null);
  assert.equal(opened(review, { kind: "part", part: "why" }).review, null);
  assert.notEqual(opened(review, { kind: "state", taught: STATE }).review, null);
});

Deno.test("that an empty class is left out is no warning, that one has too few is", () => {
  const few = (key: string) => ({ kind: "few" as const, words: "", classes: [key], pictures: [] });
  const taught = {
    ...taughtState({ counts: { mug: 0, phone: 2 }, state: "waiting" }),
    warnings: [few("c1"), few("c2")],
  };
  assert.deepEqual(shownWarnings(taught), [few("c2")]);
});

Deno.test("a collection learns for the first time once", () => {
  const learned = { ...STATE, headRevision: 1 };
  assert.equal(firstLearned(STATE, learned), true);
  assert.equal(firstLearned(null, learned), false, "it was learned before it was opened");
  assert.equal(firstLearned(learned, { ...learned, headRevision: 2 }), false);
  assert.equal(firstLearned({ ...STATE, id: "other" }, learned), false);
});
