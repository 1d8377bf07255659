/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { type StageFacts, stageNotes } from "./stage_notes.ts";

const LIVE: StageFacts = {
  connection: { phase: "live", attempt: 0, sinceMs: 0, told: null },
  frozen: false,
  covered: false,
  mapHidden: false,
  animated: false,
  logging: false,
  watchers: null,
  status: { kind: "live" },
  target: "espresso",
};

const notes = (facts: Partial<StageFacts>) =>
  stageNotes({ ...LIVE, ...facts }).map(({ kind, words }) => `${kind}: ${words}`);

Deno.test("stageNotes() says nothing while the map follows the picture", () => {
  assert.deepEqual(stageNotes(LIVE), []);
});

Deno.test("stageNotes() lists in order what is not as usual", () => {
  assert.deepEqual(
    notes({ frozen: true, mapHidden: true, animated: true, logging: true, watchers: 0 }),
    ["frozen: Frozen", "map-hidden: Heatmap hidden", "animated: Still of an animation"].concat(
      ["logging: Writing a log", "watchers: 0"],
    ),
  );
  assert.deepEqual(notes({ covered: true }), ["covered: Partly covered"]);
  assert.deepEqual(notes({ covered: "all" }), ["covered: Everything is covered"]);
});

Deno.test("stageNotes() says why the connection ended, rests, or found the server busy, and no other setback", () => {
  const busy = { kind: "busy", words: "Eight people look already." } as const;
  const waiting = { phase: "waiting", attempt: 1, retryAtMs: 9 } as const;
  assert.deepEqual(notes({ connection: { phase: "ended", words: "Reload." } }), ["connection: Reload."]);
  assert.deepEqual(notes({ connection: { phase: "resting", words: "Paused." } }), ["connection: Paused."]);
  assert.deepEqual(notes({ connection: { ...waiting, after: busy } }), [`connection: ${busy.words}`]);
  assert.deepEqual(notes({ connection: { ...waiting, after: { kind: "offline", words: "No." } } }), []);
});

Deno.test("stageNotes() says when the map is older than the picture, has no clear place, or no evidence", () => {
  assert.deepEqual(notes({ status: { kind: "stale", ageMs: 2_000 } }), [
    "map: Stale: the map is older than the picture",
  ]);
  assert.deepEqual(notes({ status: { kind: "unclear", clarity: "everywhere", still: true } }), [
    "map: No clear place",
  ]);
  assert.deepEqual(notes({ status: { kind: "empty" } }), ["map: No evidence for espresso"]);
  assert.deepEqual(notes({ status: { kind: "empty" }, target: null }), []);
});
