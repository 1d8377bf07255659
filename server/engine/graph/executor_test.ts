import assert from "node:assert/strict";
import { maxDifference, random } from "../testing/goldens.ts";
import { startBackend } from "../threads/backend.ts";
import { ANY_RANK_LAYERS } from "./testing/any_rank_layers.ts";
import { CURVES, CURVES_OF_POSITIVE } from "./testing/curves.ts";
import { computeNaively } from "./testing/naive.ts";
import { ModelWriter } from "./testing/model_writer.ts";
import { Executor } from "./executor.ts";
import { type Graph, nodeNamed } from "./graph.ts";
import { Kernels } from "./kernels.ts";
import { optimise } from "./optimise.ts";

const kernels = new Kernels((await startBackend(1)).backend);

/** Float32 against float64, on values of a few units. */
const TOLERANCE = 1e-4;

const SAME = { padding: "same" } as const;
const VALID = { padding: "valid" } as const;

/** A convolution without anything in particular. */
const PLAIN = { strides: [1, 1], dilations: [1, 1], activation: "linear" } as const;

/** Larger and smaller, even and odd: 11 × 7 cells are resized. */
const RESIZINGS = ([[5, 3], [17, 14], [11, 1]] as const).flatMap((size) =>
  (["nearest", "bilinear"] as const).flatMap((interpolation) =>
    (["half-pixel", "align-corners", "asymmetric"] as const).map((positions) =>
      [size, interpolation, positions] as const
    )
  )
);

const CUBICS = ([[5, 3], [17, 14]] as const).flatMap((size) =>
  ([["half-pixel", -0.75, false], ["align-corners", -0.5, true], ["asymmetric", -0.5, false]] as const).map(
    ([positions, coefficient, insideOnly]) => [size, positions, coefficient, insideOnly] as const,
  )
);

