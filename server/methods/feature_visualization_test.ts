import assert from "node:assert/strict";
import type { OptionValues } from "../../shared/protocol.ts";
import type { Probe, Score } from "../engine/port.ts";
import { course, mapOf, NETWORK } from "./_testing.ts";
import { featureVisualization } from "./feature_visualization.ts";
import type { Carry } from "./method.ts";
import { resolveRequest } from "./registry.ts";

const SHORT = { steps: 25, jitter: 1 };

function probesOf(options: OptionValues, more: Parameters<typeof course>[1] = {}): readonly Probe[] {
  return course(featureVisualization, { ...more, options: { ...SHORT, ...options } }).groups.flat();
}

/** The score of the picture that was found, or of the first one that was asked for. */
function scoreAt(probe: Probe | undefined): number {
  assert.ok(probe !== undefined);
  const { detail } = NETWORK.answer(probe);
  return detail?.kind === "input" ? detail.score : assert.fail("no score");
}

const RAISED: readonly (readonly [options: OptionValues, score: Score, layer: string | null])[] = [
  [{}, { kind: "target", target: { kind: "class", index: 1 }, score: "logit" }, null],
  [{ of: "channel", channel: 2 }, { kind: "channel", layer: "early", channel: 2 }, "early"],
  [{ of: "neuron", channel: 3 }, { kind: "neuron", layer: "early", row: 2, column: 2, channel: 3 }, "early"],
];

for (const [options, score, layer] of RAISED) {
  for (const parametrisation of ["pyramid", "pixels"]) {
    const name = `${score.kind} in ${parametrisation}`;
    Deno.test(`feature-visualization raises a ${name}`, () => {
      const probes = probesOf({ ...options, parametrisation }, { layer: "early" });
      assert.equal(probes.length, 25);
      for (const { want, variation } of probes) {
        assert.deepEqual(want, { kind: "input", score, rule: "plain" });
        assert.equal(variation.kind, "input");
      }
      assert.ok(scoreAt(probes.at(-1)) > scoreAt(probes[0]) + 0.5);
      const map = mapOf(featureVisualization, {
        options: { ...SHORT, ...options, parametrisation },
        layer: "early",
      });
      assert.equal(map.layer, layer);
    });
  }
}

Deno.test("feature-visualization gives the picture and its luminance", () => {
  const { rgb, values, height, width, classIndex } = mapOf(featureVisualization, { options: SHORT });
  assert.deepEqual([height, width, classIndex, rgb?.length, values.length], [7, 9, 1, 7 * 9 * 3, 63]);
  const [red = 0, green = 0, blue = 0] = rgb ?? [];
  assert.ok(Math.abs((values[0] ?? NaN) - (0.299 * red + 0.587 * green + 0.114 * blue)) < 1e-3);
});

Deno.test("feature-visualization takes its steps one by one and shows every tenth picture", () => {
  const { tiles, groups, kinds } = course(featureVisualization, { options: SHORT });
  assert.ok(groups.every((group) => group.length === 1));
  assert.deepEqual(tiles.map(({ progress }) => progress), [10 / 25, 20 / 25]);
  assert.ok(tiles.every(({ rows, columns, values }) => rows === 7 && columns === 9 && values.length === 63));
  assert.equal(kinds.indexOf("tile", 1) >= 0, true);
  assert.notDeepEqual(tiles[0]?.values, tiles[1]?.values);
});

Deno.test("feature-visualization is decided by its seed, not by the frame", () => {
  const map = (seed: number, frame: number) =>
    mapOf(featureVisualization, { options: { ...SHORT, seed }, frame }).rgb;
  assert.deepEqual(map(0, 1), map(0, 2));
  assert.notDeepEqual(map(0, 1), map(1, 1));
});

Deno.test("feature-visualization goes on from frame to frame of a stream, to the same picture", () => {
  const carry: Carry = new Map();
  const parts = [1, 2].map((frame) =>
    course(featureVisualization, { frame, carry, still: false, options: SHORT, maxGroups: 9 })
  );
  assert.deepEqual(parts.map(({ groups, map }) => [groups.length, map]), [[9, null], [9, null]]);
  const last = course(featureVisualization, { frame: 3, carry, still: false, options: SHORT });
  assert.equal(last.groups.length, 25 - 18);
  assert.deepEqual(last.map, mapOf(featureVisualization, { options: SHORT }));
  assert.equal(course(featureVisualization, { frame: 4, carry, options: SHORT }).groups.length, 0);
});

Deno.test("feature-visualization begins anew for another class or option", () => {
  const carry: Carry = new Map();
  course(featureVisualization, { carry, options: SHORT });
  for (const more of [{ target: { kind: "class", index: 2 } }, { options: { ...SHORT, seed: 5 } }] as const) {
    assert.equal(course(featureVisualization, { carry, options: SHORT, ...more }).groups.length, 25);
  }
});

Deno.test("feature-visualization takes a step once, even where two frames asked for it", () => {
  const carry: Carry = new Map();
  const context = (frame: number) => {
    const { options, layer } = resolveRequest(NETWORK.model, {
      method: "feature-visualization",
      target: { kind: "class", index: 1 },
      options: SHORT,
    });
    return {
      frame,
      model: NETWORK.model,
      target: { kind: "class", index: 1 },
      layer,
      options,
      carry,
      still: false,
    } as const;
  };
  const [old, young] = [1, 2].map((frame) => featureVisualization.attribute(context(frame)));
  assert.ok(old !== undefined && young !== undefined);
  const answer = (step: ReturnType<typeof old.next>) => {
    assert.ok(step.done !== true && step.value.kind === "probes");
    return step.value.probes.map((probe) => NETWORK.answer(probe));
  };
  const waiting = old.next(answer(old.next([])));
  let asked = young.next(answer(young.next([])));
  asked = young.next(answer(asked));
  // The row of the superseded frame comes late, for a step that was taken.
  old.next(answer(waiting));
  while (asked.done !== true) {
    asked = young.next(asked.value.kind === "probes" ? answer(asked) : []);
  }
  assert.deepEqual(asked.value, mapOf(featureVisualization, { options: SHORT }));
});

Deno.test("feature-visualization can be ended early", () => {
  assert.equal(course(featureVisualization, { options: SHORT, maxGroups: 3 }).map, null);
});

Deno.test("feature-visualization refuses a channel that the layer does not have", () => {
  const view = { method: "feature-visualization", target: { kind: "rank", rank: 1 } } as const;
  assert.throws(() => resolveRequest(NETWORK.model, { ...view, options: { of: "channel", channel: 6 } }), {
    code: "bad-option",
    message:
      "Cannot set the option 'channel' as the widest layer has the channels 0 to 5: current value is 6",
  });
  assert.throws(
    () => mapOf(featureVisualization, { layer: "early", options: { of: "neuron", channel: 4 } }),
    { code: "bad-option", message: /early has the channels 0 to 3: current value is 4/ },
  );
  assert.throws(() => resolveRequest(NETWORK.model, { ...view, options: { of: "pixel" } }), {
    code: "bad-option",
    message: /class, channel, neuron: current value is 'pixel'/,
  });
});
