/** What every engine has to do with heads that are set in place of its network's own. */
import assert from "node:assert/strict";
import type { HeadModel, TreeHead } from "../../../shared/head_model.ts";
import type { Engine, Probe } from "../port.ts";
import {
  admit,
  ask,
  assertClose,
  atInput,
  bad,
  type Case,
  detail,
  filled,
  type GoodRow,
  mean,
  projection,
  run,
  target,
} from "./_contract_rows.ts";

/** Logits may differ by what float32 makes of another order of sums. */
const TOLERANCE = 1e-3;

/** Keys that no case shares with another. */
const LINEAR = 11;
const TREE = 12;
const OTHER = 13;

/** Registers the contract's cases about heads. */
export function testHeads(test: Case): void {
  test("features are the means of the layer's channels", async (engine) => {
    await admit(engine, 1, "coffee");
    const { count, layer } = featuresIn(engine);
    const [row, whole] = await run(engine, [
      ask(1, { kind: "features" }),
      ask(1, { kind: "layer", layer: layer ?? "", score: null }),
    ]);
    const { values, channels } = detail(whole, "layer").activation;
    const means = new Float64Array(channels);
    for (const [at, value] of values.entries()) {
      means[at % channels] = (means[at % channels] ?? 0) + value * channels / values.length;
    }
    assert.equal(count, channels);
    assertClose(detail(row, "features").values, means, TOLERANCE, "means");
    assertClose(row?.logits, whole?.logits, TOLERANCE, "the logits stay the network's own");
  });

  test("a linear head has logits, maps and gradients of its own, and changes no neighbour", async (engine) => {
    await admit(engine, 1, "coffee");
    const head = linearHead(featuresIn(engine).count);
    await engine.setHead(LINEAR, head);
    const layer = featuresIn(engine).layer ?? "";
    const taught = (probe: Probe): Probe => ({ ...probe, head: LINEAR });
    const drawn = { kind: "network", layers: [layer], score: target(2), drawn: 1, lines: true } as const;
    const [own, features, row, atLayer, again, drawing] = await run(engine, [
      ask(1),
      ask(1, { kind: "features" }),
      taught(projection(1, 2, [1])),
      taught(ask(1, { kind: "layer", layer, score: target(2) })),
      ask(1),
      taught(ask(1, drawn)),
    ]);
    assert.deepEqual(own, again);
    const { logits, weights } = logitsOf(head, detail(features, "features").values);
    assertClose(row?.logits, logits, TOLERANCE, "logits");
    const { classes = [], height = 0, width = 0, values = [] } = row?.projection ?? {};
    const cells = height * width;
    for (const [place, c] of classes.entries()) {
      const { bias } = weights;
      const share = mean([...values].slice(place * cells, (place + 1) * cells));
      assertClose([share + (bias[c] ?? NaN)], [logits[c] ?? NaN], TOLERANCE, `mean of the map of class ${c}`);
    }
    const { gradient } = detail(atLayer, "layer");
    assertClose(
      gradient?.values.subarray(0, head.width).map((value) => value * cells),
      weights.kernel[2],
      TOLERANCE,
      "the gradient is the composed weight",
    );
    const { stages: [stage] } = detail(drawing, "network");
    assertClose(
      [(stage?.sums ?? new Float32Array()).reduce((sum, value) => sum + value, 0)],
      [(logits[2] ?? NaN) - (weights.bias[2] ?? NaN)],
      TOLERANCE,
      "a drawing's channels add up to the logit less its bias",
    );
    await engine.setHead(LINEAR, null);
  });

  test("a random head takes a taught one's place, with as many classes; a tree's features are shuffled", async (engine) => {
    await admit(engine, 1, "coffee");
    const { count } = featuresIn(engine);
    await engine.setHead(LINEAR, linearHead(count));
    const [row, random] = await run(engine, [
      { ...ask(1), head: LINEAR },
      { ...ask(1), head: LINEAR, randomHead: 4 },
    ]);
    assert.equal(random?.logits.length, 3);
    assert.notDeepEqual(row?.logits, random?.logits);
    await engine.setHead(LINEAR, null);
    const [features] = await run(engine, [ask(1, { kind: "features" })]);
    const { values } = detail(features, "features");
    const largest = values.indexOf(Math.max(...values));
    await engine.setHead(TREE, stump(count, largest, (values[largest] ?? 0) - 1e-3));
    const shuffled = await run(engine, [{ ...ask(1), head: TREE }, { ...ask(1), head: TREE, randomHead: 4 }]);
    assert.equal(new Set(shuffled.map(({ logits }) => logits.join())).size, 2);
    await engine.setHead(TREE, null);
  });

  test("a tree has the logarithms of its probabilities for logits, and no gradients", async (engine) => {
    await admit(engine, 1, "coffee");
    const { count, layer } = featuresIn(engine);
    const [features, hidden] = await run(engine, [
      ask(1, { kind: "features" }),
      { ...filled(1, halfOf(engine), "black"), want: { kind: "features" } },
    ]);
    const [unchanged, changed] = [features, hidden].map((row) => detail(row, "features").values);
    // The feature that the black half changes most.
    const most = [...unchanged ?? []].map((value, at) => Math.abs(value - (changed?.[at] ?? 0)));
    const feature = most.indexOf(Math.max(...most));
    const threshold = ((unchanged?.[feature] ?? 0) + (changed?.[feature] ?? 0)) / 2;
    await engine.setHead(TREE, stump(count, feature, threshold));
    const taught = (probe: Probe): Probe => ({ ...probe, head: TREE });
    const rows = await run(engine, [
      taught(ask(1)),
      taught(filled(1, halfOf(engine), "black")),
      taught(ask(1, { kind: "layer", layer: layer ?? "", score: null })),
    ]);
    const sides = [unchanged, changed, unchanged].map((row) => (row?.[feature] ?? 0) <= threshold);
    for (const [place, { logits }] of rows.entries()) {
      const shares = sides[place] === true ? [1e-6, 1] : [0.75, 0.25];
      assertClose(logits, shares.map(Math.log), TOLERANCE, `row ${place}`);
    }
    assert.notEqual(sides[0], sides[1]);
    const { rows: refused } = await engine.run([
      taught(ask(1, atInput(target(0)))),
      taught(ask(1, { kind: "fixations", target: { kind: "class", index: 0 } })),
      taught(projection(1, 1, [])),
      taught(ask(1, atInput({ kind: "channel", layer: layer ?? "", channel: feature }))),
      taught(ask(1, { kind: "network", layers: [layer ?? ""], score: target(0), drawn: 1, lines: false })),
      taught(ask(1, { kind: "network", layers: [layer ?? ""], score: null, drawn: 1, lines: true })),
    ]);
    assert.deepEqual(refused.map(({ ok }) => ok), [false, false, false, true, false, true]);
    assert.match(
      bad(refused[0] ?? rows[0] as GoodRow),
      /^Cannot compute the row: the gradient of a class needs a head/u,
    );
    await engine.setHead(TREE, null);
  });

  test("a head that does not fit is refused, and one that was never set or is forgotten fails its row alone", async (engine) => {
    await admit(engine, 1, "coffee");
    const { count } = featuresIn(engine);
    await assert.rejects(engine.setHead(OTHER, linearHead(count + 1)), {
      code: "bad-option",
      message: `Cannot set the head: it reads ${count + 1} features, and the network has ${count}`,
    });
    await engine.setHead(OTHER, linearHead(count));
    await engine.setHead(OTHER, null);
    const { rows } = await engine.run([{ ...ask(1), head: OTHER }, ask(1)]);
    assert.deepEqual(rows.map(({ ok }) => ok), [false, true]);
    assert.match(bad(rows[0] ?? assert.fail()), /expected a head that was set and not forgotten, got 13$/u);
  });

  test("a head is exchanged: the rows after it are the new one's", async (engine) => {
    await admit(engine, 1, "coffee");
    const { count } = featuresIn(engine);
    await engine.setHead(OTHER, linearHead(count));
    const probe = { ...ask(1), head: OTHER };
    const [first] = await run(engine, [probe]);
    await engine.setHead(OTHER, stump(count, 0, 0));
    const [second] = await run(engine, [probe]);
    assert.deepEqual([first?.logits.length, second?.logits.length], [3, 2]);
    await engine.setHead(OTHER, null);
  });
}

