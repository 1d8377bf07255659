import assert from "node:assert/strict";
import type { Result } from "../../shared/protocol.ts";
import { GradcastError } from "../../shared/errors.ts";
import { MAX_LOG_ENTRIES_PER_HOUR, MAX_LOG_WAITING } from "../../shared/limits.ts";
import { MemoryLog } from "../store/testing/memory_log.ts";
import { LogBudget } from "./budget.ts";
import { DecisionLogWriter } from "./decision_log_writer.ts";
import { HELD_FRAMES } from "../../shared/spans.ts";

interface Scene {
  readonly log: MemoryLog;
  readonly writer: DecisionLogWriter;
  readonly logged: string[];
  readonly failures: string[];
  readonly leftOut: string[];
  /** What the next writes fail with; the last one fails for ever where it is not taken out. */
  readonly faults: GradcastError[];
  /** Frames of a label, 100 ms apart, with their maps. */
  see(label: string, frames: number, maps?: boolean): void;
  nowMs: number;
}

interface SceneOptions {
  readonly own?: boolean;
  readonly faults?: readonly GradcastError[];
  /** Waits between two tries. */
  readonly pause?: (faults: GradcastError[]) => Promise<void>;
}

function makeScene({ own = true, faults: first = [], pause }: SceneOptions = {}): Scene {
  const log = new MemoryLog({ maxAgeMs: 1e9, maxBytes: 1e9 });
  const faults = [...first];
  const orFault = <T>(work: () => T): Promise<T> =>
    faults[0] === undefined ? Promise.resolve(work()) : Promise.reject(faults[0]);
  const [logged, failures, leftOut]: [string[], string[], string[]] = [[], [], []];
  let frame = 0;
  const scene: Scene = {
    log,
    logged,
    failures,
    leftOut,
    faults,
    nowMs: 1_000,
    writer: new DecisionLogWriter({
      store: {
        append: (...all) => orFault(() => log.append(...all)),
        amend: (...all) => orFault(() => log.amend(...all)),
        tidy: () => orFault(() => log.tidy()),
      },
      writer: { own, address: "10.0.0.7" },
      budget: new LogBudget(() => scene.nowMs),
      now: () => scene.nowMs,
      pause: () => pause?.(faults) ?? Promise.resolve(),
      modelOf: (modelId) => ({ modelId, modelName: "Tiny", modelHash: "abc", taughtHead: null }),
      onLogged: (_id, label) => logged.push(label),
      onLeftOut: ({ code }) => leftOut.push(code),
      onFailed: ({ code, message }) => failures.push(`${code}: ${message}`),
    }),
    see(label, frames, maps = true) {
      for (let i = 0; i < frames; i++) {
        frame++;
        scene.writer.frame(frame, "jpeg", Uint8Array.of(frame % 256));
        scene.writer.result(resultOf(frame, label), "grad-cam");
        if (maps) scene.writer.map({ frame, mapHeight: 1, mapWidth: 2, values: Float32Array.of(0, frame) });
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
    model: "tiny",
    times: { captured: 0, queued: 0, compute: 0, server: 0 },
    predictions: [prediction],
    ranking: { rows: [prediction], unsure },
    target: prediction,
    dropped: { superseded: 0, slow: 0 },
  };
}

Deno.test("DecisionLogWriter writes an entry once a label is held, with that frame's picture and the map of one", async () => {
  const { writer, log, see, logged } = makeScene();
  see("cup", HELD_FRAMES - 1);
  await writer.settled;
  assert.deepEqual(log.list({}, null, 9).entries, []);
  see("cup", 1);
  await writer.settled;
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

Deno.test("U5: DecisionLogWriter writes nothing down of frames under a cover, and ends what was open", async () => {
  const { writer, log, see } = makeScene();
  see("cup", HELD_FRAMES + 1);
  for (let frame = 101; frame <= 120; frame++) {
    writer.frame(frame, "jpeg", Uint8Array.of(frame));
    writer.result({ ...resultOf(frame, "barbell"), whole: resultOf(frame, "cup").predictions }, "grad-cam");
  }
  await writer.settled;
  const { entries } = log.list({}, null, 9);
  assert.deepEqual(entries.map(({ label, frames }) => [label, frames]), [["cup", HELD_FRAMES + 1]]);
});

Deno.test("L3: DecisionLogWriter writes nothing down while the network is not sure", async () => {
  const { writer, log } = makeScene();
  for (let frame = 1; frame <= 20; frame++) {
    writer.frame(frame, "jpeg", Uint8Array.of(frame));
    writer.result(resultOf(frame, "barbell", true), "grad-cam");
  }
  writer.end();
  await writer.settled;
  assert.equal(log.list({}, null, 9).total, 0);
});

Deno.test("DecisionLogWriter writes a growing span down every other second and when it ends", async () => {
  const { writer, log, see } = makeScene();
  const frames = () => log.list({}, null, 9).entries[0]?.frames;
  see("cup", HELD_FRAMES + 10);
  await writer.settled;
  assert.equal(frames(), HELD_FRAMES);
  see("cup", 10);
  await writer.settled;
  assert.ok((frames() ?? 0) > HELD_FRAMES + 10);
  writer.end();
  await writer.settled;
  assert.equal(frames(), HELD_FRAMES + 20);
});

Deno.test("DecisionLogWriter begins a new entry with the next label that is held", async () => {
  const { writer, log, see } = makeScene();
  see("cup", 10);
  see("espresso", 10);
  writer.end();
  await writer.settled;
  assert.deepEqual(log.list({}, null, 9).entries.map(({ label, frames }) => [label, frames]), [
    ["espresso", 10],
    ["cup", 10],
  ]);
});

Deno.test("DecisionLogWriter takes the map of a later frame, with that frame's picture", async () => {
  const { writer, log, see } = makeScene();
  see("cup", HELD_FRAMES, false);
  see("cup", 1);
  await writer.settled;
  assert.deepEqual(log.picture(1)?.bytes, Uint8Array.of(HELD_FRAMES + 1));
  assert.notEqual(log.list({}, null, 9).entries[0]?.map, null);
});

const FULL = new GradcastError("disk-full", "no room");
const LOCKED = new GradcastError("data-locked", "locked");

Deno.test("L11: a store that cannot be written is noticed when the log is turned on, and said once", async () => {
  const { writer, see, failures, logged } = makeScene({ faults: [FULL] });
  await writer.settled;
  assert.deepEqual(failures, ["disk-full: no room"]);
  see("cup", 20);
  see("espresso", 20);
  writer.end();
  await writer.settled;
  assert.deepEqual([failures.length, logged], [1, []]);
});

Deno.test("L11: another machine learns that the log fails, but no path of the server", async () => {
  const fault = new GradcastError("data-gone", "Cannot use the log: the folder /home/me/data was deleted");
  for (const own of [true, false]) {
    const { writer, see, failures } = makeScene({ own, faults: [fault] });
    see("cup", HELD_FRAMES);
    await writer.settled;
    assert.match(failures.join(), /^data-gone: Cannot [^;]*(; \d+ entr[^;]* not written)?$/);
    assert.equal(failures.join().includes("/home/me"), own);
  }
});

Deno.test("L11: nothing is acknowledged that the store did not take", async () => {
  const { writer, see, failures, logged, faults } = makeScene();
  see("cup", HELD_FRAMES);
  await writer.settled;
  faults.push(FULL);
  see("espresso", 20);
  await writer.settled;
  assert.deepEqual([failures, logged], [["disk-full: no room; 1 entry was not written"], ["cup"]]);
});

Deno.test("L11: while another program has locked the log entries wait, and none is lost", async () => {
  let tries = 0;
  const { writer, see, failures, logged, log } = makeScene({
    faults: [LOCKED],
    pause: (faults) => {
      if (++tries === 5) faults.length = 0;
      return Promise.resolve();
    },
  });
  see("cup", 20);
  see("espresso", 20);
  await writer.settled;
  assert.deepEqual([failures, logged, tries], [[], ["cup", "espresso"], 5]);
  assert.deepEqual(log.list({}, null, 9).entries.map(({ frames }) => frames).toReversed()[0], 20);
});

Deno.test("L11: what waits for a locked log is bounded: beyond it the log goes off", async () => {
  const waits: (() => void)[] = [];
  const { writer, see, failures } = makeScene({
    faults: [LOCKED],
    pause: () => new Promise((resolve) => waits.push(resolve)),
  });
  for (let i = 0; i <= MAX_LOG_WAITING / 2; i++) see(i % 2 === 0 ? "cup" : "espresso", 2 * HELD_FRAMES);
  while (failures.length === 0) {
    waits.shift()?.();
    await new Promise((resolve) => setTimeout(resolve));
  }
  await writer.settled;
  assert.match(failures.join(), /^data-locked: locked; \d+ entries were not written$/);
});

Deno.test("L11: a server that stops does not wait for a locked log", async () => {
  const { writer, see, failures } = makeScene({ faults: [LOCKED] });
  see("cup", HELD_FRAMES);
  writer.end();
  await writer.settled;
  assert.deepEqual(failures, ["data-locked: locked; 1 entry was not written"]);
});

Deno.test("L9: a viewer from elsewhere who has used up the budget is left out, once said, until there is room", async () => {
  const { writer, see, leftOut, logged, log } = makeScene({ own: false });
  for (let i = 0; i < MAX_LOG_ENTRIES_PER_HOUR + 20; i++) {
    see(i % 2 === 0 ? "cup" : "espresso", HELD_FRAMES, false);
  }
  await writer.settled;
  const before = logged.length;
  assert.ok(before >= MAX_LOG_ENTRIES_PER_HOUR && before < MAX_LOG_ENTRIES_PER_HOUR + 5, `${before} entries`);
  assert.ok(leftOut.length <= 3 && leftOut[0] === "log-budget", leftOut.join());
  assert.equal(log.usage().entries, before);
});

Deno.test("L9: pages of the server's own machine have no budget", async () => {
  const { writer, see, leftOut, logged } = makeScene();
  for (let i = 0; i < MAX_LOG_ENTRIES_PER_HOUR + 20; i++) {
    see(i % 2 === 0 ? "cup" : "espresso", HELD_FRAMES, false);
  }
  await writer.settled;
  assert.deepEqual([logged.length, leftOut], [MAX_LOG_ENTRIES_PER_HOUR + 20, []]);
});

Deno.test("DecisionLogWriter does not count one frame twice: a held picture has a result for every change of the view", async () => {
  const { writer, log } = makeScene();
  for (let i = 0; i < 10; i++) writer.result(resultOf(1, "cup"), "grad-cam");
  await writer.settled;
  assert.equal(log.list({}, null, 9).total, 0);
});
