/** What every engine has to do where gradients, layers, biases and fixations are asked for. */
import assert from "node:assert/strict";
import {
  admit,
  ask,
  assertClose,
  atInput,
  bad,
  type Case,
  detail,
  dot,
  mean,
  run,
  target,
} from "./_contract_rows.ts";
import type { Engine, Probe, Score, Variation, Want } from "../port.ts";

/** Numbers may differ by what float32 makes of another order of sums. */
const TOLERANCE = 1e-4;

/** Registers the contract's cases about what rows have beside logits and projections. */
export function testGradients(test: Case): void {
  test("a gradient at the input foretells how a small step along it raises the score", async (engine) => {
    await admit(engine, 1, "coffee");
    const { layer, width, channels } = features(engine);
    const [row] = await run(engine, [ask(1, { kind: "layer", layer, score: null })]);
    // What a rectifier has cut off has no gradient.
    const { values } = detail(row, "layer").activation;
    const place = values.indexOf(values.reduce((a, b) => Math.max(a, b)));
    const [cell, channel] = [Math.floor(place / channels), place % channels];
    const live: Score[] = [
      target(4),
      target(4, "probability"),
      { kind: "channel", layer, channel },
      { kind: "neuron", layer, row: Math.floor(cell / width), column: cell % width, channel },
    ];
    for (const score of live) {
      const found = detail((await run(engine, [ask(1, atInput(score))]))[0], "input");
      const { input, gradient } = found;
      const slope = dot(gradient.values, gradient.values);
      const step = 1e-2 / Math.sqrt(slope);
      const stepped = (by: number): Variation => ({
        kind: "input",
        values: input.values.map((value, i) => value + by * (gradient.values[i] ?? NaN)),
      });
      const [up, down] = await run(engine, [step, -step].map((by) => ask(1, atInput(score), stepped(by))));
      const risen = (detail(up, "input").score - detail(down, "input").score) / (2 * step);
      assert.ok(
        Math.abs(risen - slope) < 0.02 * slope,
        `${score.kind}: rose by ${risen} instead of ${slope}`,
      );
    }
  });

  test("the score is the class's logit, its probability, or a mean or value of the layer", async (engine) => {
    await admit(engine, 1, "coffee");
    const { layer, height, width, channels } = features(engine);
    const [plain, activations] = await run(engine, [ask(1), ask(1, { kind: "layer", layer, score: null })]);
    const logits = plain?.logits ?? new Float32Array();
    const volume = detail(activations, "layer").activation;
    assert.deepEqual([volume.height, volume.width, volume.channels], [height, width, channels]);
    assert.equal(volume.values.length, height * width * channels);
    const powers = logits.map(Math.exp);
    const wanted = [
      logits[4] ?? NaN,
      (powers[4] ?? NaN) / powers.reduce((sum, power) => sum + power, 0),
      mean(volume.values.filter((_, i) => i % channels === 1)),
      volume.values[(2 * width + 1) * channels + 3] ?? NaN,
    ];
    const rows = await run(engine, scores(engine).map((score) => ask(1, atInput(score))));
    assertClose(rows.map((row) => detail(row, "input").score), wanted, TOLERANCE, "scores");
    assert.deepEqual(rows.map((row) => detail(row, "input").classIndex), [4, 4, null, null]);
  });

  test("a rank means the row's own ranking", async (engine) => {
    await admit(engine, 1, "coffee");
    await admit(engine, 2, "camera");
    const probes = [1, 2].map((frame) => ask(frame, atInput(target("#2"))));
    for (const row of await run(engine, probes)) {
      const order = [...row.logits.keys()].sort((a, b) => (row.logits[b] ?? 0) - (row.logits[a] ?? 0));
      const { classIndex, score } = detail(row, "input");
      assert.equal(classIndex, order[1]);
      assert.equal(score, row.logits[order[1] ?? -1]);
    }
  });

  test("several classes of one input, and rows of other kinds, have what each has alone", async (engine) => {
    await admit(engine, 1, "coffee");
    await admit(engine, 2, "camera");
    const probes = everything(engine);
    const together = await run(engine, probes);
    for (const [place, probe] of probes.entries()) {
      const [alone] = await run(engine, [probe]);
      const row = together[place];
      assertClose(row?.logits, alone?.logits, TOLERANCE, `logits of row ${place}`);
      assertAlike(row?.detail, alone?.detail, `row ${place}`);
    }
  });

  test("the gradient at the features is that of a linear head: with them it makes the logit but for a bias", async (engine) => {
    await admit(engine, 1, "coffee");
    await admit(engine, 2, "camera");
    const { layer, channels } = features(engine);
    const rows = await run(
      engine,
      [1, 2].map((frame) => ask(frame, { kind: "layer", layer, score: target(3) })),
    );
    const offsets = rows.map((row) => {
      const { activation, gradient, classIndex } = detail(row, "layer");
      assert.equal(classIndex, 3);
      // Pooled, every cell counts alike.
      assert.deepEqual(
        gradient?.values.subarray(0, channels),
        gradient?.values.subarray(channels, 2 * channels),
      );
      return (row.logits[3] ?? NaN) - dot(gradient?.values ?? new Float32Array(), activation.values);
    });
    assert.ok(Math.abs((offsets[0] ?? NaN) - (offsets[1] ?? NaN)) < TOLERANCE, `offsets ${offsets}`);
  });

  test("the gradient of a channel at its own layer is one share for each of its cells", async (engine) => {
    await admit(engine, 1, "coffee");
    const { layer, height, width, channels } = features(engine);
    const [row] = await run(engine, [
      ask(1, { kind: "layer", layer, score: { kind: "channel", layer, channel: 1 } }),
    ]);
    const { gradient } = detail(row, "layer");
    const wanted = Float32Array.from(
      { length: height * width * channels },
      (_, i) => i % channels === 1 ? 1 / (height * width) : 0,
    );
    assertClose(gradient?.values, wanted, 1e-7, "gradient");
  });

  test("the gradient of a probability weighs those of all logits", async (engine) => {
    await admit(engine, 1, "coffee");
    const { layer } = features(engine);
    const classes = Array.from({ length: engine.model.classes }, (_, c) => c);
    const wants = [...classes.map((c) => target(c)), target(4, "probability")]
      .map((score): Want => ({ kind: "layer", layer, score }));
    const rows = await run(engine, wants.map((want) => ask(1, want)));
    const gradients = rows.map((row) => detail(row, "layer").gradient?.values ?? new Float32Array());
    const powers = (rows[0]?.logits ?? new Float32Array()).map(Math.exp);
    const sum = powers.reduce((total, power) => total + power, 0);
    const shares = [...powers].map((power) => power / sum);
    const wanted = gradients[0]?.map((_, i) =>
      classes.reduce(
        (total, c) =>
          total + (shares[4] ?? NaN) * ((c === 4 ? 1 : 0) - (shares[c] ?? NaN)) * (gradients[c]?.[i] ?? NaN),
        0,
      )
    );
    assertClose(gradients.at(-1), wanted, 1e-6, "gradient");
  });

  test("input and biases make up the score", async (engine) => {
    await admit(engine, 1, "coffee");
    const rows = await run(engine, scores(engine).map((score) => ask(1, { kind: "bias-terms", score })));
    for (const row of rows) {
      const { score, input, gradient, terms, total } = detail(row, "bias-terms");
      const missed = score - dot(gradient.values, input.values) - total;
      assert.ok(Math.abs(missed) <= 1e-3 * Math.max(1, Math.abs(score)), `missed ${score} by ${missed}`);
      assert.ok(terms.length > 0);
      for (const { height, width, channels, sums, min, max } of terms) {
        assert.equal(sums.length, height * width);
        assert.ok(min >= 0 && max >= min && mean(sums) <= channels * max && mean(sums) >= channels * min);
      }
    }
  });

  test("fixations lie on pixels of the input", async (engine) => {
    await admit(engine, 1, "coffee");
    const [row] = await run(engine, [ask(1, { kind: "fixations", target: { kind: "rank", rank: 1 } })]);
    const { points, classIndex } = detail(row, "fixations");
    assert.equal(row?.logits[classIndex], Math.max(...row?.logits ?? []));
    assert.ok(points.length >= 2 && points.length % 2 === 0, `${points.length} numbers`);
    for (const [i, place] of points.entries()) {
      const side = i % 2 === 0 ? engine.model.height : engine.model.width;
      assert.ok(Number.isInteger(place) && place >= 0 && place < side, `${place} of ${side} px`);
    }
  });

  test("a drawing's lines out of a channel add up to what it adds to the class", async (engine) => {
    await admit(engine, 1, "coffee");
    const { layer: last } = features(engine);
    const first = before(engine, last);
    const score = target(4);
    const named = [[0, 1], everyChannel(engine, last)];
    const want = {
      kind: "network",
      layers: [first, last],
      score,
      drawn: named,
      lines: true,
      plane: { layer: first, channel: 1 },
    } as const;
    const [row, plain] = await run(engine, [ask(1, want), ask(1, { kind: "layer", layer: first, score })]);
    const { classIndex, stages: [early, late], plane: asked } = detail(row, "network");
    assert.equal(classIndex, 4);
    const { activation, gradient } = detail(plain, "layer");
    const products = activation.values.map((value, at) => value * (gradient?.values[at] ?? NaN));
    const sums = [0, 1].map((channel) =>
      products.reduce((sum, product, at) => at % activation.channels === channel ? sum + product : sum, 0)
    );
    assertClose([...early?.sums ?? []].slice(0, 2), sums, 1e-4, "contributions");
    const count = late?.drawn.length ?? 0;
    const lines = [0, 1].map((at) => early?.lines?.slice(at * count, (at + 1) * count) ?? new Float32Array());
    assertClose(lines.map((some) => some.reduce((a, b) => a + b, 0)), sums, 1e-4, "lines out of a channel");
    assert.ok(lines.some((some) => some.some((line) => line !== 0)));
    assert.equal(late?.lines, null);
    const plane = activation.values.filter((_, at) => at % activation.channels === 1);
    assertClose(
      (early?.planes.values ?? new Float32Array()).filter((_, at) => at % 2 === 1),
      plane,
      1e-6,
      "plane",
    );
    assertClose(asked?.values, plane, 1e-6, "the plane that was asked for");
    assert.equal(early?.peaks[1], Math.max(...plane));
    assert.equal(plane[early?.cells[1] ?? -1], early?.peaks[1]);
  });

  test("a drawing without a class draws the channels with the largest means, by the forward pass alone", async (engine) => {
    await admit(engine, 1, "coffee");
    const { layer } = features(engine);
    const want = { kind: "network", layers: [layer], score: null, drawn: 2, lines: false } as const;
    const [row, plain] = await run(engine, [ask(1, want), ask(1, { kind: "layer", layer, score: null })]);
    const { stages: [stage], classIndex } = detail(row, "network");
    const { values, channels } = detail(plain, "layer").activation;
    const means = Array.from(
      { length: channels },
      (_, channel) => mean(values.filter((_, at) => at % channels === channel)),
    );
    assertClose(stage?.sums, means, 1e-4, "means");
    const ranked = means.map((_, channel) => channel).sort((a, b) =>
      Math.abs(means[b] ?? 0) - Math.abs(means[a] ?? 0)
    );
    assert.deepEqual([classIndex, stage?.drawn], [null, ranked.slice(0, 2)]);
  });

  test("wants that cannot be met say why and leave their neighbours alone", async (engine) => {
    await admit(engine, 1, "coffee");
    const { layer, height, channels } = features(engine);
    const wrong: Want[] = [
      { kind: "layer", layer: "nowhere", score: null },
      { kind: "layer", layer: "logits", score: null },
      atInput(target(engine.model.classes)),
      atInput(target("#0")),
      atInput({ kind: "channel", layer, channel: channels }),
      atInput({ kind: "neuron", layer, row: height, column: 0, channel: 0 }),
      { kind: "bias-terms", score: target(-1) },
      { kind: "fixations", target: { kind: "class", index: 0.5 } },
      { kind: "network", layers: [], score: null, drawn: 1, lines: false },
      { kind: "network", layers: [layer, "nowhere"], score: null, drawn: 1, lines: false },
      { kind: "network", layers: [layer, "input"], score: null, drawn: 1, lines: false },
      { kind: "network", layers: [layer], score: target(-1), drawn: 1, lines: false },
      { kind: "network", layers: [layer], score: null, drawn: 1.5, lines: false },
      { kind: "network", layers: [layer], score: null, drawn: [], lines: false },
      { kind: "network", layers: [layer], score: null, drawn: [[channels]], lines: false },
      {
        kind: "network",
        layers: [layer],
        score: null,
        drawn: 1,
        lines: false,
        plane: { layer: "input", channel: 0 },
      },
    ];
    const probes = [...wrong.map((want) => ask(1, want)), ask(1, atInput(target(0)))];
    const { rows } = await engine.run(probes);
    assert.deepEqual(rows.map(({ ok }) => ok), [...wrong.map(() => false), true]);
    for (const row of rows.slice(0, -1)) {
      assert.match(bad(row), /^Cannot compute the row: expected .*, got /u);
    }
  });

  test("identical rows are identical, and nothing is left behind", async (engine) => {
    await admit(engine, 1, "coffee");
    await admit(engine, 2, "camera");
    const probes = everything(engine);
    const { rows } = await engine.run([...probes, ...probes]);
    assert.deepEqual(rows.slice(0, probes.length), rows.slice(probes.length));
    const { tensors, tensorBytes } = await engine.stats();
    for (let batch = 0; batch < 3; batch++) await engine.run(probes);
    const after = await engine.stats();
    assert.deepEqual([after.tensors, after.tensorBytes], [tensors, tensorBytes]);
  });
}

