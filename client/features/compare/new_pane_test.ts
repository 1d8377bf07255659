/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import * as v from "valibot";
import { PaneListSchema } from "../../view/pane_content.ts";
import { NEW_PANES, newContent, type Shown } from "./new_pane.ts";
import { mapContent } from "../../view/testing/map_content.ts";

const MAP = mapContent({ target: { kind: "rank", rank: 2 } });
const SHOWN: Shown = {
  models: ["lite0", "lite1", "cats"],
  current: { model: "lite0", method: "grad-cam", target: { kind: "rank", rank: 1 } },
  methods: [
    { id: "feature-visualization", subject: "network" },
    { id: "grad-cam", subject: "picture" },
    { id: "occlusion", subject: "picture" },
  ],
  contents: [MAP],
};

Deno.test("newContent() begins with the next guess that no pane shows", () => {
  assert.deepEqual(newContent("class", SHOWN), { ...MAP, target: { kind: "rank", rank: 3 } });
  assert.deepEqual(newContent("class", { ...SHOWN, contents: [] }), MAP);
});

Deno.test("newContent() begins with the next method of pictures that no pane shows", () => {
  const other = newContent("method", SHOWN);
  assert.deepEqual(other, { ...MAP, method: "occlusion", target: { kind: "rank", rank: 1 } });
  const contents = [MAP, { ...MAP, method: "occlusion" }];
  const again = newContent("method", { ...SHOWN, contents });
  assert.deepEqual(again, { ...MAP, target: { kind: "rank", rank: 1 } });
});

Deno.test("newContent() begins with the next model that no pane shows, and takes the class along by its model", () => {
  const current = { ...SHOWN.current, target: { kind: "class", index: 7 } } as const;
  const target = { kind: "class", index: 7, model: "lite0" } as const;
  const first = newContent("model", { ...SHOWN, current });
  assert.deepEqual(first, { ...MAP, model: "lite1", target });
  const second = newContent("model", { ...SHOWN, current, contents: [first] });
  assert.deepEqual(second, { ...MAP, model: "cats", target });
});

Deno.test("newContent() fits what settings and links keep, whatever is added", () => {
  const contents = NEW_PANES.map(([what]) => newContent(what, SHOWN));
  assert.deepEqual(v.parse(PaneListSchema, contents), contents);
});
