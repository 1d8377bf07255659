import assert from "node:assert/strict";
import type { Result } from "../../shared/protocol.ts";
import { type LogStore, MemoryLog } from "../store/mod.ts";
import { Diary } from "./diary.ts";
import { HELD_FRAMES } from "./spans.ts";

interface Scene {
  readonly log: MemoryLog;
  readonly diary: Diary;
  readonly logged: string[];
  readonly failures: string[];
  /** Frames of a label, 100 ms apart, with their maps. */
  see(label: string, frames: number, maps?: boolean): void;
  nowMs: number;
}

function makeScene(broken = false): Scene {
  const log = new MemoryLog({ maxAgeMs: 1e9, maxBytes: 1e9 });
  const store: Pick<LogStore, "append" | "amend"> = {
    append: (...all) => broken ? Promise.reject(new Error("disk full")) : Promise.resolve(log.append(...all)),
    amend: (...all) => Promise.resolve(log.amend(...all)),
  };
  const [logged, failures]: [string[], string[]] = [[], []];
  let frame = 0;
  const scene: Scene = {
    log,
    logged,
    failures,
    nowMs: 1_000,
    diary: new Diary({
      store,
      now: () => scene.nowMs,
      modelId: "tiny",
      modelHash: "abc",
      onLogged: (_id, label) => logged.push(label),
      onFailed: (message) => failures.push(message),
    }),
    see(label, frames, maps = true) {
      for (let i = 0; i < frames; i++) {
        frame++;
        scene.diary.frame(frame, "jpeg", Uint8Array.of(frame));
        scene.diary.result(resultOf(frame, label), "grad-cam");
        if (maps) scene.diary.map({ frame, mapHeight: 1, mapWidth: 2, values: Float32Array.of(0, frame) });
        scene.nowMs += 100;
      }
    },
  };
  return scene;
}

function resultOf(frame: number, label: string, unsure = false): Result {
  const prediction = { index: label.length, label, logit: 1, probability: 0.5 };
  return {
    type: "result",
    frame,
    revision: 1,
    times: { captured: 0, queued: 0, compute: 0, server: 0 },
    predictions: [prediction],
    ranking: { rows: [prediction], unsure },
    target: prediction,
    dropped: { superseded: 0, slow: 0 },
  };
}

Deno.test("Diary writes an entry once a label is held, with that frame's picture and the map of one", async () => {
  const { diary, log, see, logged } = makeScene();
  see("cup", HELD_FRAMES - 1);
  await diary.settled;
  assert.deepEqual(log.list({}, null, 9).entries, []);
  see("cup", 1);
  await diary.settled;
  const [entry] = log.list({}, null, 9).entries;
  assert.deepEqual([entry?.label, entry?.frames, entry?.startMs, entry?.modelHash], [
    "cup",
    HELD_FRAMES,
    1_000,
    "abc",
  ]);
  assert.deepEqual(entry?.map?.values, Int8Array.of(0, 127));
  assert.deepEqual(log.picture(entry?.id ?? 0)?.bytes, Uint8Array.of(HELD_FRAMES));
  assert.deepEqual(logged, ["cup"]);
});

Deno.test("L3: Diary writes nothing down while the network is not sure", async () => {
  const { diary, log } = makeScene();
  for (let frame = 1; frame <= 20; frame++) {
    diary.frame(frame, "jpeg", Uint8Array.of(frame));
    diary.result(resultOf(frame, "barbell", true), "grad-cam");
  }
  diary.end();
  await diary.settled;
  assert.equal(log.list({}, null, 9).total, 0);
});

Deno.test("Diary writes a growing span down every other second and when it ends", async () => {
  const { diary, log, see } = makeScene();
  const frames = () => log.list({}, null, 9).entries[0]?.frames;
  see("cup", HELD_FRAMES + 10);
  await diary.settled;
  assert.equal(frames(), HELD_FRAMES);
  see("cup", 10);
  await diary.settled;
  assert.ok((frames() ?? 0) > HELD_FRAMES + 10);
  diary.end();
  await diary.settled;
  assert.equal(frames(), HELD_FRAMES + 20);
});

Deno.test("Diary begins a new entry with the next label that is held", async () => {
  const { diary, log, see } = makeScene();
  see("cup", 10);
  see("espresso", 10);
  diary.end();
  await diary.settled;
  assert.deepEqual(log.list({}, null, 9).entries.map(({ label, frames }) => [label, frames]), [
    ["espresso", 10],
    ["cup", 10],
  ]);
});

Deno.test("Diary takes the map of a later frame, with that frame's picture", async () => {
  const { diary, log, see } = makeScene();
  see("cup", HELD_FRAMES, false);
  see("cup", 1);
  await diary.settled;
  assert.deepEqual(log.picture(1)?.bytes, Uint8Array.of(HELD_FRAMES + 1));
  assert.notEqual(log.list({}, null, 9).entries[0]?.map, null);
});

Deno.test("Diary says once that the store fails, and goes on without it", async () => {
  const { diary, see, failures, logged } = makeScene(true);
  see("cup", 20);
  see("espresso", 20);
  diary.end();
  await diary.settled;
  assert.deepEqual([failures, logged], [["disk full"], []]);
});

Deno.test("Diary does not count one frame twice: a held picture has a result for every change of the view", async () => {
  const { diary, log } = makeScene();
  for (let i = 0; i < 10; i++) diary.result(resultOf(1, "cup"), "grad-cam");
  await diary.settled;
  assert.equal(log.list({}, null, 9).total, 0);
});
