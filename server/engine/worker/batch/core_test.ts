import assert from "node:assert/strict";
import { maxDifference, random, readPhoto } from "../../testing/goldens.ts";
import { computeNaively } from "../../graph/testing/naive.ts";
import { ModelWriter } from "../../graph/testing/model_writer.ts";
import { folderFiles, writeFolder } from "../../model/testing/model_folder.ts";
import { openModel } from "../../model/model.ts";
import type { Detail, Probe, Row, Score, Want } from "../../port.ts";
import { startBackend, stopBackend } from "../../threads/backend.ts";
import { EngineCore } from "./core.ts";

const SIDE = 12;
/** Values that reach beyond 6 and below 0 behind most layers. */
const VALUES = signs(SIDE * SIDE * 3, 3);
const LOGIT: Score = { kind: "target", target: { kind: "class", index: 1 }, score: "logit" };

Deno.test("EngineCore reads every layer with an output of height, width and channels, the folded ones too", async () => {
  await withCore(mobile(), (core, folder) => {
    const plain = computeNaively(folder.graph, { shape: [SIDE, SIDE, 3], values: new Float64Array(VALUES) });
    const layers = core.model.layers.filter(({ shape }) => shape.length === 3);
    assert.equal(layers.length, 16);
    const rows = run(core, layers.map(({ name }) => ({ kind: "layer", layer: name, score: null })));
    for (const [i, { name, shape }] of layers.entries()) {
      const { activation: { height, width, channels, values } } = detail(rows[i], "layer");
      assert.deepEqual([height, width, channels], shape);
      assert.ok(maxDifference(values, plain.get(name)?.values ?? []) < 1e-3, name);
    }
  });
});

Deno.test("EngineCore goes back to folded layers: their gradients make up those behind them", async () => {
  await withCore(mobile(), (core, folder) => {
    const names = ["expand_conv", "expand_bn", "expand_relu6"];
    const rows = run(core, names.map((layer) => ({ kind: "layer", layer, score: LOGIT })));
    const [conv, norm, relu] = rows.map((row) => detail(row, "layer"));
    const scale = folder.graph.nodes.find(({ name }) => name === "expand_bn");
    assert.ok(scale?.kind === "affine");
    const before = norm?.activation.values ?? [];
    const passed = relu?.gradient?.values.map((value, i) =>
      (before[i] ?? 0) > 0 && (before[i] ?? 0) < 6 ? value : 0
    );
    assert.ok(passed?.some((value) => value !== 0));
    assert.ok(maxDifference(norm?.gradient?.values ?? [], passed ?? [0]) < 1e-4);
    const scales = scale.weights.scale.values;
    const scaled = passed?.map((value, i) => value * (scales[i % scales.length] ?? NaN));
    assert.ok(maxDifference(conv?.gradient?.values ?? [], scaled ?? [0]) < 1e-4);
  });
});

const NETWORKS: Readonly<Record<string, () => ModelWriter>> = {
  "residual blocks whose ReLU6 saturate": mobile,
  "flattening, dense layers and curved functions": curved,
  "gates, joins and layers that nothing folds": gated,
};

for (const [what, write] of Object.entries(NETWORKS)) {
  Deno.test(`EngineCore makes up every score of inputs and biases: ${what}`, async () => {
    await withCore(write(), (core) => {
      const layer = core.model.layers.findLast(({ shape }) => shape.length === 3)?.name ?? "";
      const scores: Score[] = [
        LOGIT,
        { ...LOGIT, score: "probability" },
        { kind: "channel", layer, channel: 1 },
        { kind: "neuron", layer, row: 1, column: 2, channel: 0 },
      ];
      for (const row of run(core, scores.map((score) => ({ kind: "bias-terms", score })))) {
        const { score, input, gradient, total } = detail(row, "bias-terms");
        const reached = gradient.values.reduce((sum, slope, i) => sum + slope * (input.values[i] ?? NaN), 0);
        const missed = Math.abs(score - reached - total);
        assert.ok(missed <= 1e-3 * Math.abs(score), `missed ${score} by ${missed}`);
      }
    });
  });
}