/** One layer each, on a picture of odd sides. */
const LAYERS: Readonly<Record<string, (writer: ModelWriter) => void>> = {
  "Conv2D 1×1": (w) => w.conv([1, 1, 3, 5]),
  "Conv2D 3×3 stride 2 same": (w) => w.conv([3, 3, 3, 4], { strides: [2, 2], ...SAME }),
  "Conv2D 5×3 valid": (w) => w.conv([5, 3, 3, 4], VALID),
  "Conv2D 3×3 strides 2, 1": (w) => w.conv([3, 3, 3, 4], { strides: [2, 1], ...VALID }),
  "Conv2D 3×3 dilated": (w) => w.conv([3, 3, 3, 4], { dilation_rate: [2, 2], ...SAME }),
  "Conv2D without bias": (w) => w.conv([3, 3, 3, 4], { use_bias: false }),
  "DepthwiseConv2D 3×3": (w) => w.depthwise([3, 3, 3, 1]),
  "DepthwiseConv2D 5×5 stride 2": (w) => w.depthwise([5, 5, 3, 1], { strides: [2, 2] }),
  "DepthwiseConv2D of multiplier 2": (w) => w.depthwise([3, 3, 3, 2], VALID),
  "BatchNormalization alone": (w) => w.batchNorm(3),
  "ReLU": (w) => w.add("ReLU"),
  "ReLU of at most 6": (w) => w.add("ReLU", { max_value: 6 }),
  "Activation elu": (w) => w.add("Activation", { activation: "elu" }),
  "Activation sigmoid": (w) => w.add("Activation", { activation: "sigmoid" }),
  "Activation tanh": (w) => w.add("Activation", { activation: "tanh" }),
  "Activation linear": (w) => w.add("Activation", { activation: "linear" }),
  "Rescaling": (w) => w.add("Rescaling", { scale: 0.5, offset: [1, 2, 3] }),
  "Normalization": (w) => {
    w.weight("scaled/mean", [3]);
    w.weight("scaled/variance", [3]).values.set([0.5, 2, 0]);
    w.add("Normalization", { name: "scaled", axis: [-1] });
  },
  "SeparableConv2D": (w) => w.separable([3, 3, 3, 2], 4, { strides: [2, 2], activation: "relu" }),
  "ReLU with all its settings": (w) => w.add("ReLU", { max_value: 1, negative_slope: 0.1, threshold: 0.5 }),
  "LeakyReLU": (w) => w.add("LeakyReLU", { alpha: 0.2 }),
  "PReLU": (w) => {
    w.weight("bent/alpha", [1, 1, 3]);
    w.add("PReLU", { name: "bent", shared_axes: [1, 2] });
  },
  "PReLU of one slope for all": (w) => {
    w.weight("bent/alpha", [1, 1, 1]);
    w.add("PReLU", { name: "bent", shared_axes: [1, 2, 3] });
  },
  "ELU": (w) => w.add("ELU"),
  "Activation swish": (w) => w.add("Activation", { activation: "swish" }),
  "Activation hard_sigmoid": (w) => w.add("Activation", { activation: "hard_sigmoid" }),
  "Activation hard_swish": (w) => w.add("Activation", { activation: "hard_swish" }),
  "Activation gelu": (w) => w.add("Activation", { activation: "gelu" }),
  "Activation gelu_new": (w) => w.add("Activation", { activation: "gelu_new" }),
  "Softmax over channels": (w) => w.add("Softmax"),
  "Multiply of a value with its mean": (w) =>
    w.add("Multiply", {}, [w.last, w.add("GlobalAveragePooling2D", { keepdims: true })]),
  "Concatenate": (w) => w.add("Concatenate", { axis: 3 }, [w.last, w.conv([1, 1, 3, 2]), w.last]),
  "GlobalMaxPooling2D": (w) => w.add("GlobalMaxPooling2D"),
  "UpSampling2D": (w) => w.add("UpSampling2D", { size: [2, 3] }),
  "UpSampling2D bilinear": (w) => w.add("UpSampling2D", { size: [3, 2], interpolation: "bilinear" }),
  "Reshape": (w) => w.add("Reshape", { target_shape: [7, -1, 3] }),
  "Add of three": (w) => w.add("Add", {}, [w.last, w.conv([1, 1, 3, 3]), w.conv([3, 3, 3, 3])]),
  "Add of one value to itself": (w) => w.add("Add", {}, [w.last, w.last]),
  "ZeroPadding2D by one number": (w) => w.add("ZeroPadding2D", { padding: 2 }),
  "ZeroPadding2D by axis": (w) => w.add("ZeroPadding2D", { padding: [1, 2] }),
  "ZeroPadding2D by side": (w) => w.add("ZeroPadding2D", { padding: [[0, 1], [2, 3]] }),
  "Cropping2D": (w) => w.add("Cropping2D", { cropping: [[0, 1], [2, 3]] }),
  "MaxPooling2D": (w) => w.add("MaxPooling2D", {}),
  "MaxPooling2D 3×3 stride 2 same": (w) =>
    w.add("MaxPooling2D", { pool_size: [3, 3], strides: [2, 2], ...SAME }),
  "AveragePooling2D 3×3 stride 1 same": (w) =>
    w.add("AveragePooling2D", { pool_size: 3, strides: 1, ...SAME }),
  "AveragePooling2D 2×3": (w) => w.add("AveragePooling2D", { pool_size: [2, 3] }),
  "GlobalAveragePooling2D": (w) => w.add("GlobalAveragePooling2D"),
  "GlobalAveragePooling2D with its sides kept": (w) => w.add("GlobalAveragePooling2D", { keepdims: true }),
  "Conv2D in groups": (w) => {
    w.conv([1, 1, 3, 6]);
    w.conv([3, 3, 2, 9], { groups: 3, strides: [2, 1], activation: "relu" });
  },
  "a convolution with uneven borders": (w) =>
    w.operation(
      "conv",
      { ...PLAIN, strides: [2, 2], padding: { rows: [3, 2], columns: [0, 1] }, groups: 1 },
      {
        kernel: w.weight("own/kernel", [5, 3, 3, 4]),
        bias: w.weight("own/bias", [4]),
      },
    ),
  "a 1×1 convolution with a border": (w) =>
    w.operation("conv", { ...PLAIN, padding: { rows: [1, 1], columns: [1, 2] }, groups: 1 }, {
      kernel: w.weight("own/kernel", [1, 1, 3, 4]),
      bias: w.weight("own/bias", [4]),
    }),
  "a depthwise convolution with uneven borders": (w) =>
    w.operation("depthwise", { ...PLAIN, strides: [2, 1], padding: { rows: [2, 0], columns: [1, 2] } }, {
      kernel: w.weight("own/kernel", [3, 3, 3, 1]),
      bias: w.weight("own/bias", [3]),
    }),
  "max pooling with uneven borders": (w) => {
    w.add("Rescaling", { scale: 1, offset: -9 });
    w.operation(
      "max-pool",
      { size: [3, 4], strides: [2, 3], padding: { rows: [1, 2], columns: [3, 0] } },
      {},
    );
  },
  "average pooling with uneven borders": (w) =>
    w.operation("average-pool", {
      size: [3, 4],
      strides: [2, 3],
      padding: { rows: [1, 2], columns: [3, 0] },
      countPadding: false,
    }, {}),
  "average pooling that counts its borders": (w) =>
    w.operation("average-pool", {
      size: [3, 4],
      strides: [1, 3],
      padding: { rows: [1, 2], columns: [3, 0] },
      countPadding: true,
    }, {}),
  "average pooling of padding same that counts its borders": (w) =>
    w.operation("average-pool", { size: [3, 4], strides: [2, 2], padding: "same", countPadding: true }, {}),
  ...Object.fromEntries(RESIZINGS.map(([size, interpolation, positions]) => [
    `resizing to ${size}, ${interpolation}, ${positions}`,
    (w: ModelWriter) => w.operation("resize", { size, interpolation, positions }, {}),
  ])),
  ...Object.fromEntries(CURVES.map((activation) => [
    `the function ${JSON.stringify(activation)}`,
    (w: ModelWriter) => w.operation("activation", activation, {}),
  ])),
  ...Object.fromEntries(CURVES_OF_POSITIVE.map((activation) => [
    `the function ${JSON.stringify(activation)} of positive numbers`,
    (w: ModelWriter) => {
      w.add("Rescaling", { scale: 1, offset: 2.5 });
      w.operation("activation", activation, {});
    },
  ])),
  ...Object.fromEntries(CUBICS.map(([size, positions, coefficient, insideOnly]) => [
    `resizing to ${size} by cubics of ${coefficient}, ${positions}, ${insideOnly ? "inside" : "continued"}`,
    (w: ModelWriter) =>
      w.operation("resize", { size, interpolation: { coefficient, insideOnly }, positions }, {}),
  ])),
  "max pooling with gaps": (w) => {
    w.add("Rescaling", { scale: 1, offset: -9 });
    w.operation("max-pool", {
      size: [3, 2],
      strides: [2, 1],
      dilations: [2, 3],
      padding: { rows: [2, 1], columns: [1, 2] },
    }, {});
  },
  ...Object.fromEntries([true, false].map((countPadding) => [
    `average pooling with gaps${countPadding ? " that counts its borders" : ""}`,
    (w: ModelWriter) =>
      w.operation("average-pool", {
        size: [3, 3],
        strides: [1, 2],
        dilations: [3, 1],
        padding: "same",
        countPadding,
      }, {}),
  ])),
  "spreading by strides": (w) => w.operation("spread", { strides: [2, 3] }, {}),
  "Conv2DTranspose": (w) => w.transposed([3, 2, 5, 3], { strides: [2, 3], ...SAME, activation: "relu" }),
  "Flatten": (w) => w.add("Flatten"),
  "Dropout": (w) => w.add("Dropout", { rate: 0.5 }),
};

