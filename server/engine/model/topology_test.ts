import assert from "node:assert/strict";
import { parseTopology, type WeightGroup } from "./topology.ts";
import { shardOf } from "./testing/model_folder.ts";
import { readWeights } from "./weights.ts";

Deno.test("parseTopology() reads a Functional model's layers with what feeds them", () => {
  const { layers } = parse({
    class_name: "Functional",
    config: {
      layers: [
        { class_name: "InputLayer", config: { name: "input" }, inbound_nodes: [] },
        {
          class_name: "Add",
          config: { name: "sum" },
          inbound_nodes: [[["input", 0, 0, {}], ["input", 0, 0, {}]]],
        },
      ],
    },
  });
  assert.deepEqual(layers.map(({ name, className, inputs }) => ({ name, className, inputs })), [
    { name: "input", className: "InputLayer", inputs: [] },
    { name: "sum", className: "Add", inputs: ["input", "input"] },
  ]);
});

Deno.test("parseTopology() refuses what it would read wrongly", () => {
  const layer = (inbound_nodes: unknown) => ({
    class_name: "Model",
    config: { layers: [{ class_name: "Add", config: { name: "sum" }, inbound_nodes }] },
  });
  assert.throws(
    () => parse(layer([{ args: [], kwargs: {} }])),
    /inputs of layer sum are not written in the form of Keras 2/u,
  );
  assert.throws(
    () => parse({ class_name: "Other", config: {} }),
    /model\.json does not fit at modelTopology/u,
  );
  assert.throws(
    () => parseTopology(JSON.stringify({ format: "graph-model" })),
    /model\.json does not fit at format/u,
  );
});

/** Layers as a topology lists them, in short: class, name, what feeds it. */
function listed(model_config: unknown): readonly (readonly [string, string, readonly string[]])[] {
  return parse(model_config).layers.map(({ className, name, inputs }) => [className, name, inputs]);
}

const INPUT = { class_name: "InputLayer", config: { name: "in", batch_input_shape: [null, 8, 8, 3] } };

/** A Functional model `name` of one convolution of the name `conv`. */
const inner = (name: string, inbound_nodes?: unknown) => ({
  class_name: "Functional",
  config: {
    name,
    layers: [
      { ...INPUT, inbound_nodes: [] },
      { class_name: "Conv2D", config: { name: "conv" }, inbound_nodes: [[["in", 0, 0, {}]]] },
      { class_name: "ReLU", config: { name: `${name}_relu` }, inbound_nodes: [[["conv", 0, 0, {}]]] },
    ],
    input_layers: [["in", 0, 0]],
    output_layers: [[`${name}_relu`, 0, 0]],
  },
  ...inbound_nodes === undefined ? {} : { inbound_nodes },
});

Deno.test("parseTopology() puts nested Sequential models into one list", () => {
  const sequential = (name: string, layers: readonly unknown[]) => ({
    class_name: "Sequential",
    config: { name, layers },
  });
  const dense = (name: string) => ({ class_name: "Dense", config: { name, batch_input_shape: [null, 6] } });
  const model = sequential("all", [
    sequential("features", [inner("base"), {
      class_name: "GlobalAveragePooling2D",
      config: { name: "pool" },
    }]),
    sequential("head", [dense("hidden"), dense("classes")]),
  ]);
  assert.deepEqual(listed(model), [
    ["InputLayer", "in", []],
    ["Conv2D", "conv", ["in"]],
    ["ReLU", "base_relu", ["conv"]],
    ["GlobalAveragePooling2D", "pool", ["base_relu"]],
    ["Dense", "hidden", ["pool"]],
    ["Dense", "classes", ["hidden"]],
  ]);
  assert.equal(parse(model).output, "classes");
});

