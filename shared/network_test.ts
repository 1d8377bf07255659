import assert from "node:assert/strict";
import { decodeNetwork, type DrawnNetwork, encodeNetwork } from "./network.ts";

const STAGE = {
  ...{ layer: "a", height: 2, width: 2, tileHeight: 1, tileWidth: 2, channels: 3, total: 1, magnitude: 3 },
  exact: false,
};

const DRAWN: DrawnNetwork = {
  head: {
    measure: "contribution",
    target: { index: 1, label: "b", logit: 2, probability: 0.5 },
    raw: { stage: 0, channel: 2 },
    stages: [
      { ...STAGE, drawn: [{ channel: 2, value: -1.5 }, { channel: 0, value: 1 }], lines: [0.5, -0.25] },
      { ...STAGE, layer: "é", exact: true, drawn: [{ channel: 1, value: 2 }], lines: null },
    ],
  },
  raw: Float32Array.of(1, 2, 3, 4),
  numbers: [
    { peaks: Float32Array.of(1, 2, 3), cells: Uint32Array.of(0, 3, 1), tiles: Uint8Array.of(1, 2, 3, 4) },
    { peaks: Float32Array.of(-1, 0, 9), cells: Uint32Array.of(2, 2, 0), tiles: Uint8Array.of(255, 0) },
  ],
};

Deno.test("I10: a drawing is read as it was written", () => {
  const read = decodeNetwork(encodeNetwork(DRAWN));
  assert.deepEqual(read.head, DRAWN.head);
  assert.deepEqual(read.raw, DRAWN.raw);
  assert.deepEqual(
    read.numbers.map(({ peaks, cells, tiles }) => [[...peaks], [...cells], [...tiles]]),
    DRAWN.numbers.map(({ peaks, cells, tiles }) => [[...peaks], [...cells], [...tiles]]),
  );
  const plain = { ...DRAWN, raw: null, head: { ...DRAWN.head, raw: null } };
  assert.equal(decodeNetwork(encodeNetwork(plain)).raw, null);
});

Deno.test("decodeNetwork() refuses bytes that are not what their head says", () => {
  const bytes = encodeNetwork(DRAWN);
  for (const length of [0, 3, 40, bytes.length - 1]) {
    assert.throws(() => decodeNetwork(bytes.slice(0, length)), RangeError);
  }
  const broken = bytes.slice();
  broken[4] = 0;
  assert.throws(() => decodeNetwork(broken), /expected JSON/);
  const elsewhere = encodeNetwork({ ...DRAWN, head: { ...DRAWN.head, raw: { stage: 5, channel: 0 } } });
  assert.throws(() => decodeNetwork(elsewhere), /expected a stage that is drawn, got 5/);
});