Deno.test("EngineCore returns the terms of biases and of saturated ReLU6, each where it lies", async () => {
  await withCore(mobile(), (core) => {
    const [row] = run(core, [{ kind: "bias-terms", score: LOGIT }]);
    const { terms } = detail(row, "bias-terms");
    assert.deepEqual(terms.map(({ layer }) => layer), [
      "stem_bn",
      "stem_relu6:saturated",
      "expand_bn",
      "expand_relu6:saturated",
      "depthwise_bn",
      "depthwise_relu6:saturated",
      "project_bn",
      "head:linear",
    ]);
    const wants: Want[] = ["stem_bn", "stem_relu6"].map((layer) => ({ kind: "layer", layer, score: LOGIT }));
    const [, relu] = run(core, wants).map((row) => detail(row, "layer"));
    const saturated = terms[1];
    const wanted = Float32Array.from({ length: 36 }, (_, cell) => {
      let sum = 0;
      for (let c = 0; c < 4; c++) {
        if (relu?.activation.values[4 * cell + c] === 6) {
          sum += 6 * Math.abs(relu.gradient?.values[4 * cell + c] ?? NaN);
        }
      }
      return sum;
    });
    assert.ok(wanted.some((value) => value > 0));
    assert.ok(maxDifference(saturated?.sums ?? [], wanted) < 1e-3);
  });
});

Deno.test("EngineCore returns the same numbers from one pass for all rows of an input as from one for each", async () => {
  await withCore(mobile(), (core) => {
    const wants: Want[] = [
      { kind: "logits" },
      { kind: "layer", layer: "stem_relu6", score: null },
      { kind: "layer", layer: "expand_relu6", score: LOGIT },
      { kind: "layer", layer: "expand_conv", score: LOGIT },
      { kind: "input", score: LOGIT, rule: "plain" },
      { kind: "input", score: { ...LOGIT, score: "probability" }, rule: "guided" },
      { kind: "layer", layer: "stem_relu6", score: { kind: "channel", layer: "expand_relu6", channel: 1 } },
    ];
    const together = run(core, wants);
    for (const [place, want] of wants.entries()) {
      const [alone] = run(core, [want]);
      const row = together[place];
      const pairs = [[row?.logits, alone?.logits], ...pairsOf(row?.detail ?? null, alone?.detail ?? null)];
      for (const [values, wanted] of pairs) {
        assert.ok(wanted !== undefined && wanted.length > 0);
        assert.ok(maxDifference(values ?? [], wanted) < 1e-4, JSON.stringify(want));
      }
    }
  });
});

Deno.test("EngineCore shares what rows share: one detail for a class by rank and by index, one input for all", async () => {
  await withCore(mobile(), (core) => {
    const target = (target: Extract<Score, { kind: "target" }>["target"]): Want => ({
      kind: "input",
      score: { kind: "target", target, score: "logit" },
      rule: "plain",
    });
    const [first] = run(core, [{ kind: "logits" }]);
    const best = first?.logits.indexOf(Math.max(...first.logits)) ?? -1;
    const rows = run(core, [
      target({ kind: "rank", rank: 1 }),
      target({ kind: "class", index: best }),
      target({ kind: "rank", rank: 2 }),
    ]);
    const [byRank, byIndex, second] = rows.map((row) => detail(row, "input"));
    assert.equal(byRank, byIndex);
    assert.equal(byRank?.input, second?.input);
    assert.notDeepEqual(byRank?.gradient, second?.gradient);
  });
});

Deno.test("EngineCore keeps few forms of the network beside the fast one, and gives the others' constants back", async () => {
  await withCore(mobile(), (core) => {
    const wants = core.model.layers.filter(({ shape }) => shape.length === 3)
      .map(({ name }): Want => ({ kind: "layer", layer: name, score: LOGIT }));
    const round = () => {
      for (const want of wants) run(core, [want]);
      for (let randomHead = 0; randomHead < 10; randomHead++) run(core, wants.slice(0, 2), randomHead);
      run(core, [{ kind: "bias-terms", score: LOGIT }]);
      const { tensors, tensorBytes } = core.stats();
      return [tensors, tensorBytes];
    };
    const [first, second, third] = [round(), round(), round()];
    assert.deepEqual(second, first);
    assert.deepEqual(third, first);
  });
});

