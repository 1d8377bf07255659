import assert from "node:assert/strict";
import { ModelWriter } from "./testing/model_writer.ts";
import { type Draft } from "./graph.ts";
import { readLayer } from "./layers.ts";

/** Layers as model.json has them, and the operations that they are read into. */
const READ: readonly [string, Record<string, unknown>, Pick<Draft, "kind" | "attrs">][] = [
  ["ReLU", { max_value: null }, { kind: "activation", attrs: { function: "relu" } }],
  ["ReLU", { max_value: 6, negative_slope: 0, threshold: 0 }, {
    kind: "activation",
    attrs: { function: "relu6" },
  }],
  ["ReLU", { max_value: null, negative_slope: 0.25, threshold: 1 }, {
    kind: "activation",
    attrs: { function: "rectifier", slope: 0.25, threshold: 1, max: Infinity },
  }],
  ["LeakyReLU", {}, {
    kind: "activation",
    attrs: { function: "rectifier", slope: 0.3, threshold: 0, max: Infinity },
  }],
  ["Activation", { activation: "silu" }, { kind: "activation", attrs: { function: "swish" } }],
  ["Activation", { activation: { class_name: "function", config: "relu6", module: "builtins" } }, {
    kind: "activation",
    attrs: { function: "relu6" },
  }],
  ["Concatenate", {}, { kind: "concat", attrs: { axis: -1 } }],
  ["Multiply", {}, { kind: "multiply", attrs: {} }],
  ["UpSampling2D", { size: [2, 3], interpolation: "bilinear" }, {
    kind: "upsample",
    attrs: { factors: [2, 3], interpolation: "bilinear" },
  }],
  ["Reshape", { target_shape: [1, 1, -1] }, { kind: "reshape", attrs: { shape: [1, 1, -1] } }],
  ["RandomFlip", { mode: "horizontal" }, { kind: "identity", attrs: {} }],
  ["TFOpLambda", { function: "nn.relu6" }, { kind: "activation", attrs: { function: "relu6" } }],
  ["Activation", { activation: "tanh" }, { kind: "activation", attrs: { function: "tanh" } }],
  ["Activation", { activation: "softmax" }, { kind: "softmax", attrs: { axis: -1 } }],
  ["Softmax", { axis: [1] }, { kind: "softmax", attrs: { axis: 1 } }],
  ["Activation", { activation: "linear" }, { kind: "identity", attrs: {} }],
  ["ZeroPadding2D", { padding: [[0, 1], [2, 3]] }, { kind: "pad", attrs: { rows: [0, 1], columns: [2, 3] } }],
  ["ZeroPadding2D", { padding: [4, 5] }, { kind: "pad", attrs: { rows: [4, 4], columns: [5, 5] } }],
  ["MaxPooling2D", { pool_size: [3, 2] }, {
    kind: "max-pool",
    attrs: { size: [3, 2], strides: [3, 2], padding: "valid" },
  }],
  ["AveragePooling2D", { pool_size: 3, strides: [1, 2], padding: "same" }, {
    kind: "average-pool",
    attrs: { size: [3, 3], strides: [1, 2], padding: "same", countPadding: false },
  }],
  ["Activation", { activation: "selu" }, { kind: "activation", attrs: { function: "selu" } }],
  ["Activation", { activation: "mish" }, { kind: "activation", attrs: { function: "mish" } }],
  ["Activation", { activation: "exponential" }, { kind: "activation", attrs: { function: "exp" } }],
  ["Activation", { activation: "hard_tanh" }, {
    kind: "activation",
    attrs: { function: "clip", scale: 1, shift: 0, min: -1, max: 1 },
  }],
  ["Resizing", { height: 5, width: 7, interpolation: "nearest", crop_to_aspect_ratio: false }, {
    kind: "resize",
    attrs: { size: [5, 7], interpolation: "nearest", positions: "half-pixel" },
  }],
  ["Resizing", { height: 5, width: 7, interpolation: "bicubic" }, {
    kind: "resize",
    attrs: { size: [5, 7], interpolation: { coefficient: -0.5, insideOnly: true }, positions: "half-pixel" },
  }],
  ["ELU", { alpha: 1 }, { kind: "activation", attrs: { function: "elu" } }],
  ["ELU", { alpha: 0.25 }, {
    kind: "activation",
    attrs: { function: "exponential-linear", scale: 1, limit: 0.25, rate: 1 },
  }],
  ["TimeDistributed", { layer: { class_name: "ReLU", config: { name: "inner", max_value: 6 } } }, {
    kind: "activation",
    attrs: { function: "relu6" },
  }],
  ["GlobalAveragePooling2D", {}, { kind: "global-average-pool", attrs: { keepDims: false } }],
];

for (const [className, config, { kind, attrs }] of READ) {
  Deno.test(`readLayer() reads ${className} ${JSON.stringify(config)}`, () => {
    const drafts = readLayer({ name: "layer", className, config, inputs: ["before"] }, () => null);
    assert.deepEqual(drafts, [{ kind, name: "layer", className, inputs: ["before"], attrs, weights: {} }]);
  });
}

