import assert from "node:assert/strict";
import type { OptionValues } from "../../../shared/protocol.ts";
import type { Probe, Score } from "../../engine/port.ts";
import { course, mapOf, NETWORK } from "../testing/gradient_cases.ts";
import { SmallNetwork } from "../../engine/testing/small_network.ts";
import { featureVisualization } from "./feature_visualization.ts";
import type { Carry } from "../method.ts";
import { resolveRequest } from "../registry.ts";

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
      for (const [step, { want, variation }] of probes.entries()) {
        assert.deepEqual(want, { kind: "input", score, rule: step < 16 ? "redirected" : "plain" });
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

Deno.test("feature-visualization takes its steps one by one and shows the start and every tenth picture", () => {
  const { tiles, groups, kinds } = course(featureVisualization, { options: SHORT });
  assert.ok(groups.every((group) => group.length === 1));
  assert.deepEqual(tiles.map(({ progress }) => progress), [0, 10 / 25, 20 / 25]);
  assert.ok(tiles.every(({ rows, columns, values }) => rows === 7 && columns === 9 && values.length === 63));
  assert.equal(kinds.indexOf("tile", 1) >= 0, true);
  assert.equal(new Set(tiles.map(({ values }) => JSON.stringify([...values]))).size, 3);
});

/** A network whose early channel 2 is held down by its bias. */
function heldDown(bias: number): SmallNetwork {
  const network = new SmallNetwork({ width: 9, height: 7, biases: true });
  network.bias("early")[2] = bias;
  return network;
}

const CHANNEL = { of: "channel", channel: 2, steps: 200, jitter: 1 };

Deno.test("feature-visualization wakes a channel that is silent in the noise that it starts from", () => {
  const network = heldDown(-12);
  const { groups, map } = course(featureVisualization, { network, options: CHANNEL, layer: "early" });
  const score = (probe: Probe | undefined) => {
    assert.ok(probe !== undefined);
    const { detail } = network.answer(probe);
    return detail?.kind === "input" ? detail.score : assert.fail("no score");
  };
  assert.equal(score(groups[0]?.[0]), 0);
  assert.ok(score(groups.at(-1)?.[0]) > 0.5);
  assert.equal(groups.length, 200);
  assert.ok(map !== null && !("silent" in map));
});

Deno.test("feature-visualization says that nothing wakes a channel, after five starts", () => {
  const network = heldDown(-1e6);
  const { groups, map, tiles } = course(featureVisualization, { network, options: CHANNEL, layer: "early" });
  assert.equal(groups.length, 100);
  assert.equal(map?.silent, true);
  assert.ok(tiles.every((tile) => !("silent" in tile)), "it may still wake");
});

Deno.test("feature-visualization is decided by its seed, not by the frame", () => {
  const map = (seed: number, frame: number) =>
    mapOf(featureVisualization, { options: { ...SHORT, seed }, frame }).rgb;
  assert.deepEqual(map(0, 1), map(0, 2));
  assert.notDeepEqual(map(0, 1), map(1, 1));
});

Deno.test("feature-visualization continues from frame to frame of a stream, to the same picture", () => {
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

Deno.test("feature-visualization begins again for another class or option", () => {
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
  /** Past what is only shown. */
  const asking = (run: typeof old, rows: ReturnType<typeof answer>) => {
    let step = run.next(rows);
    while (step.done !== true && step.value.kind !== "probes") step = run.next([]);
    return step;
  };
  const waiting = asking(old, answer(asking(old, [])));
  let asked = asking(young, answer(asking(young, [])));
  asked = asking(young, answer(asked));
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
    message: "Cannot set the option 'channel': the widest layer has the channels 0 to 5, got 6",
  });
  assert.throws(
    () => mapOf(featureVisualization, { layer: "early", options: { of: "neuron", channel: 4 } }),
    { code: "bad-option", message: /early has the channels 0 to 3, got 4/ },
  );
  assert.throws(() => resolveRequest(NETWORK.model, { ...view, options: { of: "pixel" } }), {
    code: "bad-option",
    message: /class, channel, neuron, got 'pixel'/,
  });
});
