import assert from "node:assert/strict";
import { FRAME_HEADER_BYTES } from "../../shared/codec.ts";
import { MAX_BACKLOG_BYTES, MAX_BUFFERED_BYTES, MAX_FRAME_BYTES, MAX_SLOW_MS } from "../../shared/limits.ts";
import type { MapTile } from "../methods/method.ts";
import { brief, Driver, frameMessage, keyOf, VIEW } from "./testing/driver.ts";
import type { Effect } from "./state.ts";

const TILE: MapTile = {
  classIndex: 0,
  mapHeight: 2,
  mapWidth: 2,
  row: 0,
  column: 0,
  rows: 1,
  columns: 1,
  values: new Float32Array([1]),
  progress: 0.5,
};

function messages(effects: readonly Effect[]): unknown[] {
  return effects.flatMap((effect) => effect.kind === "send" ? [effect.message] : []);
}

Deno.test("F1: a binary message that is no frame is answered with frame-header", () => {
  const driver = Driver.greeted();
  const wrong = [new Uint8Array(3), new Uint8Array(100), new Uint8Array([1, 9, ...new Uint8Array(30)])];
  for (const [offset, value] of [[2, 7], [3, 4], [4, 0], [16, 99]] as const) {
    const bytes = frameMessage(1);
    bytes[offset] = value;
    wrong.push(bytes);
  }
  for (const bytes of wrong) {
    assert.deepEqual(brief(driver.take({ kind: "binary", bytes })), ["error:frame-header"]);
  }
  assert.equal(driver.live.current, null);
});

Deno.test("F2: a picture over the limit in bytes is answered with frame-bytes and closed", () => {
  const bytes = new Uint8Array(MAX_FRAME_BYTES + FRAME_HEADER_BYTES + 1);
  assert.deepEqual(brief(Driver.greeted().take({ kind: "binary", bytes })).slice(0, 2), [
    "error:frame-bytes",
    "close:frame-bytes",
  ]);
});

Deno.test("F3 to F5: a picture that the engine refuses is answered with its code, and the next frame continues", () => {
  for (const code of ["frame-side", "frame-format", "frame-corrupt"] as const) {
    const driver = Driver.greeted();
    driver.frame(1);
    driver.frame(2);
    const effects = driver.take({ kind: "refused", key: keyOf(1), model: "tiny", code, message: "m" });
    assert.deepEqual(brief(effects), [`error:${code}`, "retire", "release", "admit", "explain"]);
    assert.match(JSON.stringify(messages(effects)), /"frame":1/);
    assert.equal(driver.live.current?.id, 2);
  }
});

Deno.test("F6: one frame is computed, one waits, a third replaces the waiting one and is counted", () => {
  const driver = Driver.greeted();
  assert.deepEqual(brief(driver.frame(1)), ["admit", "explain"]);
  assert.deepEqual(driver.frame(2), []);
  assert.deepEqual(messages(driver.frame(3)), [{ type: "dropped", frame: 2, cause: "superseded" }]);
  const result = driver.ranking(1);
  assert.deepEqual(brief(result), ["send:result", "supersede", "admit", "explain", "release"]);
  assert.match(JSON.stringify(messages(result)), /"superseded":1/);
  assert.equal(driver.live.current?.id, 3);
});

Deno.test("F6: every frame gets exactly one answer, whatever the order of events", () => {
  const driver = Driver.greeted();
  const answered: number[] = [];
  const note = (effects: readonly Effect[]) => {
    for (const effect of effects) {
      if (effect.kind !== "send") continue;
      const { message } = effect;
      if (message.type === "result" || message.type === "dropped") answered.push(message.frame);
      if (message.type === "error" && message.frame !== null) answered.push(message.frame);
    }
  };
  for (let id = 1; id <= 60; id++) {
    note(driver.frame(id));
    const current = driver.live.current?.id ?? 0;
    if (id % 3 === 0) note(driver.ranking(current));
    if (id % 7 === 0) {
      note(
        driver.take({
          kind: "refused",
          key: keyOf(current),
          model: "tiny",
          code: "frame-corrupt",
          message: "m",
        }),
      );
    }
    if (id % 11 === 0) {
      note(
        driver.take({
          kind: "failed",
          key: keyOf(current),
          pane: 0,
          revision: 1,
          code: "engine-failed",
          message: "m",
        }),
      );
    }
  }
  while (driver.live.current?.answered === false) note(driver.ranking(driver.live.current.id));
  assert.deepEqual(answered.toSorted((a, b) => a - b), Array.from({ length: 60 }, (_, index) => index + 1));
});

