import assert from "node:assert/strict";
import { MAX_CLIPS } from "../../shared/limits.ts";
import { uploadOf } from "./testing/small_clip.ts";
import { ageOut, couldFit, makeRoom, sharesOf, sizeOf, usageOf } from "./clip_retention.ts";
import type { ClipRow } from "./clip_store.ts";

const LIMITS = { clip: 100, trash: 50, upload: 80 };

/** A clip of one block of media, one of thumbnail, and its row: 9,216 bytes. */
function row(id: string, some: Partial<ClipRow> = {}): ClipRow {
  const { thumbnail, ...facts } = uploadOf({ bytes: 40 });
  return {
    ...facts,
    ...{ id, token: "t", received: 40, thumbnailBytes: thumbnail.byteLength, done: true, pinned: false },
    ...{ addedMs: 0, addedUpMs: 100, touchedUpMs: 100, removedMs: null, removedUpMs: null, byAge: false },
    ...some,
  };
}

const SIZE = 9_216;

/** A bound that leaves `bytes` for clips. */
const boundFor = (bytes: number) => Math.ceil(bytes / 0.9);

Deno.test("ageOut() puts old clips into the trash and erases what lay there for long, and uploads that stand still", () => {
  const rows = [
    row("young"),
    row("old", { addedUpMs: 99 }),
    row("pinned", { addedUpMs: 0, pinned: true }),
    row("deleted", { removedUpMs: 49 }),
    row("pinned, deleted", { removedUpMs: 49, pinned: true }),
    row("just deleted", { removedUpMs: 50, addedUpMs: 0 }),
    row("still", { done: false, touchedUpMs: 79 }),
    row("moving", { done: false, touchedUpMs: 80, addedUpMs: 0 }),
  ];
  assert.deepEqual(ageOut(rows, LIMITS), {
    trashed: ["old"],
    erased: ["deleted", "pinned, deleted", "still"],
  });
});

Deno.test("ageOut() with no stamp that is old takes nothing", () => {
  const never = { clip: -Infinity, trash: -Infinity, upload: -Infinity };
  assert.deepEqual(ageOut([row("a", { addedUpMs: -1e12 }), row("b", { removedUpMs: -1e12 })], never), {
    trashed: [],
    erased: [],
  });
});

Deno.test("makeRoom() takes the trash first, then uploads that stand still, then the oldest clips", () => {
  const rows = [
    row("newer", { addedUpMs: 3 }),
    row("oldest", { addedUpMs: 1 }),
    row("idle", { done: false, touchedUpMs: 9 }),
    row("moving", { done: false, touchedUpMs: 10 }),
    row("deleted last", { removedUpMs: 6, addedUpMs: 0 }),
    row("deleted first", { removedUpMs: 5, addedUpMs: 4 }),
    row("pinned", { pinned: true, addedUpMs: 0 }),
  ];
  const maxBytes = boundFor(rows.length * SIZE);
  const taken = (bytes: number) => makeRoom(rows, { id: "new", bytes, maxBytes, idleUpMs: 10 });
  assert.deepEqual(taken(0), { fits: true, erased: [] });
  assert.deepEqual(taken(1).erased, ["deleted first"]);
  assert.deepEqual(taken(SIZE + 1).erased, ["deleted first", "deleted last"]);
  assert.deepEqual(taken(3 * SIZE).erased, ["deleted first", "deleted last", "idle"]);
  assert.deepEqual(taken(5 * SIZE).erased, ["deleted first", "deleted last", "idle", "oldest", "newer"]);
  assert.deepEqual(taken(5 * SIZE + 1), { fits: false, erased: [] });
});

Deno.test("makeRoom() never erases the upload that the room is for", () => {
  const rows = [row("own", { done: false, touchedUpMs: 0 })];
  assert.deepEqual(makeRoom(rows, { id: "own", bytes: SIZE, maxBytes: boundFor(SIZE), idleUpMs: 10 }), {
    fits: false,
    erased: [],
  });
});

Deno.test("makeRoom() bounds the number of clips too", () => {
  const rows = Array.from({ length: MAX_CLIPS }, (_, index) => row(String(index), { addedUpMs: index }));
  const parts = { bytes: 0, maxBytes: 1e12, idleUpMs: 0 };
  assert.deepEqual(makeRoom(rows, { ...parts, id: "0" }).erased, []);
  assert.deepEqual(makeRoom(rows, { ...parts, id: "new" }).erased, ["0"]);
});

Deno.test("sizes count blocks of media, sidecar and thumbnail, and the row; announced uploads are counted apart", () => {
  const facts = { bytes: 5_000, sidecarBytes: 10, thumbnailBytes: 9_000 };
  const announced = row("announced", { ...facts, done: false, received: 0 });
  assert.equal(sizeOf(announced), 3 * 4_096 + 1_024);
  assert.equal(sizeOf(announced, 4_096), 4 * 4_096 + 1_024);
  assert.equal(sizeOf(announced, 5_010), 6 * 4_096 + 1_024);
  assert.deepEqual(usageOf([announced, row("clip")]), { clips: SIZE, announced: 3 * 4_096 + 1_024 });
  assert.deepEqual(sharesOf(20_000_000), { clips: 18_000_000, announced: 1_000_000 });
  assert.deepEqual(sharesOf(4e9), { clips: 3.99e9, announced: 5e6 });
});

Deno.test("couldFit() asks whether pinned clips alone leave room", () => {
  const maxBytes = boundFor(2 * SIZE);
  const announced = row("announced", { done: false, received: 0 });
  const pinned = row("pinned", { pinned: true });
  assert.equal(couldFit([row("loose"), pinned, announced], announced, maxBytes), true);
  assert.equal(couldFit([pinned, pinned], announced, maxBytes), false);
});
