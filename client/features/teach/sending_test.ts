/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { Sending } from "./sending.ts";

const blobs = (count: number) => Array.from({ length: count }, (_, at) => new Blob([`${at}`]));
const added = (classKey: string, count: number, hold = 1) => ({ classKey, hold, pictures: blobs(count) });

Deno.test("pictures go in order, one request at a time, those of a class together", async () => {
  const sent: string[] = [];
  const counts: number[] = [];
  const sending = new Sending({
    send({ classKey, hold, pictures }) {
      sent.push(`${classKey} ${hold}: ${pictures.length}`);
      return Promise.resolve();
    },
    onWaiting: (waiting) => counts.push(waiting.length),
    onProblem: () => assert.fail("nothing fails"),
  });
  sending.add(added("mug", 1));
  sending.add(added("mug", 11));
  sending.add(added("mug", 1, 2));
  sending.add(added("phone", 2, 3));
  assert.equal(sending.count, 15);
  await sending.done();
  assert.deepEqual(sent, ["mug 1: 1", "mug 1: 10", "mug 1: 1", "mug 2: 1", "phone 3: 2"]);
  assert.deepEqual(counts, [1, 12, 13, 15, 14, 4, 3, 2, 0]);
});

Deno.test("where the server refuses, nothing waits any more, the lost are counted and the next are sent", async () => {
  let refuse = true;
  const lost: number[] = [];
  const sending = new Sending({
    send: () => refuse ? Promise.reject(new TypeError("offline")) : Promise.resolve(),
    onWaiting: () => {},
    onProblem: (_error, count) => lost.push(count),
  });
  sending.add(added("mug", 13));
  await sending.done();
  assert.deepEqual(lost, [13]);
  refuse = false;
  sending.add(added("mug", 1));
  await sending.done();
  assert.deepEqual([lost, sending.count], [[13], 0]);
});