Deno.test("parseTopology() puts the outer name before layers that share theirs", () => {
  const model = {
    class_name: "Functional",
    config: {
      layers: [
        { ...INPUT, inbound_nodes: [] },
        inner("left", [[["in", 0, 0, {}]]]),
        inner("right", [[["in", 0, 0, {}]]]),
        {
          class_name: "Add",
          config: { name: "sum" },
          // Keras counts a model's own making as its first call.
          inbound_nodes: [[["left", 1, 0, {}], ["right", 1, 0, {}]]],
        },
      ],
      input_layers: [["in", 0, 0]],
      output_layers: [["sum", 0, 0]],
    },
  };
  assert.deepEqual(listed(model), [
    ["InputLayer", "in", []],
    ["Conv2D", "left/conv", ["in"]],
    ["ReLU", "left_relu", ["left/conv"]],
    ["Conv2D", "right/conv", ["in"]],
    ["ReLU", "right_relu", ["right/conv"]],
    ["Add", "sum", ["left_relu", "right_relu"]],
  ]);
});

Deno.test("parseTopology() has a layer for each call of a layer, and of a nested model", () => {
  const relu = (name: string, ...calls: readonly string[]) => ({
    class_name: "ReLU",
    config: { name },
    inbound_nodes: calls.map((from) => [[from, 0, 0, {}]]),
  });
  const model = {
    class_name: "Functional",
    config: {
      layers: [
        INPUT,
        inner("twice", [[["in", 0, 0, {}]], [["twice", 0, 0, {}]]]),
        relu("shared", "in", "other"),
        relu("other", "shared"),
        {
          class_name: "Add",
          config: { name: "sum" },
          inbound_nodes: [[["shared", 1, 0, {}], ["twice", 1, 0, {}]]],
        },
      ],
    },
  };
  assert.deepEqual(listed(model), [
    ["InputLayer", "in", []],
    ["Conv2D", "twice/conv", ["in"]],
    ["ReLU", "twice/twice_relu", ["twice/conv"]],
    ["Conv2D", "twice@2/conv", ["twice/twice_relu"]],
    ["ReLU", "twice@2/twice_relu", ["twice@2/conv"]],
    ["ReLU", "shared", ["in"]],
    ["ReLU", "shared@2", ["other"]],
    ["ReLU", "other", ["shared"]],
    ["Add", "sum", ["shared@2", "twice@2/twice_relu"]],
  ]);
});

Deno.test("parseTopology() refuses models in models that double at each level, before they are all listed", () => {
  let model: unknown = inner("innermost");
  for (let level = 0; level < 20; level++) {
    model = {
      class_name: "Functional",
      config: {
        name: `level${level}`,
        layers: [
          INPUT,
          { ...(model as object), inbound_nodes: [[["in", 0, 0, {}]], [["in", 0, 0, {}]]] },
        ],
        input_layers: [["in", 0, 0]],
      },
    };
  }
  assert.throws(() => parse(model), /expected at most 10,000 layers, got 10,0/u);
});

Deno.test("parseTopology() names the place in a nested model that does not fit", () => {
  const model = {
    class_name: "Sequential",
    config: { layers: [{ class_name: "Model", config: { name: "odd" } }] },
  };
  assert.throws(() => parse(model), /nested Model model does not fit at config\.layers/u);
});

Deno.test("parseTopology() gives a Sequential model the input that it was built with", () => {
  const [input] = parse({
    class_name: "Sequential",
    config: {
      layers: [{ class_name: "Flatten", config: { name: "flat" } }],
      build_input_shape: [null, 4, 5, 3],
    },
  }).layers;
  assert.deepEqual(input, {
    name: "flat_input",
    className: "InputLayer",
    config: { name: "flat_input", batch_input_shape: [null, 4, 5, 3] },
    inputs: [],
  });
});