function featuresIn({ model: { features } }: Engine) {
  return features ?? assert.fail("the model has no features");
}

function halfOf({ model: { height, width } }: Engine) {
  return { top: 0, left: 0, height, width: width / 2 };
}

/** Three classes with weights that differ by class and feature. */
export function linearHead(width: number): Extract<HeadModel, { kind: "linear" }> {
  const over = (valueOf: (feature: number) => number) =>
    Array.from({ length: width }, (_, at) => valueOf(at));
  return {
    kind: "linear",
    classes: ["cup", "phone", "nothing in particular"],
    width,
    features: [],
    seed: 0,
    mean: over((feature) => 0.1 * (feature % 3)),
    deviation: over((feature) => 0.5 + 0.25 * (feature % 2)),
    weights: [1, 2, 3].map((c) => over((feature) => 0.01 * Math.sin(c * (feature + 1)))),
    bias: [0.5, -0.25, 0],
  };
}

/** The same numbers written out: w/σ of raw features, and the bias less what the means take. */
function logitsOf({ weights, mean, deviation, bias }: ReturnType<typeof linearHead>, features: Float32Array) {
  const kernel = weights.map((row) => row.map((weight, at) => weight / (deviation[at] ?? 1)));
  const raw = bias.map((value, c) =>
    value - (kernel[c] ?? []).reduce((sum, weight, at) => sum + weight * (mean[at] ?? 0), 0)
  );
  const logits = raw.map((value, c) =>
    value + (kernel[c] ?? []).reduce((sum, weight, at) => sum + weight * (features[at] ?? 0), 0)
  );
  return { logits, weights: { kernel, bias: raw } };
}

/** One decision: at most the threshold means the second class for sure. */
function stump(width: number, feature: number, threshold: number): TreeHead {
  const leaf = { feature: -1, threshold: 0, left: -1, right: -1 };
  return {
    kind: "tree",
    classes: ["cup", "phone"],
    width,
    features: [],
    seed: 0,
    tree: {
      nodes: [
        { feature, threshold, left: 1, right: 2, counts: [3, 5], impurity: 0.46875 },
        { ...leaf, counts: [0, 4], impurity: 0 },
        { ...leaf, counts: [3, 1], impurity: 0.375 },
      ],
    },
    importances: Array.from({ length: width }, (_, at) => at === feature ? 1 : 0),
  };
}
