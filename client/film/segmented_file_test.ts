/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { SEGMENT_BYTES, SegmentedFile, type SegmentStore } from "./segmented_file.ts";

const bytes = (length: number, value: number) => new Uint8Array(length).fill(value);

/** A store that takes `room` segments. */
function store(room: number): SegmentStore & { readonly kept: Blob[] } {
  const kept: Blob[] = [];
  return {
    kept,
    put(pieces) {
      if (kept.length >= room) return Promise.reject(new DOMException("full", "QuotaExceededError"));
      const segment = new Blob([...pieces]);
      kept.push(segment);
      return Promise.resolve(segment);
    },
    remove: () => Promise.resolve(),
  };
}

Deno.test("SegmentedFile hands full segments to its store and puts them together in order", async () => {
  const kept = store(9);
  const file = new SegmentedFile(kept, () => assert.fail("nothing is full"));
  for (let part = 0; part < 5; part++) {
    await file.write({ data: bytes(SEGMENT_BYTES / 2, part), position: file.size });
  }
  assert.equal(kept.kept.length, 2);
  assert.equal(file.size, 2.5 * SEGMENT_BYTES);
  const whole = await file.finish("video/mp4").bytes();
  assert.deepEqual([0, 1, 2, 3, 4].map((part) => whole[part * SEGMENT_BYTES / 2]), [0, 1, 2, 3, 4]);
});

Deno.test("SegmentedFile writes over what is there, in memory and in its store, and beyond its end", async () => {
  const file = new SegmentedFile(store(9), () => {});
  await file.write({ data: bytes(SEGMENT_BYTES, 1), position: 0 });
  await file.write({ data: bytes(10, 2), position: SEGMENT_BYTES });
  await file.write({ data: bytes(4, 7), position: 8 });
  await file.write({ data: bytes(4, 8), position: 10 });
  await file.write({ data: bytes(6, 9), position: SEGMENT_BYTES + 8 });
  const whole = await file.finish("video/mp4").bytes();
  assert.deepEqual([...whole.subarray(7, 15)], [1, 7, 7, 8, 8, 8, 8, 1]);
  assert.deepEqual([...whole.subarray(SEGMENT_BYTES + 6)], [2, 2, 9, 9, 9, 9, 9, 9]);
});

Deno.test("SegmentedFile keeps in memory what a full store does not take, and says so once", async () => {
  let full = 0;
  const file = new SegmentedFile(store(1), () => full++);
  for (let part = 0; part < 4; part++) {
    await file.write({ data: bytes(SEGMENT_BYTES, part), position: file.size });
  }
  assert.equal(full, 1);
  const whole = await file.finish("video/webm").bytes();
  assert.deepEqual([0, 1, 2, 3].map((part) => whole[part * SEGMENT_BYTES]), [0, 1, 2, 3]);
});

Deno.test("SegmentedFile leaves no gap, and does not keep the caller's buffer", async () => {
  const file = new SegmentedFile(store(1), () => {});
  const data = bytes(4, 1);
  await file.write({ data, position: 0 });
  data.fill(9);
  await assert.rejects(file.write({ data, position: 5 }), /expected a position up to 4, got 5/);
  assert.deepEqual([...await file.finish("video/mp4").bytes()], [1, 1, 1, 1]);
});
