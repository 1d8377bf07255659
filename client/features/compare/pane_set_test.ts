/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import * as v from "valibot";
import { MAX_PANES } from "../../../shared/limits.ts";
import { PaneSchema } from "../../../shared/protocol.ts";
import {
  asked,
  firstPanes,
  NO_PANES,
  type PaneEvent,
  panesAfter,
  type PaneSet,
  targetWords,
} from "./pane_set.ts";
import { type PaneContent, PaneListSchema } from "../../view/pane_content.ts";
import { mapContent } from "../../view/testing/map_content.ts";

const ORIGINAL: PaneContent = { kind: "original" };
const MAP: PaneContent = mapContent();

function after(...events: readonly PaneEvent[]): PaneSet {
  return events.reduce(panesAfter, NO_PANES);
}

function ids({ panes }: PaneSet): readonly number[] {
  return panes.map(({ id }) => id);
}

const added = (content: PaneContent = MAP) => ({ kind: "added", content } as const);

Deno.test("panesAfter() gives every pane the lowest free id and a revision of its own, up to five", () => {
  const set = after(...Array.from({ length: MAX_PANES + 1 }, () => added()));
  assert.deepEqual(ids(set), [1, 2, 3, 4, 5]);
  assert.deepEqual(set.panes.map(({ revision }) => revision), [1, 2, 3, 4, 5]);
  const again = panesAfter(panesAfter(set, { kind: "removed", id: 2 }), added());
  assert.deepEqual(ids(again), [1, 3, 4, 5, 2]);
  assert.equal(again.panes.at(-1)?.revision, 6);
});

Deno.test("panesAfter() moves a pane within the row and not beyond its ends", () => {
  const set = after(added(), added(), added());
  assert.deepEqual(ids(panesAfter(set, { kind: "moved", id: 1, by: 1 })), [2, 1, 3]);
  assert.deepEqual(ids(panesAfter(set, { kind: "moved", id: 3, by: -9 })), [3, 1, 2]);
  assert.deepEqual(ids(panesAfter(set, { kind: "moved", id: 3, by: 1 })), [1, 2, 3]);
  assert.deepEqual(ids(panesAfter(set, { kind: "moved", id: 9, by: 1 })), [1, 2, 3]);
});

Deno.test("panesAfter() keeps a refusal with the revision that it answers, until the pane is changed", () => {
  const refused = { kind: "refused", id: 1, revision: 1, words: "no such layer" } as const;
  const set = after(added(), refused);
  assert.equal(set.panes[0]?.refused, "no such layer");
  const changed = panesAfter(set, { kind: "changed", id: 1, content: ORIGINAL });
  assert.deepEqual(changed.panes, [{ id: 1, revision: 2, content: ORIGINAL, refused: null }]);
  assert.equal(panesAfter(changed, refused).panes[0]?.refused, null);
});

Deno.test("asked() names the maps alone, in what the wire takes", () => {
  const against = { kind: "class", index: 4 } as const;
  const set = after(added(ORIGINAL), added({ ...MAP, against, layer: "conv" }), added());
  const panes = asked(set);
  assert.deepEqual(panes.map(({ id }) => id), [2, 3]);
  for (const pane of panes) v.parse(PaneSchema, pane);
  assert.deepEqual([panes[0]?.against, panes[0]?.layer, panes[1]?.against, panes[1]?.layer], [
    against,
    "conv",
    undefined,
    undefined,
  ]);
});

Deno.test("panesAfter() takes a whole list with new revisions; a first comparison fits the schema", () => {
  const set = after(added(), { kind: "set", contents: firstPanes("grad-cam") });
  assert.deepEqual(set.panes.map(({ revision }) => revision), [2, 3, 4]);
  assert.deepEqual(v.parse(PaneListSchema, set.panes.map(({ content }) => content)), firstPanes("grad-cam"));
});

Deno.test("targetWords() names ranks and classes", () => {
  const words = (target: Parameters<typeof targetWords>[0]) =>
    targetWords(target, (index) => `class ${index}`);
  assert.equal(words({ kind: "rank", rank: 1 }), "first guess");
  assert.equal(words({ kind: "rank", rank: 3 }), "guess 3");
  assert.equal(words({ kind: "class", index: 7 }), "class 7");
  assert.equal(words({ kind: "label", label: "cup" }), "cup");
  assert.equal(words({ kind: "label", label: "517:crane" }), "crane");
});

Deno.test("P2: panesAfter() takes the classes that the server made of a pane's words, and asks for nothing again", () => {
  const target = { kind: "class", index: 517 } as const;
  const set = after(added({ ...MAP, target: { kind: "label", label: "517:crane" } }));
  const known = panesAfter(set, { kind: "accepted", id: 1, revision: 1, target, against: null });
  assert.deepEqual(known.panes, [{ id: 1, revision: 1, content: { ...MAP, target }, refused: null }]);
  assert.equal(known.lastRevision, set.lastRevision);
  const late = panesAfter(set, { kind: "accepted", id: 1, revision: 0, target, against: null });
  assert.deepEqual(late.panes, set.panes);
});

Deno.test("panesAfter() asks another connection for the classes of before by their names, and keeps the revisions", () => {
  const set = after(added({ ...MAP, target: { kind: "class", index: 1 } }));
  const { panes: [pane] } = panesAfter(set, { kind: "connected", labels: ["cup", "crane"] });
  assert.equal(pane?.revision, 1);
  assert.deepEqual(pane?.content, { ...MAP, target: { kind: "label", label: "1:crane" } });
});

Deno.test("X2: asked() names the pane's model, or that of the main pane", () => {
  const set = after({ kind: "added", content: MAP }, { kind: "added", content: { ...MAP, model: "lite1" } });
  assert.deepEqual(asked(set, { model: "lite0" }).map(({ model }) => model), ["lite0", "lite1"]);
});

Deno.test("panesAfter() takes panes without a model of their own along, their classes by the model before", () => {
  const locked: PaneContent = { ...MAP, target: { kind: "class", index: 7 }, layer: "block3" };
  const own: PaneContent = { ...locked, model: "lite1" };
  const before = after({ kind: "added", content: locked }, { kind: "added", content: own });
  const [moved, stays] = panesAfter(before, { kind: "main-model", before: "lite0" }).panes;
  assert.deepEqual(moved?.content, {
    ...MAP,
    target: { kind: "class", index: 7, model: "lite0" },
    layer: null,
  });
  assert.ok((moved?.revision ?? 0) > 2);
  assert.deepEqual(stays, before.panes[1]);
});
