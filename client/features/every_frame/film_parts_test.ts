/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { type Chunk, decodeChunk, encodeChunk } from "./chunk_format.ts";
import { type Entry, filmFileName, isBusy, nextOf, timeLeft, withPhase } from "./entry_state.ts";
import { isFileOf, type Job, readJob } from "./job.ts";
import { doneWords, failureWords, howWords, isFull, phaseWords } from "./words.ts";

const CHUNK: Chunk = {
  row: {
    config: { codec: "avc1.42001f", codedWidth: 160, codedHeight: 120, description: "AAEC" },
    packets: [
      { key: true, seconds: 0, durationS: 0.04, data: Uint8Array.of(1, 2, 3) },
      { key: false, seconds: 0.04, durationS: 0.04, data: Uint8Array.of(4) },
    ],
  },
  entries: [
    { t: 0, view: 0, frame: 0, target: 3, predictions: [[3, 0.9]], scale: { low: 0, high: 2 }, map: null },
    { t: 0.04, view: 0, frame: 1, target: 3, predictions: [[3, 0.8]], scale: null, map: null },
  ],
  labels: [[3, "cup"]],
  scale: { low: 0, high: 2, atMs: 40, classIndex: 3, cells: 49 },
};

const JOB: Job = {
  gradcast: 1,
  id: "00000000-0000-4000-8000-000000000000",
  created: "2026-01-01T00:00:00.000Z",
  file: { name: "clip.mp4", size: 9, lastModified: 5 },
  view: { revision: 1, method: "grad-cam", target: { kind: "rank", rank: 1 }, options: {} },
  methodName: "Grad-CAM",
  modelName: "Lite0",
  model: null,
  signed: false,
  unit: "logits",
  network: false,
  grows: false,
  zero: "nothing",
  range: null,
  aspect: 1,
  sharedNames: [],
  input: { width: 224, height: 224 },
  colormap: "viridis",
  opacity: 0.7,
  targetName: null,
  choices: { caption: true, legend: true, classes: true, titleCard: false, chapters: true, portrait: false },
};

Deno.test("a stretch is read as it was written, and a damaged one is not", async () => {
  const file = encodeChunk(CHUNK);
  assert.deepEqual(await decodeChunk(file), CHUNK);
  await assert.rejects(decodeChunk(file.slice(0, file.size - 1)), RangeError);
});

Deno.test("a job is read as it was kept, and anything else is none", () => {
  assert.deepEqual(readJob(JSON.stringify(JOB)), JOB);
  assert.equal(readJob(JSON.stringify({ ...JOB, id: "../x" })), null);
  assert.equal(readJob("[]"), null);
  const file = new File([new Uint8Array(9)], "clip.mp4", { lastModified: 5 });
  assert.ok(isFileOf(JOB, file));
  assert.ok(!isFileOf(JOB, new File([new Uint8Array(8)], "clip.mp4", { lastModified: 5 })));
});

Deno.test("videos are made one after the other, in the order in which they came", () => {
  const entry = (id: string, phase: Entry["phase"]): Entry => ({ id, name: id, how: "", phase });
  const waiting: Entry[] = [
    entry("a", { kind: "failed", words: "no" }),
    entry("b", { kind: "waiting" }),
    entry("c", { kind: "waiting" }),
  ];
  assert.equal(nextOf(waiting)?.id, "b");
  const running = withPhase(waiting, "b", {
    kind: "running",
    progress: { done: 0, total: null },
    leftS: null,
  });
  assert.deepEqual([nextOf(running), running.filter(isBusy).map(({ id }) => id)], [null, ["b"]]);
});

Deno.test("timeLeft() goes by what this run has made", () => {
  assert.equal(timeLeft({ done: 102, total: 300 }, 100, 1_000), null);
  assert.equal(timeLeft({ done: 150, total: 300 }, 100, 10_000), 30);
  assert.equal(timeLeft({ done: 150, total: null }, 100, 10_000), null);
});

Deno.test("words say how far a film is, what is kept, and what to do", () => {
  const progress = { done: 128, total: 300 };
  assert.equal(phaseWords({ kind: "running", progress, leftS: 75 }), "128 of 300 frames, 42 %, 1:15 left");
  assert.equal(phaseWords({ kind: "paused", progress, why: null }), "Paused: 128 of 300 frames, 42 %");
  assert.match(phaseWords({ kind: "asleep" }), /choose the file again.*kept in this browser/);
  assert.equal(howWords(JOB), "Grad-CAM, the first class of each frame, Lite0");
  assert.equal(filmFileName("my.clip.mov", "mp4"), "my.clip explained.mp4");
  assert.ok(isFull(new DOMException("x", "QuotaExceededError")));
  assert.equal(
    doneWords({ frames: 1, sound: "copied", endsEarly: true }),
    "1 frame, with its sound. The video ends earlier than it says: it is damaged, or was cut off.",
  );
  assert.match(failureWords(new Error("no such class")), /could not be made: no such class/);
});
