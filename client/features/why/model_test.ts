import assert from "node:assert/strict";
import type { Prediction, ReasonMessage } from "../../../shared/protocol.ts";
import type { StreamObserver } from "../../live/stream_observers.ts";
import { createWhy, type Said } from "./model.ts";

const ESPRESSO: Prediction = { index: 1, label: "espresso", logit: 9, probability: 0.94 };

const REASON: ReasonMessage = {
  type: "reason",
  frame: 1,
  revision: 3,
  model: "tiny",
  target: ESPRESSO,
  first: ESPRESSO,
  region: {
    box: { left: 0.3, top: 0, right: 0.7, bottom: 0.3 },
    place: "upper middle",
    share: 0.7,
    hidden: 0.21,
    takesOver: null,
  },
  meter: { drop: 0.6, random: 0.1 },
};

const SAID: Said = {
  revision: 3,
  target: { ...ESPRESSO, name: "espresso" },
  first: { ...ESPRESSO, name: "espresso" },
  unsure: false,
  blind: false,
  stale: false,
  signed: false,
  head: "softmax",
  mirrored: false,
};

/** A model on a clock that the test moves. */
function setUp() {
  const scene = { nowMs: 0, said: SAID, still: false, sent: [] as boolean[] };
  let stream: StreamObserver = {};
  const why = createWhy({
    observe(observer) {
      stream = observer;
      return () => {};
    },
    send: (on) => scene.sent.push(on),
    now: () => scene.nowMs,
    said: () => scene.said,
    words: { nameOf: (_index, label) => label, percent: (share) => `${Math.round(100 * share)} %` },
    isStill: () => scene.still,
  });
  const text = () => why.sentence.value.shown.text;
  const step = (ms: number) => {
    scene.nowMs += ms;
    stream.stepped?.();
  };
  return {
    scene,
    why,
    text,
    step,
    hear: (one: ReasonMessage) => stream.message?.(one),
    stream: () => stream,
  };
}

Deno.test("createWhy() asks for reasons with every connection", () => {
  const { scene, stream } = setUp();
  stream().connected?.();
  stream().connected?.();
  assert.deepEqual(scene.sent, [true, true]);
});

Deno.test("createWhy() says what is seen, and why as soon as that is measured", () => {
  const { why, text, step, hear } = setUp();
  step(250);
  assert.equal(text(), "espresso, 94 %.");
  assert.equal(why.meter.value, null);
  hear(REASON);
  assert.equal(text(), "espresso, 94 %: mostly because of the upper middle; hide that and it falls to 21 %.");
  assert.deepEqual(why.meter.value, REASON.meter);
});

Deno.test("createWhy() takes nothing of another view, another picture or another class", () => {
  const { scene, why, text, step, hear, stream } = setUp();
  hear({ ...REASON, revision: 2 });
  assert.equal(text(), "espresso, 94 %.");
  hear(REASON);
  scene.said = { ...SAID, revision: 4 };
  step(3_000);
  assert.deepEqual([text(), why.meter.value], ["espresso, 94 %.", null]);
  scene.said = SAID;
  hear(REASON);
  stream().pictureChanged?.("source", 9);
  step(3_000);
  assert.equal(text(), "espresso, 94 %.");
  hear({ ...REASON, target: { ...ESPRESSO, index: 2 } });
  assert.deepEqual([text(), why.meter.value], ["espresso, 94 %.", null]);
});

Deno.test("createWhy() forgets a reason of a moving picture after eight seconds, and keeps that of a still one", () => {
  const { scene, text, step, hear } = setUp();
  hear(REASON);
  step(8_000);
  assert.match(text(), /hide that/);
  step(1);
  assert.equal(text(), "espresso, 94 %.");
  scene.still = true;
  hear(REASON);
  step(60_000);
  assert.match(text(), /hide that/);
});