Deno.test("EngineCore gives each random head its own form, with the standard deviation of the real kernel and no bias", async () => {
  await withCore(mobile(), (core, folder) => {
    const dense = folder.graph.nodes.find(({ name }) => name === "logits");
    assert.ok(dense?.kind === "dense");
    const { values } = dense.weights.kernel;
    const zero = { kind: "input", values: new Float32Array(VALUES.length) } as const;
    const wants: Want[] = [{ kind: "layer", layer: "head", score: LOGIT }, {
      kind: "projection",
      top: 0,
      also: [1],
    }];
    const [gradient, maps] = core.run(
      wants.map((want): Probe => ({ frame: 1, variation: zero, want, randomHead: 7 })),
    )
      .rows.map(good);
    const slopes = detail(gradient, "layer").gradient?.values.slice(0, values.length / 3) ??
      new Float32Array();
    const spread = (numbers: Float32Array) => {
      const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
      return Math.sqrt(numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / numbers.length);
    };
    const cells = detail(gradient, "layer").activation.height * detail(gradient, "layer").activation.width;
    const ratio = cells * spread(slopes) / spread(values);
    assert.ok(ratio > 0.7 && ratio < 1.4, `standard deviation ${ratio} × the real one`);
    const mean = (maps?.projection?.values ?? new Float32Array()).reduce((sum, value) => sum + value, 0) /
      cells;
    assert.ok(Math.abs(mean - (maps?.logits[1] ?? NaN)) < 1e-4);
  });
});

Deno.test("EngineCore draws a head again only where a dense layer yields the logits", async () => {
  const writer = new ModelWriter(5);
  image(writer);
  writer.conv([3, 3, 3, 3], { name: "maps" });
  writer.add("GlobalAveragePooling2D", { name: "logits" });
  await withCore(writer, (core) => {
    const { rows: [row] } = core.run([{
      frame: 1,
      variation: { kind: "none" },
      want: { kind: "logits" },
      randomHead: 1,
    }]);
    assert.match(
      row?.ok === false ? row.reason : "",
      /random head needs a dense layer that yields the logits/u,
    );
  });
});

async function withCore(
  writer: ModelWriter,
  test: (core: EngineCore, folder: Awaited<ReturnType<typeof openModel>>) => void,
): Promise<void> {
  const logits = writer.layers.find(({ name }) => name === "logits");
  assert.ok(logits !== undefined);
  const source = { layers: writer.layers, weights: writer.weights, labels: ["a", "b", "c"] };
  const defaultLayer = writer.layers[1]?.name ?? "";
  await using files = await writeFolder(
    await folderFiles({ ...source, defaultLayer, logitsLayer: "logits" }),
  );
  const folder = await openModel(files.path);
  const core = new EngineCore(folder, await startBackend(1));
  try {
    await core.admit(1, "png", await readPhoto("coffee"));
    test(core, folder);
  } finally {
    stopBackend();
  }
}

/** Runs rows on the values of the tests. */
function run(
  core: EngineCore,
  wants: readonly Want[],
  randomHead?: number,
): readonly Extract<Row, { ok: true }>[] {
  const probes = wants.map((want): Probe => ({
    frame: 1,
    variation: { kind: "input", values: VALUES },
    want,
    ...(randomHead === undefined ? {} : { randomHead }),
  }));
  return core.run(probes).rows.map(good);
}

function image(writer: ModelWriter): string {
  return writer.add("InputLayer", { name: "input", batch_input_shape: [null, SIDE, SIDE, 3] }, []);
}

/** An inverted bottleneck as EfficientNet has them, every layer by its own name. */
function mobile(): ModelWriter {
  const writer = new ModelWriter(1);
  image(writer);
  const relu6 = (name: string) => writer.add("ReLU", { name, max_value: 6 });
  writer.conv([3, 3, 3, 4], { name: "stem_conv", strides: 2, use_bias: false });
  writer.batchNorm(4, { name: "stem_bn" });
  const stem = relu6("stem_relu6");
  writer.conv([1, 1, 4, 8], { name: "expand_conv", use_bias: false });
  writer.batchNorm(8, { name: "expand_bn" });
  relu6("expand_relu6");
  writer.depthwise([3, 3, 8, 1], { name: "depthwise_conv", use_bias: false });
  writer.batchNorm(8, { name: "depthwise_bn" });
  relu6("depthwise_relu6");
  writer.conv([1, 1, 8, 4], { name: "project_conv", use_bias: false });
  writer.batchNorm(4, { name: "project_bn" });
  writer.add("Add", { name: "sum" }, [stem, writer.last]);
  writer.add("Dropout", { name: "dropout" });
  writer.conv([3, 3, 4, 64], { name: "head", activation: "relu" });
  writer.add("MaxPooling2D", { name: "max", pool_size: 1 });
  writer.add("GlobalAveragePooling2D", { name: "pool" });
  writer.dense([64, 3], { name: "logits" });
  return writer;
}