Deno.test("F7: a frame whose id is not above the one before is answered with frame-order", () => {
  const driver = Driver.greeted();
  driver.frame(5);
  for (const id of [5, 4]) assert.deepEqual(brief(driver.frame(id)), ["error:frame-order"]);
});

Deno.test("F9: a frame under way when the engine failed is answered with engine-failed", () => {
  const driver = Driver.greeted();
  driver.frame(1);
  const effects = driver.take({
    kind: "failed",
    key: keyOf(1),
    pane: 0,
    revision: 1,
    code: "engine-failed",
    message: "m",
  });
  assert.deepEqual(brief(effects), ["error:engine-failed", "retire", "release"]);
  assert.deepEqual(brief(driver.frame(2)), ["admit", "explain"]);
});

Deno.test("a result names the frame's times on both clocks", () => {
  const driver = Driver.greeted();
  driver.nowMs = 100;
  driver.frame(1, { capturedMs: 1234.5 });
  driver.nowMs = 140;
  const [result] = messages(driver.ranking(1));
  assert.match(JSON.stringify(result), /"times":\{"captured":1234.5,"queued":40,"compute":5,"server":40\}/);
});

Deno.test("V1: a new view takes effect at once for the frame that is being explained", () => {
  const driver = Driver.greeted();
  driver.frame(1);
  driver.ranking(1);
  const view = { ...VIEW, revision: 2, method: "cam" };
  assert.deepEqual(brief(driver.text(JSON.stringify({ type: "view", view }))), ["send:view", "explain"]);
  const work = driver.live.current;
  assert.ok(work !== null);
  assert.deepEqual(
    brief(driver.take({ kind: "tile", work, pane: 0, costMs: 3, revision: 1, tile: TILE })),
    [],
    "tiles of the old view",
  );
  assert.deepEqual(brief(driver.take({ kind: "tile", work, pane: 0, costMs: 3, revision: 2, tile: TILE })), [
    "send-tile",
  ]);
});

Deno.test("T3: the finished map is sent whole and marked complete", () => {
  const driver = Driver.greeted();
  driver.frame(1);
  driver.ranking(1);
  const work = driver.live.current;
  assert.ok(work !== null);
  const map = { classIndex: 2, layer: "head", height: 2, width: 3, values: new Float32Array(6) };
  const [effect] = driver.take({ kind: "done", work, pane: 0, costMs: 3, revision: 1, map });
  assert.ok(effect?.kind === "send-tile");
  const { complete, progress, rows, columns, frame, classIndex } = effect.tile;
  assert.deepEqual([complete, progress, rows, columns, frame, classIndex], [true, 1, 2, 3, 1, 2]);
});

Deno.test("T6, T7: a finished picture goes out in its colours, and says that nothing answered", () => {
  const driver = Driver.greeted();
  driver.frame(1);
  driver.ranking(1);
  const work = driver.live.current;
  assert.ok(work !== null);
  const rgb = Uint8Array.of(1, 2, 3);
  const map = { classIndex: 2, layer: null, height: 1, width: 1, values: new Float32Array(1), rgb };
  const [coloured] = driver.take({ kind: "done", work, pane: 0, costMs: 3, revision: 1, map });
  assert.ok(coloured?.kind === "send-tile");
  assert.deepEqual([coloured.tile.rgb, "silent" in coloured.tile], [rgb, false]);
  const silent = { ...map, silent: true as const };
  const [effect] = driver.take({ kind: "done", work, pane: 0, costMs: 3, revision: 1, map: silent });
  assert.ok(effect?.kind === "send-tile" && effect.tile.silent === true);
});

