import assert from "node:assert/strict";
import { CLIP_UNDO_MS } from "../../shared/clips.ts";
import { MAX_CLIP_UPLOAD_MS } from "../../shared/limits.ts";
import { uploadOf } from "./_clip_testing.ts";
import { retain } from "./clip_retention.ts";
import type { ClipRow } from "./clip_store.ts";

const NOW_MS = 1e12;
const BOUNDS = { maxBytes: 100, maxAgeMs: 50_000_000 };

function row(id: string, some: Partial<ClipRow> = {}): ClipRow {
  const { thumbnail: _, ...facts } = uploadOf({ bytes: 40 });
  const times = { addedMs: NOW_MS, touchedMs: NOW_MS, removedMs: null };
  return { ...facts, ...times, id, token: "t", received: 40, done: true, pinned: false, ...some };
}

Deno.test("retain() takes what is past its time: old clips, deleted clips, uploads that stand still", () => {
  const rows = [
    row("young"),
    row("old", { addedMs: NOW_MS - BOUNDS.maxAgeMs - 1 }),
    row("pinned", { addedMs: 0, pinned: true }),
    row("deleted", { removedMs: NOW_MS - CLIP_UNDO_MS - 1 }),
    row("just deleted", { removedMs: NOW_MS - CLIP_UNDO_MS }),
    row("still", { done: false, touchedMs: NOW_MS - MAX_CLIP_UPLOAD_MS - 1 }),
    row("moving", { done: false, addedMs: 0 }),
  ];
  const { leave, fits } = retain(rows, { ...BOUNDS, maxBytes: 1e9 }, NOW_MS);
  assert.deepEqual(leave, ["old", "deleted", "still"]);
  assert.ok(fits);
});

Deno.test("retain() makes room: deleted clips first, then the oldest", () => {
  const rows = [
    row("new"),
    row("older", { addedMs: NOW_MS - 1 }),
    row("deleted", { removedMs: NOW_MS, addedMs: NOW_MS + 1 }),
  ];
  assert.deepEqual(retain(rows, BOUNDS, NOW_MS).leave, ["deleted"]);
  assert.deepEqual(retain(rows, BOUNDS, NOW_MS, 40), { leave: ["deleted", "older"], fits: true });
});

Deno.test("retain() never takes a pinned clip or an upload, and nobody's place for what cannot fit", () => {
  const rows = [
    row("pinned", { pinned: true, addedMs: 0 }),
    row("loose"),
    row("upload", { done: false, received: 0 }),
  ];
  assert.deepEqual(retain(rows, BOUNDS, NOW_MS), { leave: ["loose"], fits: true });
  assert.deepEqual(retain(rows, BOUNDS, NOW_MS, 30), { leave: [], fits: false });
  assert.deepEqual(retain([row("deleted pinned", { pinned: true, removedMs: NOW_MS })], BOUNDS, NOW_MS, 70), {
    leave: [],
    fits: false,
  });
});