for (const [name, write] of Object.entries({ ...LAYERS, ...ANY_RANK_LAYERS })) {
  Deno.test(`Executor.forward() computes ${name} as it is defined`, () => {
    const writer = new ModelWriter(7);
    writer.input(11, 7);
    write(writer);
    const layer = writer.last;
    writer.add("Flatten");
    compare(writer.build(), writer.build(), [layer]);
  });
}

for (const activation of ["relu", "relu6", "elu", "sigmoid", "tanh"]) {
  Deno.test(`optimise() keeps the values of layers with ${activation} of their own`, () => {
    const writer = new ModelWriter(3);
    writer.input(9, 13);
    writer.conv([3, 3, 3, 4], { activation, strides: [2, 2] });
    writer.depthwise([3, 3, 4, 1], { activation });
    writer.add("GlobalAveragePooling2D");
    writer.dense([4, 5], { activation });
    writer.dense([5, 2]);
    const plain = writer.build();
    compare(optimise(plain), plain);
  });
}

Deno.test("optimise() keeps every value of random networks", () => {
  for (let seed = 0; seed < 60; seed++) {
    const plain = randomNetwork(seed);
    compare(optimise(plain), plain, undefined, `seed ${seed}`);
  }
});

Deno.test("Executor.forward() gives each row of a batch what it gives it alone", () => {
  const executor = new Executor(optimise(randomNetwork(5)), kernels);
  const { graph } = executor;
  const { shape } = nodeNamed(graph, graph.input);
  const rows = [1, 2, 3].map((seed) => noise(shape, seed));
  const alone = rows.map((row) => run(executor, [row], [graph.logits])[0] ?? []);
  const together = run(executor, rows, [graph.logits])[0] ?? [];
  assert.ok(maxDifference(alone.flatMap((values) => [...values]), together) < 1e-6);
  executor.dispose();
});

Deno.test("Executor.forward() frees all but what it keeps, dispose() the constants", () => {
  const before = [kernels.count, kernels.bytes];
  const executor = new Executor(randomNetwork(11), kernels);
  const { graph } = executor;
  const constants = [kernels.count, kernels.bytes];
  const names = graph.nodes.filter(({ kind }) => kind !== "input").map(({ name }) => name);
  const input = upload(executor, [noise(nodeNamed(graph, graph.input).shape, 1)]);
  for (const keep of [[], [graph.logits], names, names.slice(3, 5)]) {
    const kept = executor.forward(input, keep);
    assert.equal(kept.length, keep.length);
    kept.forEach((value) => kernels.free(value));
    assert.equal(kernels.count, (constants[0] ?? 0) + 1, `after keeping ${keep}`);
  }
  kernels.free(input);
  assert.deepEqual([kernels.count, kernels.bytes], constants);
  executor.dispose();
  assert.deepEqual([kernels.count, kernels.bytes], before);
});

