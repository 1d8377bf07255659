/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { namedContent, type PaneContent } from "./pane_content.ts";
import { mapContent } from "./testing/map_content.ts";

const ORIGINAL: PaneContent = { kind: "original" };
const MAP: PaneContent = mapContent();

Deno.test("namedContent() keeps the classes of a pane by index and name", () => {
  const named = namedContent(
    { ...MAP, target: { kind: "class", index: 1 }, against: { kind: "class", index: 0 } },
    ["crane", "crane, bird"],
  );
  assert.deepEqual(named, {
    ...MAP,
    target: { kind: "label", label: "1:crane" },
    against: { kind: "label", label: "0:crane" },
  });
  assert.equal(namedContent(ORIGINAL, []), ORIGINAL);
});
