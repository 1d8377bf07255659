/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { mapOf as cellMap, resultOf, SEEN } from "../../film/testing/seen_frames.ts";
import { cellMapOf, mapOf } from "./moment_map.ts";
import type { PictureRequest } from "./picture_messages.ts";
import { EMPTY_RING, follow, type Ring } from "./ring.ts";
import { StreamRecorder } from "./stream_recorder.ts";

/** A recorder with the ring that it fills. */
function recording() {
  const state: { ring: Ring; rests: boolean } = { ring: EMPTY_RING, rests: false };
  const encoded: PictureRequest[] = [];
  const recorder = new StreamRecorder({
    at: (pageMs) => pageMs,
    rests: () => state.rests,
    seen: () => SEEN,
    input: () => ({ width: 2, height: 1 }),
    take: (event) => state.ring = follow(state.ring, event),
    encode: (request) => void encoded.push(request),
  });
  recorder.connected();
  const send = (frame: number, capturedMs: number) =>
    recorder.sent(frame, capturedMs, { format: "rgb", picture: new Uint8Array(6) });
  return { state, encoded, recorder, send };
}

Deno.test("a moment is a frame that was answered; at most ten a second are remembered", () => {
  const { state, encoded, recorder, send } = recording();
  for (let frame = 1; frame <= 7; frame++) send(frame, frame * 40);
  recorder.result(resultOf(1, "cup"));
  recorder.result(resultOf(2, "cup"));
  recorder.result(resultOf(4, "cup"));
  recorder.explained(2, cellMap(2));
  recorder.explained(4, cellMap(4));
  // The third one of them was never answered.
  assert.deepEqual(state.ring.moments.map(({ name, atMs }) => [name.frame, atMs]), [[1, 40], [4, 160]]);
  assert.deepEqual(encoded.map(({ id, width, height }) => [id, width, height]), [[0, 2, 1], [1, 2, 1]]);
  const [first, second] = state.ring.moments;
  assert.ok(first !== undefined && second !== undefined && second.map !== null);
  assert.deepEqual([...cellMapOf(second.map, second).values], [0, 4]);
  assert.equal(mapOf(state.ring.moments, first), first.map);
});

Deno.test("nothing is remembered while the timeline rests, nor is a frame of before another connection", () => {
  const { state, recorder, send } = recording();
  send(1, 100);
  state.rests = true;
  recorder.result(resultOf(1, "cup"));
  assert.equal(state.ring.moments.length, 0);
  state.rests = false;
  send(2, 300);
  recorder.disconnected();
  recorder.connected();
  recorder.result(resultOf(2, "cup"));
  assert.equal(state.ring.moments.length, 0);
  send(1, 600);
  recorder.result(resultOf(1, "cup"));
  assert.deepEqual(state.ring.moments.map(({ name }) => name), [{ connection: 2, frame: 1 }]);
});

Deno.test("a map lasts for the pictures right after it, of the same view and the same stream", () => {
  const { state, recorder, send } = recording();
  for (const [frame, atMs] of [[1, 100], [2, 3_000], [3, 5_000]] as const) {
    send(frame, atMs);
    recorder.result(resultOf(frame, "cup"));
    if (frame === 1) recorder.explained(frame, cellMap(frame));
  }
  const [first, second, third] = state.ring.moments;
  assert.ok(first !== undefined && second !== undefined && third !== undefined);
  assert.deepEqual([second, third].map((one) => mapOf(state.ring.moments, one) === first.map), [true, false]);
  const other = { ...second, seen: { ...SEEN, view: { ...SEEN.view, revision: 2 } } };
  assert.equal(mapOf([first, other], other), null);
});
