import assert from "node:assert/strict";
import { parseTopology } from "../model/topology.ts";
import { ModelWriter } from "./testing/model_writer.ts";
import { buildGraph } from "./build.ts";

Deno.test("buildGraph() infers shapes, odd sides and strides included", () => {
  const writer = small();
  assert.deepEqual(writer.build().nodes.map(({ name, shape }) => [name, shape]), [
    ["input", [9, 7, 3]],
    ["conv", [5, 4, 8]],
    ["pool", [8]],
    ["logits", [4]],
  ]);
});

Deno.test("buildGraph() orders layers that were written in any order", () => {
  const { layers, weights } = small();
  const graph = buildGraph({ layers: [...layers].reverse(), weights, logitsLayer: "logits" });
  assert.deepEqual(graph.nodes.map(({ name }) => name), ["input", "conv", "pool", "logits"]);
});

Deno.test("buildGraph() reads the same network from a Sequential model", () => {
  const { weights, layers } = small();
  const [input, ...rest] = layers.map(({ className, config }) => ({ class_name: className, config }));
  const first = {
    ...rest[0],
    config: { ...rest[0]?.config, batch_input_shape: input?.config["batch_input_shape"] },
  };
  for (const config of [[input, ...rest], { layers: [first, ...rest.slice(1)] }]) {
    const { layers } = parseTopology(JSON.stringify({
      format: "layers-model",
      modelTopology: { class_name: "Sequential", config },
      weightsManifest: [],
    }));
    const graph = buildGraph({ layers, weights, logitsLayer: "logits" });
    assert.deepEqual(graph.nodes.map(({ shape }) => shape), small().build().nodes.map(({ shape }) => shape));
  }
});

Deno.test("buildGraph() takes for logits what goes into a softmax, as layer, as activation, behind a dropout", () => {
  const layer = small();
  layer.add("Dropout");
  layer.add("Softmax");
  assert.equal(layer.build().logits, "logits");

  const inside = small("softmax");
  assert.equal(inside.build().logits, "logits:linear");

  const sigmoid = small();
  sigmoid.add("Activation", { activation: "sigmoid" });
  assert.equal(sigmoid.build().logits, "logits");
  assert.deepEqual([layer, inside, sigmoid].map((writer) => writer.build().head), [
    "softmax",
    "softmax",
    "sigmoid",
  ]);
  // A card may name the layer before the sigmoid.
  sigmoid.add("Dropout");
  assert.equal(sigmoid.build("logits").head, "sigmoid");
  assert.equal(small().build().head, "softmax");
});

Deno.test("buildGraph() reads classes from 1×1 cells, the softmax before or behind the reshaping", () => {
  const writer = (last: (w: ModelWriter) => void) => {
    const w = small();
    w.add("Reshape", { name: "cell", target_shape: [1, 1, 4] });
    w.conv([1, 1, 4, 6], { name: "scores" });
    last(w);
    return w.build();
  };
  const behind = writer((w) => {
    w.add("Reshape", { name: "flat", target_shape: [6] });
    w.add("Softmax");
  });
  assert.equal(behind.logits, "flat");
  const before = writer((w) => {
    w.add("Softmax");
    w.add("Reshape", { target_shape: [-1] });
  });
  assert.equal(before.logits, "scores:flat");
  assert.deepEqual(before.nodes.at(-1)?.shape, [6]);
});

Deno.test("buildGraph() makes two classes of one unit, in the dense layer itself", () => {
  const writer = small();
  writer.dense([4, 1], { name: "dog", activation: "sigmoid" });
  const graph = writer.build();
  assert.equal(graph.logits, "dog:linear:classes");
  assert.equal(graph.head, "softmax");
  const pair = graph.nodes.at(-1);
  assert.ok(pair?.kind === "dense");
  assert.deepEqual([pair.inputs, pair.shape], [["logits"], [2]]);
  const { values } = writer.weights.get("dog/kernel") ?? assert.fail();
  assert.deepEqual([...pair.weights.kernel.values], [...values].flatMap((value) => [-value / 2, value / 2]));
});

Deno.test("buildGraph() finds weights below a further part of their name", () => {
  const { layers, weights } = small();
  const nested = new Map([...weights].map(([name, weight]) => [name.replace("/", "/deeper/"), weight]));
  assert.equal(buildGraph({ layers, weights: nested, logitsLayer: "logits" }).nodes.length, 4);
});

Deno.test("buildGraph() takes the size of the picture where the model lets it have any", () => {
  const { layers, weights } = small();
  const [, ...rest] = layers;
  const input = {
    name: "input",
    className: "InputLayer",
    config: { name: "input", batch_input_shape: [null, null, null, 3] },
    inputs: [],
  };
  const source = { layers: [input, ...rest], weights, logitsLayer: "logits" };
  assert.deepEqual(buildGraph({ ...source, inputSize: { height: 7, width: 5 } }).nodes[0]?.shape, [7, 5, 3]);
  assert.throws(() => buildGraph(source), /takes any size, .*, got \[any, any, any, 3\]/u);
});

Deno.test("buildGraph() finds weights that were written without the name of their layer", () => {
  const writer = new ModelWriter(1);
  writer.input(4, 4);
  writer.add("Normalization", { name: "scaled" });
  writer.add("Flatten");
  writer.weight("mean", [3]);
  writer.weight("variance", [3]).values.fill(4);
  const [, node] = writer.build().nodes;
  assert.ok(node?.kind === "affine");
  assert.deepEqual([...node.weights.scale.values], [0.5, 0.5, 0.5]);
});

