/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import type { SidecarFrame, SidecarView } from "../../shared/sidecar.ts";
import { smallMap, smallMapJson } from "../../shared/small_map.ts";
import { EMPTY_SIDECAR, SIDECAR_VIEW } from "../../tests/support/sidecar.ts";
import { Replay } from "./replay.ts";

const map = (value: number) =>
  smallMapJson(smallMap({ height: 1, width: 2, values: Float32Array.of(0, value) }));

const NOTHING = { map: null, headline: "", dimmed: false, target: null, view: null, scale: null };

function frame(t: number, part: Partial<SidecarFrame>): SidecarFrame {
  return {
    t,
    view: 0,
    frame: 1,
    target: 7,
    predictions: [[7, 0.5]],
    scale: { low: 0, high: 4 },
    map: null,
    ...part,
  };
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
  assert.deepEqual(played.at(0.5), {
    ...NOTHING,
    target: "cup",
    view: SIDECAR_VIEW,
    scale: { low: 0, high: 4 },
  });
  assert.deepEqual([...played.at(1).map?.values ?? []], [0, 2]);
  assert.equal(played.at(1).headline, "cup  50 %");
  assert.equal(played.at(1.9).map, played.at(1.2).map);
  assert.deepEqual([...played.at(2.1).map?.values ?? []], [0, 3]);
  assert.equal(played.at(2.1).headline, "class 9  25 %");
  assert.equal(played.at(2.9).map, null, "nothing explains this part");
  assert.deepEqual([...played.at(1).map?.values ?? []], [0, 2], "back again");
});

Deno.test("Replay of a sidecar without entries shows nothing", () => {
  assert.deepEqual(replay([]).at(1), NOTHING);
});

Deno.test("Replay gives the view, the picture's shape and the scale of each part", () => {
  const turned = { ...SIDECAR_VIEW, method: "cam", picture: [480, 640] as [number, number] };
  const played = new Replay({
    ...EMPTY_SIDECAR,
    views: [SIDECAR_VIEW, turned],
    frames: [frame(0, { map: map(2) }), frame(1, { view: 1, scale: { low: -9, high: 9 }, target: null })],
  });
  assert.deepEqual([played.at(0.5).view, played.at(0.5).scale], [SIDECAR_VIEW, { low: 0, high: 4 }]);
  assert.deepEqual([played.at(1.5).view, played.at(1.5).scale, played.at(1.5).target], [
    turned,
    { low: -9, high: 9 },
    null,
  ]);
});

Deno.test("Replay says what was a guess, and dims its map unless the class was chosen", () => {
  const frames = [frame(0, { map: map(2), unsure: true }), frame(1, {})];
  const moments = (target: SidecarView["target"]) => {
    const played = new Replay({ ...EMPTY_SIDECAR, views: [{ ...SIDECAR_VIEW, target }], labels: {}, frames });
    return [0, 1].map((seconds) => [played.at(seconds).headline, played.at(seconds).dimmed]);
  };
  const guess = "Not sure: perhaps class 7 (50 %)";
  assert.deepEqual(moments({ kind: "rank", rank: 1 }), [[guess, true], ["class 7  50 %", false]]);
  assert.deepEqual(moments({ kind: "class", index: 7 }), [[guess, false], ["class 7  50 %", false]]);
});

Deno.test("Replay names each part's classes as the model of the part does", () => {
  const cats = { id: "cats", name: "Cats" };
  const played = new Replay({
    ...EMPTY_SIDECAR,
    ...{ labels: { "7": "cup" }, otherLabels: { "7@cats": "lynx" }, sharedNames: [7] },
    views: [SIDECAR_VIEW, { ...SIDECAR_VIEW, model: cats }],
    frames: [frame(0, {}), frame(1, { view: 1 }), frame(2, { view: 1, target: 8, predictions: [] })],
  });
  assert.deepEqual([0, 1, 2].map((t) => played.at(t).target), ["cup (7)", "lynx", "class 8"]);
  assert.deepEqual([played.at(0).headline, played.at(1).headline], ["cup (7)  50 %", "lynx  50 %"]);
});