Deno.test("Executor.forward() refuses a name that the graph does not have", () => {
  const executor = new Executor(randomNetwork(2), kernels);
  const input = upload(executor, [noise(nodeNamed(executor.graph, executor.graph.input).shape, 1)]);
  assert.throws(() => executor.forward(input, ["nowhere"]), /no node nowhere/u);
  kernels.free(input);
  executor.dispose();
});

/** A chain with residuals, of random layers on a picture of random, mostly odd sides. */
function randomNetwork(seed: number): Graph {
  const w = new ModelWriter(seed);
  w.input(w.integer(9, 17), w.integer(9, 17));
  let channels = 3;
  const activation = () => w.pick(["linear", "relu", "relu6", "elu", "sigmoid", "tanh"]);
  for (let block = 0; block < w.integer(2, 5); block++) {
    const size = w.pick([1, 3, 5]);
    const config = { strides: w.pick([1, 1, 2]), use_bias: w.pick([true, false]), activation: activation() };
    const kind = w.pick(["conv", "depthwise", "residual", "other"]);
    if (kind === "conv") {
      const filters = w.integer(1, 6);
      w.conv([size, size, channels, filters], config);
      channels = filters;
    } else if (kind === "depthwise") {
      const multiplier = w.pick([1, 1, 2]);
      w.depthwise([size, size, channels, multiplier], config);
      channels *= multiplier;
    } else if (kind === "residual") {
      const from = w.last;
      w.conv([size, size, channels, channels]);
      w.batchNorm(channels);
      w.add("Add", {}, [from, w.last]);
    } else {
      w.pick([
        () => w.add("Dropout"),
        () => w.batchNorm(channels),
        () => w.add("ZeroPadding2D", { padding: 1 }),
        () => {
          w.add("ZeroPadding2D", { padding: [[w.integer(0, 2), 1], [0, w.integer(0, 3)]] });
          w.conv([3, 3, channels, channels], { padding: "valid", strides: w.pick([1, 2]) });
        },
      ])();
    }
    if (w.pick([true, false])) w.batchNorm(channels, { epsilon: 1e-3, center: w.pick([true, false]) });
    if (w.pick([true, false])) w.add("ReLU", { max_value: w.pick([6, null]) });
    if (w.pick([true, false])) w.add("Activation", { activation: activation() });
  }
  w.add(w.pick(["GlobalAveragePooling2D", "Flatten"]));
  if (w.last && w.pick([true, false])) w.add("Dropout");
  const features = w.build().nodes.at(-1)?.shape[0] ?? 0;
  w.dense([features, 4], { activation: w.pick(["linear", "softmax", "sigmoid"]) });
  return w.build();
}

/** Holds nodes of a graph, by default all, against the naive values of the plain one. */
function compare(graph: Graph, plain: Graph, layers?: readonly string[], label = ""): void {
  const { shape } = nodeNamed(plain, plain.input);
  const picture = noise(shape, 42);
  const wanted = computeNaively(plain, { shape, values: Float64Array.from(picture) });
  const names = layers ?? graph.nodes.filter(({ kind }) => kind !== "input").map(({ name }) => name);
  const executor = new Executor(graph, kernels);
  for (const [index, values] of run(executor, [picture], names).entries()) {
    const name = names[index] ?? "";
    const naive = wanted.get(name);
    const scale = Math.max(1, ...(naive?.values ?? []).map(Math.abs));
    const difference = maxDifference(values, naive?.values ?? []) / scale;
    assert.ok(difference < TOLERANCE, `${label} ${name}: differs by ${difference} of ${scale}`);
  }
  executor.dispose();
}

function run(
  executor: Executor,
  rows: readonly Float32Array[],
  keep: readonly string[],
): readonly Float32Array[] {
  const input = upload(executor, rows);
  const kept = executor.forward(input, keep);
  const read = kept.map((value) => kernels.view(value).slice());
  for (const value of [input, ...kept]) kernels.free(value);
  return read;
}

function upload({ graph }: Executor, rows: readonly Float32Array[]) {
  const values = Float32Array.from(rows.flatMap((row) => [...row]));
  return kernels.upload([rows.length, ...nodeNamed(graph, graph.input).shape], values);
}

function noise(shape: readonly number[], seed: number): Float32Array {
  const next = random(seed);
  return Float32Array.from(
    { length: shape.reduce((product, side) => product * side, 1) },
    () => 4 * next() - 2,
  );
}
