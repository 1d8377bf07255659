import assert from "node:assert/strict";
import { random } from "../testing/goldens.ts";
import { startBackend } from "../threads/backend.ts";
import { ModelWriter } from "./testing/model_writer.ts";
import { biasedNodes } from "./bias.ts";
import { Executor } from "./executor.ts";
import { Kernels } from "./kernels.ts";
import { optimise } from "./optimise.ts";

const kernels = new Kernels((await startBackend(1)).backend);

Deno.test("biasedNodes() lists what adds up to the logit: gradient·input and gradient·bias of every node", () => {
  for (let seed = 1; seed <= 5; seed++) {
    const graph = optimise(network(seed).build(), { fuseActivations: false });
    const biased = biasedNodes(graph);
    const executor = new Executor(graph, kernels);
    const next = random(seed);
    const input = kernels.upload([1, 8, 9, 3], Float32Array.from({ length: 216 }, () => 4 * next() - 2));
    const to = ["input", ...biased.map(({ node }) => node)];
    const recording = executor.record(input, { from: ["logits"], to });
    const one = kernels.upload([1, 3], new Float32Array([0, 1, 0]));
    const gradients = recording.vjp({ seeds: new Map([["logits", one]]), to, rule: "plain" });
    const logit = kernels.view(recording.value("logits"))[1] ?? NaN;
    const factors = [kernels.view(input), ...biased.map(({ bias }) => bias.values)];
    const total = gradients.reduce((sum, gradient, i) => {
      const factor = factors[i] ?? [];
      return sum +
        kernels.view(gradient).reduce(
          (part, value, at) => part + value * (factor[at % factor.length] ?? NaN),
          0,
        );
    }, 0);
    assert.ok(Math.abs(total - logit) < 1e-3 * Math.max(1, Math.abs(logit)), `${total} for ${logit}`);
    [input, one, ...gradients].forEach((value) => kernels.free(value));
    recording.free();
    executor.dispose();
  }
});

Deno.test("biasedNodes() leaves out biases of zero", () => {
  const writer = new ModelWriter(1);
  writer.input(4, 4);
  writer.conv([1, 1, 3, 2], { use_bias: false });
  writer.conv([1, 1, 2, 2], { name: "biased" });
  writer.add("Flatten");
  assert.deepEqual(biasedNodes(writer.build()).map(({ node }) => node), ["biased"]);
});

Deno.test("biasedNodes() refuses a graph whose activations are fused", () => {
  assert.throws(
    () => biasedNodes(optimise(network(1).build())),
    /bias of node first: it must have no activation of its own, got relu/u,
  );
});

/** Piecewise linear, as FullGrad's sum holds exactly there. */
function network(seed: number): ModelWriter {
  const w = new ModelWriter(seed);
  w.add("InputLayer", { name: "input", batch_input_shape: [null, 8, 9, 3] });
  w.conv([3, 3, 3, 6], { name: "first", activation: "relu" });
  const from = w.last;
  w.depthwise([3, 3, 6, 1]);
  w.batchNorm(6);
  w.add("ReLU");
  w.batchNorm(6);
  w.add("Add", {}, [from, w.last]);
  w.batchNorm(6, { name: "alone" });
  w.add("MaxPooling2D");
  w.add("GlobalAveragePooling2D");
  w.dense([6, 3], { name: "logits" });
  return w;
}
