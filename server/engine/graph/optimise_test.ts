import assert from "node:assert/strict";
import { ModelWriter } from "./_testing.ts";
import { type Graph, locateLayer } from "./graph.ts";
import { optimise } from "./optimise.ts";

Deno.test("optimise() leaves one node of a convolution, its batch norm and its activation", () => {
  const graph = optimise(network().build());
  assert.deepEqual(kinds(graph), [["input", "input"], ["relu6", "conv"], ["pool", "global-average-pool"], [
    "logits",
    "dense",
  ]]);
  assert.equal(locateLayer(graph, "relu6").kind, "conv");
});

Deno.test("locateLayer() says where a folded layer went, and what stands for a removed one", () => {
  const graph = optimise(network().build());
  assert.equal(locateLayer(graph, "dropout").name, "relu6");
  for (const layer of ["conv", "bn"]) {
    assert.throws(() => locateLayer(graph, layer), {
      name: "RangeError",
      message:
        `Cannot read layer ${layer} as it is computed in one step with relu6, which can be read: current value is ${layer}`,
    });
  }
  assert.throws(() => locateLayer(graph, "nowhere"), RangeError);
});

Deno.test("optimise() does not fold what something else reads", () => {
  const writer = new ModelWriter(1);
  const input = writer.input(5, 5);
  const conv = writer.conv([1, 1, 3, 3]);
  const norm = writer.batchNorm(3);
  const relu = writer.add("ReLU");
  writer.add("Add", {}, [input, conv, norm, relu]);
  writer.add("Flatten");
  assert.deepEqual(kinds(optimise(writer.build())).map(([, kind]) => kind), [
    "input",
    "conv",
    "affine",
    "activation",
    "add",
    "flatten",
  ]);
});

Deno.test("optimise() does not fold a batch norm behind an activation, nor two activations", () => {
  const writer = new ModelWriter(1);
  writer.input(5, 5);
  writer.conv([1, 1, 3, 3], { activation: "relu" });
  writer.batchNorm(3);
  writer.conv([1, 1, 3, 3], { activation: "elu" });
  writer.add("ReLU");
  writer.add("Flatten");
  assert.deepEqual(kinds(optimise(writer.build())).map(([, kind]) => kind), [
    "input",
    "conv",
    "affine",
    "conv",
    "activation",
    "flatten",
  ]);
});

Deno.test("optimise() keeps the logits apart from the sigmoid behind them", () => {
  const writer = network();
  writer.add("Activation", { activation: "sigmoid" });
  const graph = optimise(writer.build());
  assert.equal(graph.logits, "logits");
  assert.equal(locateLayer(graph, "logits").kind, "dense");
});

Deno.test("optimise() follows the logits where they are an identity", () => {
  const writer = network();
  writer.add("Activation", { activation: "linear" });
  assert.equal(optimise(writer.build()).logits, "logits");
});

function network(): ModelWriter {
  const writer = new ModelWriter(1);
  writer.add("InputLayer", { name: "input", batch_input_shape: [null, 5, 5, 3] });
  writer.conv([1, 1, 3, 4], { name: "conv", use_bias: false });
  writer.batchNorm(4, { name: "bn" });
  writer.add("ReLU", { name: "relu6", max_value: 6 });
  writer.add("Dropout", { name: "dropout" });
  writer.add("GlobalAveragePooling2D", { name: "pool" });
  writer.dense([4, 2], { name: "logits" });
  return writer;
}

function kinds({ nodes }: Graph): readonly (readonly [string, string])[] {
  return nodes.map(({ name, kind }) => [name, kind]);
}