Deno.test("T4: a tile of the frame before is sent under that frame's id", () => {
  const driver = Driver.greeted();
  driver.frame(1);
  driver.ranking(1);
  const before = driver.live.current;
  driver.frame(2);
  assert.ok(before !== null);
  const [effect] = driver.take({ kind: "tile", work: before, pane: 0, costMs: 3, revision: 1, tile: TILE });
  assert.ok(effect?.kind === "send-tile");
  assert.equal(effect.tile.frame, 1);
});

Deno.test("B1: results and tiles for a full socket are dropped and counted, control messages are not", () => {
  const driver = Driver.greeted();
  driver.frame(1);
  driver.bufferedBytes = MAX_BUFFERED_BYTES + 1;
  assert.deepEqual(messages(driver.ranking(1)), [{ type: "dropped", frame: 1, cause: "slow" }]);
  assert.equal(driver.live.dropped.slow, 1);
  const work = driver.live.current;
  assert.ok(work !== null);
  assert.deepEqual(driver.take({ kind: "tile", work, pane: 0, costMs: 3, revision: 1, tile: TILE }), []);
  assert.deepEqual(brief(driver.text(JSON.stringify({ type: "view", view: { ...VIEW, revision: 2 } }))), [
    "send:view",
    "explain",
  ]);
});

Deno.test("B2: a viewer that stays slow is closed, one that recovers is not", () => {
  const driver = Driver.greeted();
  driver.bufferedBytes = MAX_BUFFERED_BYTES + 1;
  assert.deepEqual(brief(driver.frame(1)), ["admit", "explain", "arm"]);
  driver.bufferedBytes = 0;
  assert.deepEqual(brief(driver.ranking(1)), ["send:result", "disarm"]);
  driver.bufferedBytes = MAX_BUFFERED_BYTES + 1;
  assert.deepEqual(brief(driver.frame(2)).at(-1), "arm");
  driver.nowMs = MAX_SLOW_MS;
  const effects = driver.take({ kind: "timer", name: "slow" });
  assert.deepEqual(brief(effects).slice(0, 2), ["error:slow-viewer", "close:slow-viewer"]);
});

Deno.test("B3: a viewer with a backlog beyond all measure is closed at once", () => {
  const driver = Driver.greeted();
  driver.bufferedBytes = MAX_BACKLOG_BYTES + 1;
  assert.deepEqual(brief(driver.frame(1)).slice(0, 2), ["error:slow-viewer", "close:slow-viewer"]);
});

Deno.test("a closed session gives back its frame and takes nothing more", () => {
  const driver = Driver.greeted();
  driver.frame(1);
  assert.deepEqual(brief(driver.take({ kind: "closed" })), [
    "disarm",
    "disarm",
    "disarm",
    "disarm",
    "retire",
    "release",
  ]);
  assert.deepEqual(driver.frame(2), []);
});

Deno.test("F1: a frame carries pixels and a copy for people, and its header names both", () => {
  const driver = Driver.greeted();
  const picture = new Uint8Array([1, 2, 3, 4, 5, 6]);
  const copy = new Uint8Array([7, 8]);
  const effects = driver.frame(1, { format: "rgb", picture, copy });
  const admitted = effects.find((effect) => effect.kind === "admit");
  assert.ok(admitted?.kind === "admit");
  assert.equal(admitted.frame.format, "rgb");
  assert.deepEqual([...admitted.frame.picture], [...picture]);
  assert.deepEqual([...admitted.frame.copy ?? []], [...copy]);
  const wrong = frameMessage(2, { format: "rgb", picture, copy });
  new DataView(wrong.buffer).setUint32(20, 3, true);
  assert.deepEqual(brief(driver.take({ kind: "binary", bytes: wrong })), ["error:frame-header"]);
});