const REFUSED: Readonly<Record<string, [(writer: ModelWriter) => void, RegExp]>> = {
  "an unknown class": [
    (w) => w.add("Lambda", { name: "odd" }),
    /does not compute the class of layer odd, only InputLayer.*, got Lambda/u,
  ],
  "a class named like a method of every object": [
    (w) => w.add("constructor"),
    /got constructor/u,
  ],
  "a setting that is not computed": [
    (w) => w.conv([1, 1, 3, 3], { name: "odd", data_format: "channels_first" }),
    /data_format of Conv2D layer odd/u,
  ],
  "an ELU of a slope that is no number": [
    (w) => w.add("ELU", { name: "odd", alpha: "0.5" }),
    /alpha of ELU layer odd/u,
  ],
  "channels in front, with what to do": [
    (w) => w.conv([1, 1, 3, 4], { name: "odd", data_format: "channels_first" }),
    /data_format of Conv2D layer odd must be channels_last, got channels_first; in Python: keras\.config/u,
  ],
  "a layer at each step in time that looks at several positions": [
    (w) => {
      const layer = { class_name: "Conv2D", config: { name: "inner", kernel_size: [3, 3], strides: [1, 1] } };
      w.add("TimeDistributed", { name: "odd", layer });
    },
    /TimeDistributed layer odd must hold a layer that computes each position by itself .*, got Conv2D/u,
  ],
  "pooling with gaps of windows beside its input": [
    (w) =>
      w.operation("max-pool", {
        size: [2, 2],
        strides: [1, 1],
        dilations: [1, 8],
        padding: { rows: [0, 0], columns: [4, 4] },
      }, {}),
    /its windows must lie on its input, got one beside it at 3/u,
  ],
  "an activation that is not computed": [
    (w) => w.add("Activation", { activation: "sparsemax" }),
    /activation of Activation/u,
  ],
  "a kernel that is not there": [
    (w) => w.add("Conv2D", { name: "odd" }),
    /the weights lack kernel of Conv2D layer odd/u,
  ],
  "a kernel of the wrong rank": [
    (w) => {
      w.weight("odd/kernel", [3, 3]);
      w.add("Conv2D", { name: "odd" });
    },
    /kernel of Conv2D layer odd must have 4 sides, got \[3,3\]/u,
  ],
  "channels that do not fit": [
    (w) => w.conv([1, 1, 5, 2], { name: "odd" }),
    /Conv2D layer odd does not fit: its number of input channels must be 5, got 3/u,
  ],
  "groups that the channels do not share out among": [
    (w) => w.conv([1, 1, 2, 4], { name: "odd", groups: 2 }),
    /Conv2D layer odd does not fit: its number of input channels must be 4, got 3/u,
  ],
  "groups that the filters do not share out among": [
    (w) => w.conv([1, 1, 1, 4], { name: "odd", groups: 3 }),
    /Conv2D layer odd does not fit: its filters must share out among 3 groups, got 4/u,
  ],
  "pooling of windows that may lie beyond the border": [
    (w) =>
      w.operation(
        "max-pool",
        { size: [3, 2], strides: [2, 2], padding: { rows: [1, 1], columns: [0, 2] } },
        {},
      ),
    /its padding must be smaller than its window of 3×2, got 0,2/u,
  ],
  "a window larger than its input": [
    (w) => w.conv([8, 8, 3, 2], { name: "odd", padding: "valid" }),
    /Conv2D layer odd does not fit: its window of 8 must fit into its input, got 7/u,
  ],
  "a batch norm over rows": [
    (w) => w.batchNorm(9, { name: "odd", axis: [1] }),
    /BatchNormalization layer odd does not fit: its axis must be 3, got 1/u,
  ],
  "values of different shapes added": [
    (w) => w.add("Add", { name: "odd" }, ["input", w.add("MaxPooling2D")]),
    /Add layer odd does not fit: its inputs must have one shape, \[9,7,3\], got \[4,3,3\]/u,
  ],
  "one value added": [(w) => w.add("Add"), /two inputs or more, got 1/u],
  "an input from nowhere": [
    (w) => w.add("Dropout", {}, ["nowhere"]),
    /reads nowhere, which does not exist/u,
  ],
  "a circle": [(w) => w.add("Dropout", { name: "odd" }, ["odd"]), /form a circle through odd/u],
  "two layers of one name": [
    (w) => w.add("Dropout", { name: "input" }),
    /two layers have the name input/u,
  ],
  "two inputs": [
    (w) => {
      w.input(9, 7);
      w.add("Add", {}, [w.last, "input"]);
    },
    /one input, got 2/u,
  ],
  "logits with sides": [
    (w) => w.conv([1, 1, 3, 4], { name: "odd" }),
    /logits must be \[classes\], got \[9,7,4\] at odd/u,
  ],
};

for (const [what, [write, message]] of Object.entries(REFUSED)) {
  Deno.test(`buildGraph() refuses ${what} and names it`, () => {
    const writer = new ModelWriter(1);
    writer.add("InputLayer", { name: "input", batch_input_shape: [null, 9, 7, 3] });
    write(writer);
    assert.throws(() => writer.build(), message);
  });
}

Deno.test("buildGraph() refuses a logits layer that does not exist", () => {
  assert.throws(
    () => small().build("nowhere"),
    /card names the logits layer nowhere, which does not exist/u,
  );
});

function small(activation = "linear"): ModelWriter {
  const writer = new ModelWriter(1);
  writer.add("InputLayer", { name: "input", batch_input_shape: [null, 9, 7, 3] });
  writer.conv([3, 3, 3, 8], { name: "conv", strides: [2, 2] });
  writer.add("GlobalAveragePooling2D", { name: "pool" });
  writer.dense([8, 4], { name: "logits", activation });
  return writer;
}
