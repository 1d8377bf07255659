/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import type { Sidecar, SidecarFrame } from "../../shared/sidecar.ts";
import { smallMap, smallMapJson } from "../../shared/small_map.ts";
import { EMPTY_SIDECAR } from "../../tests/support/sidecar.ts";
import { Replay } from "./replay.ts";

const map = (value: number) =>
  smallMapJson(smallMap({ height: 1, width: 2, values: Float32Array.of(0, value) }));

const NOTHING = { map: null, top: null, unsure: false, dimmed: false };

function frame(t: number, part: Partial<SidecarFrame>): SidecarFrame {
  return { t, frame: 1, target: 7, predictions: [[7, 0.5]], map: null, ...part };
}

function replay(frames: readonly SidecarFrame[]): Replay {
  return new Replay({ ...EMPTY_SIDECAR, drawn: false, labels: { "7": "cup" }, frames: [...frames] });
}

Deno.test("Replay gives the map that holds at a time, and the same one as the same object", () => {
  const played = replay([
    frame(0, { frame: null, predictions: [] }),
    frame(1, { map: map(2) }),
    frame(1.5, {}),
    frame(2, { map: map(3), predictions: [[9, 0.25]] }),
    frame(2.5, { frame: null }),
  ]);
  assert.deepEqual(played.at(-1), NOTHING);
  assert.deepEqual(played.at(0.5), NOTHING);
  assert.deepEqual([...played.at(1).map?.values ?? []], [0, 2]);
  assert.deepEqual(played.at(1).top, { label: "cup", probability: 0.5 });
  assert.equal(played.at(1.9).map, played.at(1.2).map);
  assert.deepEqual([...played.at(2.1).map?.values ?? []], [0, 3]);
  assert.deepEqual(played.at(2.1).top, { label: "class 9", probability: 0.25 });
  assert.equal(played.at(2.9).map, null, "nothing explains this part");
  assert.deepEqual([...played.at(1).map?.values ?? []], [0, 2], "back again");
});

Deno.test("Replay of a sidecar without entries shows nothing", () => {
  assert.deepEqual(replay([]).at(1), NOTHING);
});

Deno.test("Replay says what was a guess, and dims its map unless the class was chosen", () => {
  const frames = [frame(0, { map: map(2), unsure: true }), frame(1, {})];
  const moments = (target: Sidecar["target"]) => {
    const played = new Replay({ ...EMPTY_SIDECAR, target, frames });
    return [0, 1].map((seconds) => [played.at(seconds).unsure, played.at(seconds).dimmed]);
  };
  assert.deepEqual(moments({ kind: "rank", rank: 1 }), [[true, true], [false, false]]);
  assert.deepEqual(moments({ kind: "class", index: 7 }), [[true, false], [false, false]]);
});
