/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { SEEN } from "../../film/testing/seen_frames.ts";
import { bytesOf, FACTS_BYTES, type Moment } from "./moment.ts";
import { EMPTY_RING, follow, MAX_BYTES, RECENT_MS, type Ring, SPAN_MS, STEP_MS } from "./ring.ts";
import { momentAt, row } from "./testing/moments.ts";

const MAP = {
  small: { height: 2, width: 3, scale: 1, values: new Int8Array(6) },
  classIndex: 7,
};

const seen = (ring: Ring, moment: Moment) => follow(ring, { kind: "seen", moment });

/** A ring of moments, each with a picture of some bytes. */
function filled(count: number, bytes: number, stepMs = STEP_MS): Ring {
  let ring = EMPTY_RING;
  for (let id = 0; id < count; id++) {
    ring = seen(ring, momentAt(id * stepMs, {}, id));
    ring = follow(ring, { kind: "pictured", id, picture: new Blob([new Uint8Array(bytes)]) });
    ring = follow(ring, { kind: "passed", nowMs: id * stepMs });
  }
  return ring;
}

const sum = ({ moments }: Ring) => moments.reduce((bytes, moment) => bytes + bytesOf(moment), 0);

Deno.test("the ring counts the bytes of facts, pictures and maps exactly", () => {
  let ring = seen(EMPTY_RING, momentAt(0, {}, 1));
  assert.equal(ring.bytes, FACTS_BYTES);
  ring = follow(ring, { kind: "pictured", id: 1, picture: new Blob([new Uint8Array(1_000)]) });
  assert.equal(ring.bytes, FACTS_BYTES + 1_000);
  ring = follow(ring, { kind: "explained", name: { connection: 1, frame: 1 }, map: MAP, seen: SEEN });
  assert.equal(ring.bytes, FACTS_BYTES + 1_006);
  // Another map takes the place of the first one.
  ring = follow(ring, { kind: "explained", name: { connection: 1, frame: 1 }, map: MAP, seen: SEEN });
  assert.equal(ring.bytes, FACTS_BYTES + 1_006);
});

Deno.test("the ring holds two minutes, and its memory is flat after them", () => {
  const ring = filled(3_000, 15_000);
  const first = ring.moments[0]?.atMs ?? NaN;
  const last = ring.moments.at(-1)?.atMs ?? NaN;
  assert.equal(last, 2_999 * STEP_MS);
  assert.ok(last - first <= SPAN_MS && last - first > SPAN_MS - 1_000, `${last - first} ms`);
  assert.equal(ring.bytes, sum(ring));
  const later = filled(3_200, 15_000);
  assert.ok(Math.abs(later.bytes - ring.bytes) <= 2 * 18_000, `${later.bytes} after ${ring.bytes}`);
  assert.ok(ring.bytes < MAX_BYTES / 3, `${ring.bytes} bytes`);
});

Deno.test("the ring thins out what is older than a clip, but for changes of class", () => {
  const ring = filled(600, 10);
  const nowMs = 599 * STEP_MS;
  const recent = ring.moments.filter(({ atMs }) => nowMs - atMs <= RECENT_MS);
  assert.equal(recent.length, RECENT_MS / STEP_MS + 1);
  const earlier = ring.moments.filter(({ atMs }) => nowMs - atMs > RECENT_MS);
  assert.equal(earlier.length, Math.ceil((600 - recent.length) / 4));
  let changing = EMPTY_RING;
  for (let id = 0; id < 600; id++) {
    const rows = id === 41 ? [row(8, "bowl", 0.9)] : [row(7, "cup", 0.9)];
    changing = seen(changing, momentAt(id * STEP_MS, { rows }, id));
  }
  changing = follow(changing, { kind: "passed", nowMs });
  assert.ok(changing.moments.some(({ id }) => id === 41), "the moment of the bowl stays");
});

Deno.test("the ring lets go of the oldest where pictures are large", () => {
  const ring = filled(120, 1_000_000, 1_000);
  assert.ok(ring.bytes <= MAX_BYTES);
  assert.equal(ring.bytes, sum(ring));
  assert.equal(ring.moments.length, Math.floor(MAX_BYTES / (1_000_000 + FACTS_BYTES)));
  assert.equal(ring.moments.at(-1)?.id, 119);
});

Deno.test("time alone empties the ring", () => {
  const ring = filled(10, 10);
  const after = follow(ring, { kind: "passed", nowMs: SPAN_MS + 500 });
  assert.deepEqual(after.moments.map(({ id }) => id), [5, 8]);
  assert.deepEqual(follow(after, { kind: "passed", nowMs: 2 * SPAN_MS }), { ...EMPTY_RING });
});

Deno.test("a picture that stands still holds until now, and leaves two minutes after that", () => {
  let ring = seen(EMPTY_RING, momentAt(0, {}, 1));
  ring = follow(ring, { kind: "held", nowMs: 150_000 });
  assert.equal(ring.moments[0]?.untilMs, 150_000);
  // What is broken off holds no longer.
  ring = follow(ring, { kind: "broken" });
  ring = follow(ring, { kind: "held", nowMs: 151_000 });
  assert.equal(ring.moments[0]?.untilMs, 150_000);
  assert.equal(seen(ring, momentAt(151_000, {}, 2)).moments[1]?.piece, 1);
});

Deno.test("several interruptions in a row begin one piece", () => {
  let ring = seen(EMPTY_RING, momentAt(0, {}, 1));
  for (let count = 0; count < 3; count++) ring = follow(ring, { kind: "broken" });
  assert.equal(ring.piece, 1);
});

Deno.test("a map belongs to its frame, or to the moment kept just before it", () => {
  let ring = seen(seen(EMPTY_RING, momentAt(0, {}, 1)), momentAt(100, {}, 4));
  const explain = (frame: number, connection = 1) =>
    follow(ring, { kind: "explained", name: { connection, frame }, map: MAP, seen: SEEN }).moments.map((
      { map },
    ) => map !== null);
  assert.deepEqual(explain(1), [true, false]);
  assert.deepEqual(explain(2), [true, false]);
  assert.deepEqual(explain(5), [false, true]);
  assert.deepEqual(explain(5, 2), [false, false]);
  ring = seen(ring, momentAt(2_000, {}, 9));
  assert.deepEqual(explain(2), [false, false, false]);
});

Deno.test("what is said once more of one frame has that frame's picture", () => {
  const picture = new Blob(["jpeg"]);
  let ring = follow(seen(EMPTY_RING, momentAt(0, {}, 1)), { kind: "pictured", id: 1, picture });
  ring = seen(ring, { ...momentAt(500, { model: "other" }, 2), name: { connection: 1, frame: 1 } });
  assert.equal(ring.moments[1]?.picture, picture);
});
