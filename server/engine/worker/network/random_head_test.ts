import assert from "node:assert/strict";
import { maxDifference } from "../../testing/goldens.ts";
import { ModelWriter } from "../../graph/testing/model_writer.ts";
import { nodeNamed } from "../../graph/graph.ts";
import { normals } from "../input/noise.ts";
import { drawDense, drawHead, hasDenseLogits, withHead } from "./random_head.ts";

Deno.test("drawDense() draws normal numbers with the kernel's own standard deviation, and no biases", () => {
  const kernel = { shape: [2, 2], values: new Float32Array([1, 3, 5, 7]) };
  const bias = { shape: [2], values: new Float32Array([1, 2]) };
  const drawn = drawDense({ kernel, bias }, 6);
  assert.deepEqual(drawn.kernel.shape, [2, 2]);
  const wanted = normals(6, 4).map((value) => Math.sqrt(5) * value);
  assert.ok(maxDifference(drawn.kernel.values, wanted) < 1e-6);
  assert.deepEqual(drawn.bias.values, new Float32Array(2));
  assert.deepEqual(bias.values, new Float32Array([1, 2]));
});

Deno.test("withHead() changes the layer of the logits alone, drawHead() refuses another one than a dense layer", () => {
  const writer = new ModelWriter(1);
  writer.input(4, 4);
  writer.conv([3, 3, 3, 2], { name: "conv" });
  writer.add("GlobalAveragePooling2D", { name: "pool" });
  const pooled = writer.build();
  assert.equal(hasDenseLogits(pooled), false);
  assert.throws(() => drawHead(pooled, 1), {
    name: "TypeError",
    message:
      "Cannot draw a head's weights: expected a dense layer that yields the logits, got global-average-pool",
  });
  writer.dense([2, 2], { name: "hidden" });
  writer.dense([2, 3], { name: "logits" });
  const graph = writer.build();
  assert.ok(hasDenseLogits(graph));
  const drawn = drawHead(graph, 1);
  const changed = withHead(graph, drawn);
  assert.equal(nodeNamed(changed, "logits").weights, drawn);
  for (const name of ["conv", "pool", "hidden"]) {
    assert.equal(nodeNamed(changed, name), nodeNamed(graph, name));
  }
});