/** A layer with an output of height, width and channels that pooling and a dense layer make the logits of. */
function features({ model }: Engine) {
  const layer = model.projectionLayer ?? "";
  const [height = 0, width = 0, channels = 0] = model.layers.find(({ name }) => name === layer)?.shape ?? [];
  return { layer, height, width, channels };
}

/** A layer that feeds another one, with an output of height, width and channels like it. */
function before({ model: { layers } }: Engine, layer: string): string {
  const earlier = layers.slice(0, layers.findIndex(({ name }) => name === layer));
  return earlier.findLast(({ shape }) => shape.length === 3)?.name ?? "";
}

function everyChannel({ model: { layers } }: Engine, layer: string): readonly number[] {
  const channels = layers.find(({ name }) => name === layer)?.shape.at(-1) ?? 0;
  return Array.from({ length: channels }, (_, channel) => channel);
}

/** A score of every kind. */
function scores(engine: Engine): readonly Score[] {
  const { layer } = features(engine);
  return [
    target(4),
    target(4, "probability"),
    { kind: "channel", layer, channel: 1 },
    { kind: "neuron", layer, row: 2, column: 1, channel: 3 },
  ];
}

/** Rows of every kind on two frames, with and without a random head. */
function everything(engine: Engine): readonly Probe[] {
  const { layer } = features(engine);
  const wants: Want[] = [
    { kind: "logits" },
    { kind: "projection", top: 2, also: [7] },
    { kind: "layer", layer, score: null },
    { kind: "layer", layer, score: target(1) },
    { kind: "layer", layer: "input", score: target(1) },
    ...[1, 2, 3].map((c) => atInput(target(c))),
    atInput(target(1), "guided"),
    atInput(target(1), "redirected"),
    ...scores(engine).map((score): Want => ({ kind: "bias-terms", score })),
    { kind: "fixations", target: { kind: "class", index: 5 } },
    { kind: "network", layers: [before(engine, layer), layer], score: target(3), drawn: 2, lines: true },
    { kind: "network", layers: [before(engine, layer), layer], score: null, drawn: 2, lines: false },
  ];
  const plain = wants.flatMap((want) => [ask(1, want), ask(2, want)]);
  const random = wants.map((want): Probe => ({ ...ask(1, want), randomHead: 9 }));
  const scaled = [1, 2].map((c) => ask(1, atInput(target(c)), { kind: "scale", alpha: 0.3, base: "blur" }));
  return [...plain, ...random, ...scaled];
}

/** Fails where two details are of another form, or their numbers differ by more than float32's sums do. */
function assertAlike(a: unknown, b: unknown, what: string): void {
  if (a instanceof Float32Array && b instanceof Float32Array) return assertClose(a, b, 1e-3, what);
  if (typeof a === "number" && typeof b === "number") return assertClose([a], [b], 1e-3, what);
  if (typeof a !== "object" || a === null || typeof b !== "object" || b === null) {
    return assert.equal(a, b, what);
  }
  assert.deepEqual(Object.keys(a), Object.keys(b), what);
  const others = Object.values(b);
  for (const [i, value] of Object.values(a).entries()) {
    assertAlike(value, others[i], `${what}, ${Object.keys(a)[i]}`);
  }
}