const ARITHMETIC: readonly [string, number, number, number][] = [
  ["__operators__.add", 3, 1, 3],
  ["math.subtract", 3, 1, -3],
  ["math.multiply", 3, 3, 0],
  ["math.truediv", 4, 0.25, 0],
];

for (const [name, y, scale, shift] of ARITHMETIC) {
  Deno.test(`readLayer() reads ${name} as a factor and a summand`, () => {
    const config = { function: name, call: { y } };
    const [node] = readLayer({ name: "op", className: "TFOpLambda", config, inputs: ["before"] }, () => null);
    assert.ok(node?.kind === "affine");
    assert.deepEqual([node.weights.scale, node.weights.shift].map(({ values }) => [...values]), [[scale], [
      shift,
    ]]);
  });
}

Deno.test("readLayer() refuses a function that it does not know", () => {
  const layer = { name: "op", className: "TFOpLambda", config: { function: "math.erf" }, inputs: ["before"] };
  assert.throws(() => readLayer(layer, () => null), /TFOpLambda layer op, got math\.erf/u);
});

Deno.test("readLayer() reads a separable convolution as two", () => {
  const writer = new ModelWriter(1);
  writer.separable([3, 3, 2, 2], 5, { name: "separable", strides: [2, 2], activation: "relu" });
  const drafts = read(writer);
  assert.deepEqual(drafts.map(({ name, kind, inputs }) => [name, kind, inputs]), [
    ["separable:depthwise", "depthwise", []],
    ["separable:linear", "conv", ["separable:depthwise"]],
    ["separable", "activation", ["separable:linear"]],
  ]);
});

Deno.test("readLayer() reads a convolution with its strides, its border and an activation of its own", () => {
  const writer = new ModelWriter(1);
  writer.conv([3, 3, 2, 4], {
    name: "conv",
    strides: [2, 1],
    padding: "valid",
    activation: "relu6",
    use_bias: false,
  });
  const [linear, activation] = read(writer);
  assert.ok(linear?.kind === "conv");
  assert.deepEqual(linear.attrs, {
    strides: [2, 1],
    dilations: [1, 1],
    padding: "valid",
    groups: 1,
    activation: "linear",
  });
  assert.equal(linear.weights.kernel, writer.weights.get("conv/kernel"));
  assert.deepEqual(linear.weights.bias, { shape: [4], values: new Float32Array(4) });
  assert.ok(activation?.kind === "activation");
  assert.deepEqual(
    [activation.name, activation.inputs, activation.attrs],
    ["conv", [linear.name], { function: "relu6" }],
  );
});

Deno.test("readLayer() works a batch norm's statistics into one factor and one summand per channel", () => {
  for (const config of [{ epsilon: 0.5 }, { epsilon: 0.5, scale: false }, { center: false }, {}]) {
    const writer = new ModelWriter(4);
    writer.batchNorm(3, { name: "bn", ...config });
    const [gamma, beta, mean, variance] = ["gamma", "beta", "moving_mean", "moving_variance"].map((part) =>
      writer.weights.get(`bn/${part}`)?.values ?? new Float32Array()
    );
    const [node] = read(writer);
    assert.ok(node?.kind === "affine");
    const { epsilon = 1e-3, scale = true, center = true } = config as Record<string, never>;
    for (const x of [-2, 0, 3]) {
      for (let c = 0; c < 3; c++) {
        const normal = (x - (mean?.[c] ?? NaN)) / Math.sqrt((variance?.[c] ?? NaN) + epsilon);
        const wanted = normal * (scale ? gamma?.[c] ?? NaN : 1) + (center ? beta?.[c] ?? NaN : 0);
        const read = x * (node.weights.scale.values[c] ?? NaN) + (node.weights.shift.values[c] ?? NaN);
        assert.ok(Math.abs(read - wanted) < 1e-5, `${JSON.stringify(config)}: ${read} instead of ${wanted}`);
      }
    }
  }
});

Deno.test("readLayer() reads PReLU with a slope for each channel or one for all, and refuses one for each position", () => {
  const write = (shape: readonly number[]) => {
    const writer = new ModelWriter(6);
    writer.weight("bent/alpha", shape);
    writer.add("PReLU", { name: "bent", shared_axes: [1, 2] });
    return writer;
  };
  for (const shape of [[1, 1, 3], [1, 1, 1], [3]]) {
    const writer = write(shape);
    const [node] = read(writer);
    assert.ok(node?.kind === "prelu");
    assert.deepEqual(node.weights.alpha.values, writer.weights.get("bent/alpha")?.values);
  }
  assert.throws(() => read(write([2, 1, 3])), /slopes of PReLU layer bent must be shared .*, got/u);
  const other = { name: "bent", className: "PReLU", config: { shared_axes: "all" }, inputs: ["before"] };
  assert.throws(() => readLayer(other, () => null), /shared_axes of PReLU layer bent/u);
});

function read(writer: ModelWriter): readonly Draft[] {
  const [layer] = writer.layers;
  assert.ok(layer);
  return readLayer(layer, (name) => writer.weights.get(`${layer.name}/${name}`) ?? null);
}