Deno.test("parseTopology() reads arithmetic between layers with its constants", () => {
  const op = (inbound_nodes: unknown) => {
    const layer = { class_name: "TFOpLambda", config: { name: "op", function: "math.add" }, inbound_nodes };
    const { inputs, config } = parse({ class_name: "Functional", config: { layers: [layer] } }).layers[0] ??
      assert.fail();
    return [inputs, config["call"]];
  };
  assert.deepEqual(op([["a", 0, 0, { y: 3, name: null }]]), [["a"], { y: 3 }]);
  assert.deepEqual(op([["a", 0, 0, { y: ["b", 0, 0], name: null }]]), [["a", "b"], undefined]);
  assert.deepEqual(op([["_CONSTANT_VALUE", -1, 2.5, { y: ["b", 0, 0] }]]), [["b"], { x: 2.5 }]);
});

Deno.test("parseTopology() reads the calls of Keras 3", () => {
  const tensor = (name: string) => ({
    class_name: "__keras_tensor__",
    config: { shape: [null, 8, 8, 3], keras_history: [name, 0, 0] },
  });
  const model = {
    class_name: "Functional",
    config: {
      layers: [
        { ...INPUT, inbound_nodes: [] },
        {
          class_name: "ReLU",
          config: { name: "relu" },
          inbound_nodes: [{ args: [tensor("in")], kwargs: {} }],
        },
        {
          class_name: "Add",
          config: { name: "sum" },
          inbound_nodes: [{ args: [[tensor("in"), tensor("relu")]], kwargs: {} }],
        },
      ],
      input_layers: ["in", 0, 0],
      output_layers: ["sum", 0, 0],
    },
  };
  assert.deepEqual(listed(model).map(([, , inputs]) => inputs), [[], ["in"], ["in", "relu"]]);
  assert.equal(parse(model).output, "sum");
});

Deno.test("parseTopology() refuses a shard outside the folder", () => {
  const weightsManifest = [{ paths: ["../weights.bin"], weights: [] }];
  const modelTopology = { class_name: "Sequential", config: { layers: [] } };
  assert.throws(
    () => parseTopology(JSON.stringify({ modelTopology, weightsManifest })),
    /does not fit at weightsManifest\.0\.paths\.0/u,
  );
});

Deno.test("readWeights() reads what the converter made smaller", async () => {
  const read = async (quantization: WeightGroup["weights"][number]["quantization"], bytes: Uint8Array) => {
    const weights = await readWeights(
      [{ paths: ["a"], weights: [{ name: "w", shape: [3], dtype: "float32", quantization }] }],
      () => shardOf(bytes),
    );
    return weights.get("w")?.values;
  };
  assert.deepEqual(
    await read({ dtype: "uint8", scale: 0.5, min: -1 }, new Uint8Array([0, 2, 255])),
    new Float32Array([-1, 0, 126.5]),
  );
  assert.deepEqual(
    await read({ dtype: "uint16", scale: 2, min: 1 }, new Uint8Array([0, 0, 1, 0, 0, 1])),
    new Float32Array([1, 3, 513]),
  );
  // 1.5, −2^−24 and 65504 as halves.
  assert.deepEqual(
    await read({ dtype: "float16" }, new Uint8Array([0x00, 0x3e, 0x01, 0x80, 0xff, 0x7b])),
    new Float32Array([1.5, -(2 ** -24), 65504]),
  );
});

Deno.test("readWeights() refuses other types than float32 and shards of another length", async () => {
  const group = (dtype: string) => [{ paths: ["a", "b"], weights: [{ name: "w", shape: [2, 2], dtype }] }];
  const shards = (length: number) => () => shardOf(new Uint8Array(length));
  await assert.rejects(
    readWeights(group("float16"), shards(8)),
    /weight w must be float32, got float16/u,
  );
  await assert.rejects(
    readWeights(group("float32"), shards(7)),
    /end before weight w does, at byte 16, got 14/u,
  );
  await assert.rejects(
    readWeights(group("float32"), shards(9)),
    /take 16 bytes of a, b, got 18/u,
  );
  assert.deepEqual((await readWeights(group("float32"), shards(8))).get("w")?.shape, [2, 2]);
});

function parse(model_config: unknown) {
  return parseTopology(
    JSON.stringify({ format: "layers-model", modelTopology: { model_config }, weightsManifest: [] }),
  );
}
