/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { COVER_CELLS, coverOf } from "../../../shared/cover.ts";
import { ANSWER_MS, CoverSender, MAP_MS } from "./cover_sender.ts";

function makeSender({ isStill = true } = {}) {
  const sent: string[] = [];
  let due: { run: () => void; ms: number } | null = null;
  const sender = new CoverSender({
    send: (cover) => sent.push(cover?.cells ?? "nothing"),
    later(run, ms) {
      const timer = { run, ms };
      due = timer;
      return () => due = due === timer ? null : due;
    },
    isStill: () => isStill,
  });
  const fire = () => {
    const timer = due;
    due = null;
    timer?.run();
    return timer?.ms;
  };
  return { sender, sent, fire };
}

const COVERS = [1, 2, 3].map((end) => coverOf(new Uint8Array(COVER_CELLS).fill(1, 0, end), "grey"));

Deno.test("CoverSender has one cover on its way, and sends the newest of those that came meanwhile", () => {
  const { sender, sent } = makeSender();
  for (const cover of COVERS) sender.take(cover);
  assert.deepEqual(sent, [COVERS[0]?.cells]);
  sender.answered(1);
  sender.mapped(1);
  assert.deepEqual(sent, [COVERS[0]?.cells, COVERS[2]?.cells]);
  // An answer to an earlier view means nothing, and neither does a map before the answer.
  sender.take(null);
  sender.answered(1);
  sender.mapped(2);
  assert.equal(sent.length, 2);
  sender.answered(2);
  sender.mapped(2);
  assert.deepEqual(sent.slice(2), ["nothing"]);
  // A newer view has the cover too.
  sender.answered(4);
  sender.mapped(4);
  assert.ok(sender.isIdle);
});

Deno.test("CoverSender waits for no map of a moving picture: the next cover leaves before the next frame", () => {
  const { sender, sent } = makeSender({ isStill: false });
  sender.take(COVERS[0] ?? null);
  sender.take(COVERS[1] ?? null);
  sender.answered(1);
  assert.deepEqual(sent, [COVERS[0]?.cells, COVERS[1]?.cells]);
  sender.answered(2);
  assert.ok(sender.isIdle);
});

Deno.test("CoverSender waits for a map a little, and for an answer not for ever; a lost connection loses nothing", () => {
  const { sender, sent, fire } = makeSender();
  sender.take(COVERS[0] ?? null);
  sender.take(COVERS[1] ?? null);
  assert.equal(fire(), ANSWER_MS);
  assert.equal(sent.length, 2);
  sender.take(COVERS[2] ?? null);
  sender.answered(2);
  assert.equal(fire(), MAP_MS);
  assert.equal(sent.length, 3);
  sender.take(null);
  sender.settle();
  assert.deepEqual(sent.slice(3), ["nothing"]);
});