function curved(): ModelWriter {
  const writer = new ModelWriter(2);
  image(writer);
  writer.conv([3, 3, 3, 4], { name: "first", activation: "swish" });
  writer.add("MaxPooling2D", { pool_size: 2 });
  writer.conv([3, 3, 4, 4], { activation: "sigmoid" });
  writer.add("LeakyReLU", { alpha: 0.1 });
  writer.conv([3, 3, 4, 4], { activation: "tanh", strides: 2 });
  writer.conv([1, 1, 4, 4], { name: "last", activation: "elu" });
  writer.add("Flatten");
  writer.dense([36, 16], { activation: "relu6" });
  writer.dense([16, 8], { activation: "sigmoid" });
  writer.dense([8, 3], { name: "logits" });
  return writer;
}

function gated(): ModelWriter {
  const writer = new ModelWriter(3);
  image(writer);
  const first = writer.conv([3, 3, 3, 4], { name: "first", activation: "relu" });
  writer.batchNorm(4);
  writer.add("ReLU", { max_value: 6 });
  const wide = writer.last;
  writer.add("GlobalAveragePooling2D", { keepdims: true });
  writer.conv([1, 1, 4, 4], { activation: "sigmoid" });
  const gate = writer.add("Multiply", {}, [wide, writer.last]);
  writer.add("Concatenate", {}, [gate, first]);
  writer.add("AveragePooling2D", { pool_size: 2 });
  writer.conv([3, 3, 8, 4], { name: "last" });
  writer.add("GlobalAveragePooling2D");
  writer.dense([4, 3], { name: "logits" });
  return writer;
}

function signs(length: number, reach: number): Float32Array {
  const next = random(4);
  return Float32Array.from({ length }, () => reach * (2 * next() - 1));
}

function good(row: Row): Extract<Row, { ok: true }> {
  if (row.ok) return row;
  throw new assert.AssertionError({ message: row.reason });
}

function detail<K extends Detail["kind"]>(row: Row | undefined, kind: K): Extract<Detail, { kind: K }> {
  const found = row?.ok ? row.detail : null;
  if (found?.kind === kind) return found as Extract<Detail, { kind: K }>;
  throw new assert.AssertionError({ message: `The row has ${found?.kind} instead of ${kind}` });
}

/** The numbers of two details of one kind, side by side. */
function pairsOf(a: Detail | null, b: Detail | null): (Float32Array | undefined)[][] {
  const numbers = (one: Detail | null) => {
    if (one?.kind === "layer") return [one.activation.values, one.gradient?.values];
    return one?.kind === "input" ? [one.input.values, one.gradient.values] : [];
  };
  const [of, wanted] = [numbers(a), numbers(b)];
  return wanted.flatMap((values, at) => values === undefined ? [] : [[of[at], values]]);
}

Deno.test("EngineCore refuses a model whose weights or layers are not finite, and names where it begins", async () => {
  const weights: (readonly [weight: string, value: number, message: RegExp])[] = [
    ["expand_conv/kernel", NaN, /got NaN in the kernel of layer 'expand_conv'; its weights are damaged/],
    ["depthwise_bn/moving_variance", -5, /got NaN in the scale of layer 'depthwise_bn'/],
    ["head/bias", Infinity, /got Infinity in the bias of layer 'head'/],
    // Finite weights whose sums are not.
    ["project_conv/kernel", 3e38, /got (-?Infinity|NaN) from layer 'project_conv' for a picture of noise/],
    ["logits/kernel", 3e38, /got (-?Infinity|NaN) from layer 'logits' for a picture of noise/],
  ];
  for (const [name, value, message] of weights) {
    const writer = mobile();
    const weight = writer.weights.get(name);
    assert.ok(weight, name);
    weight.values.fill(value);
    await assert.rejects(withCore(writer, () => {}), message);
  }
});

Deno.test("EngineCore fails a row whose logits are not finite, and leaves its neighbours alone", async () => {
  await withCore(mobile(), (core) => {
    const broken = { kind: "input", values: new Float32Array(SIDE * SIDE * 3).fill(NaN) } as const;
    const probes: Probe[] = [
      { frame: 1, variation: { kind: "none" }, want: { kind: "logits" } },
      { frame: 1, variation: broken, want: { kind: "logits" } },
      { frame: 1, variation: broken, want: { kind: "input", score: LOGIT, rule: "plain" } },
    ];
    const { rows } = core.run(probes);
    assert.deepEqual(rows.map(({ ok }) => ok), [true, false, false]);
    for (const row of rows.slice(1)) assert.match(row.ok ? "" : row.reason, /expected finite|finite/);
  });
});
