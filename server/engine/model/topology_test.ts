import assert from "node:assert/strict";
import { parseTopology } from "./topology.ts";
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
    () => parse(layer([[["a", 0, 0, {}]], [["b", 0, 0, {}]]])),
    /layer sum is called more than once/u,
  );
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

Deno.test("readWeights() refuses other types than float32 and shards of another length", () => {
  const group = (dtype: string) => [{ paths: ["a", "b"], weights: [{ name: "w", shape: [2, 2], dtype }] }];
  const shards = (length: number) => () => new Uint8Array(length);
  assert.throws(
    () => readWeights(group("float16"), shards(8)),
    /weight w has to be float32: current value is float16/u,
  );
  assert.throws(
    () => readWeights(group("float32"), shards(7)),
    /end before weight w does, at byte 16: current value is 14/u,
  );
  assert.throws(
    () => readWeights(group("float32"), shards(9)),
    /take 16 bytes of a, b: current value is 18/u,
  );
  assert.deepEqual(readWeights(group("float32"), shards(8)).get("w")?.shape, [2, 2]);
});

function parse(model_config: unknown) {
  return parseTopology(
    JSON.stringify({ format: "layers-model", modelTopology: { model_config }, weightsManifest: [] }),
  );
}
