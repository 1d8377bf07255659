import assert from "node:assert/strict";
import { ModelWriter } from "./testing/model_writer.ts";
import { findLayer, type Graph, locateLayer } from "./graph.ts";
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
        `Cannot read layer ${layer}: it is computed in one step with relu6, which can be read, got ${layer}`,
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

Deno.test("optimise() lets a convolution pad its own input, where nobody else reads the padded one", () => {
  const write = (padding: unknown, config: Record<string, unknown>, keep: readonly string[] = []) => {
    const writer = new ModelWriter(1);
    writer.input(9, 9);
    writer.add("ZeroPadding2D", { name: "pad", padding });
    writer.conv([3, 3, 3, 4], { name: "conv", padding: "valid", ...config });
    writer.batchNorm(4, { name: "norm" });
    writer.add("Flatten");
    return optimise(writer.build(), { keep });
  };
  const folded = write([[1, 2], [0, 1]], { strides: [2, 2] });
  assert.deepEqual(kinds(folded).map(([, kind]) => kind), ["input", "conv", "flatten"]);
  const conv = folded.nodes.find((node) => node.kind === "conv");
  assert.deepEqual(conv?.attrs.padding, { rows: [1, 2], columns: [0, 1] });
  assert.throws(
    () => locateLayer(folded, "pad"),
    /computed in one step with norm, which can be read, got pad/u,
  );
  const apart = ["input", "pad", "conv", "flatten"];
  assert.deepEqual(kinds(write(1, {}, ["pad"])).map(([, kind]) => kind), apart);
  assert.deepEqual(kinds(write(1, { padding: "same" })).map(([, kind]) => kind), apart);
  // A window of three cells that lies beyond three zeros would see nothing of the picture.
  assert.deepEqual(kinds(write(3, {})).map(([, kind]) => kind), apart);
});

Deno.test("optimise() leaves a padding apart that several convolutions read, and the first of two in a row", () => {
  const writer = new ModelWriter(1);
  writer.input(9, 9);
  const pad = writer.add("ZeroPadding2D", { padding: 1 });
  const first = writer.conv([3, 3, 3, 4], { padding: "valid" }, [pad]);
  writer.conv([3, 3, 3, 4], { padding: "valid" }, [pad]);
  writer.add("Add", {}, [first, writer.last]);
  writer.add("ZeroPadding2D", { padding: 1 });
  writer.add("ZeroPadding2D", { padding: 1 });
  writer.depthwise([5, 5, 4, 1], { padding: "valid" });
  writer.add("Flatten");
  assert.deepEqual(kinds(optimise(writer.build())).map(([, kind]) => kind), [
    "input",
    "pad",
    "conv",
    "conv",
    "add",
    "pad",
    "depthwise",
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

Deno.test("optimise() leaves what it is to keep apart, and what follows it", () => {
  const plain = network().build();
  const names = (keep: readonly string[]) => kinds(optimise(plain, { keep })).slice(1, -2);
  assert.deepEqual(names(["conv"]), [["conv", "conv"], ["bn", "affine"], ["relu6", "activation"]]);
  assert.deepEqual(names(["bn"]), [["bn", "conv"], ["relu6", "activation"]]);
  assert.deepEqual(names(["relu6"]), [["relu6", "conv"]]);
  // A dropout's name stands for its input.
  assert.deepEqual(names(["dropout"]), [["relu6", "conv"]]);
});

Deno.test("optimise() keeps a layer that only an identity's name stands for", () => {
  const writer = new ModelWriter(1);
  writer.input(5, 5);
  writer.conv([1, 1, 3, 4]);
  writer.add("Dropout", { name: "dropout" });
  writer.add("ReLU", { name: "relu" });
  writer.add("Flatten");
  const graph = optimise(writer.build(), { keep: ["dropout"] });
  assert.equal(locateLayer(graph, "dropout").kind, "conv");
});

Deno.test("optimise() folds batch norms and leaves activations alone where it shall not fuse", () => {
  const graph = optimise(network().build(), { fuseActivations: false });
  assert.deepEqual(kinds(graph).slice(1, -2), [["bn", "conv"], ["relu6", "activation"]]);
});

Deno.test("findLayer() says whether a layer can be read", () => {
  const graph = optimise(network().build());
  const found = ["conv", "bn", "relu6", "dropout", "nowhere"].map((layer) => findLayer(graph, layer));
  assert.deepEqual(found.map(({ kind }) => kind), ["folded", "folded", "readable", "readable", "unknown"]);
  assert.ok(found[0]?.kind === "folded");
  assert.equal(found[0].into.name, "relu6");
});

Deno.test("optimise() gives graphs of one plain graph the same weights where they are alike", () => {
  const plain = network().build();
  const weightsOf = (graph: Graph) => new Set(graph.nodes.flatMap(({ weights }) => Object.values(weights)));
  const first = weightsOf(optimise(plain));
  assert.ok([...weightsOf(optimise(plain, { fuseActivations: false }))].every((weight) => first.has(weight)));
  const folded = weightsOf(optimise(plain, { keep: ["conv"] }));
  assert.deepEqual([...folded].map((weight) => first.has(weight)), [false, false, false, false, true, true]);
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
