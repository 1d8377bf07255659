import assert from "node:assert/strict";
import { MODEL_DIR } from "../testing/goldens.ts";
import { openModel } from "../model/model.ts";
import { startNative } from "../native/start.ts";
import { startBackend, stopBackend } from "../threads/backend.ts";
import { ModelWriter } from "./testing/model_writer.ts";
import { Executor } from "./executor.ts";
import { constantBytes, type Footprint, forwardFootprint, recordFootprint } from "./footprint.ts";
import { type Graph, nodeNamed } from "./graph.ts";
import { Kernels } from "./kernels.ts";
import { needsOf } from "./native_needs.ts";
import { optimise } from "./optimise.ts";
import { outlineOf } from "./outline.ts";

const INPUTS = 2;

/** Numbers of the mixed network's last picture-like value, 6×5 cells of 12 channels. */
const FLAT = 360;

/** Something of every kind that takes memory of its own. */
function mixed(): Graph {
  const writer = new ModelWriter(1);
  writer.input(24, 20);
  const stem = writer.conv([5, 5, 3, 8], { strides: 2, activation: "swish" });
  writer.conv([3, 3, 8, 8], { dilation_rate: 2, activation: "elu" });
  writer.separable([3, 3, 8, 2], 8, { activation: "relu" });
  writer.add("Add", {}, [writer.last, stem]);
  const gate = writer.conv([1, 1, 8, 8], { activation: "sigmoid" });
  writer.add("Multiply", {}, [gate, stem]);
  writer.depthwise([3, 3, 8, 1], { strides: 2, activation: "relu" });
  writer.batchNorm(8);
  writer.add("LeakyReLU");
  writer.add("UpSampling2D");
  writer.add("AveragePooling2D");
  const wide = writer.conv([3, 3, 8, 6], { activation: "relu6" });
  writer.add("Concatenate", {}, [wide, wide]);
  writer.add("ZeroPadding2D", { padding: 1 });
  writer.add("MaxPooling2D", { pool_size: 3, strides: 1 });
  const borders = { rows: [1, 2], columns: [0, 1] } as const;
  writer.operation(
    "max-pool",
    { size: [3, 3], strides: [1, 1], padding: { rows: [1, 1], columns: [1, 1] } },
    {},
  );
  writer.operation(
    "average-pool",
    { size: [3, 2], strides: [1, 1], padding: borders, countPadding: true },
    {},
  );
  writer.operation("resize", { size: [6, 5], interpolation: "bilinear", positions: "half-pixel" }, {});
  writer.conv([3, 3, 4, 12], { groups: 3, strides: 2, activation: "relu" });
  writer.conv([1, 1, 6, 12], { groups: 2, activation: "swish" });
  writer.add("UpSampling2D", { size: [2, 1] });
  writer.add("Resizing", { height: 6, width: 5 });
  writer.add("Flatten");
  writer.dense([FLAT, 9], { activation: "relu" });
  writer.dense([9, 4], { name: "logits" });
  return writer.build();
}

/** Attention over tokens, and what stands around it. */
function tokens(): Graph {
  const writer = new ModelWriter(2);
  writer.input(24, 20);
  writer.conv([2, 2, 3, 12], { strides: 2, padding: "valid" });
  const cells = writer.operation("reshape", { shape: [120, 12] }, {});
  const token = writer.operation("constant", {}, { value: writer.weight("token", [1, 12]) }, []);
  const embedded = writer.operation("concat", { axis: 1 }, {}, [token, cells]);
  const [scale, shift] = [writer.weight("scale", [12]), writer.weight("shift", [12])];
  writer.operation("layer-norm", { epsilon: 1e-5 }, { scale, shift });
  writer.dense([12, 12], {});
  const split = writer.operation("reshape", { shape: [121, 3, 4] }, {});
  const heads = writer.operation("transpose", { order: [1, 0, 2] }, {}, [split]);
  const turned = writer.operation("transpose", { order: [1, 2, 0] }, {}, [split]);
  writer.operation("matmul", { transposeA: false, transposeB: false }, {}, [heads, turned]);
  const shares = writer.operation("softmax", { axis: -1 }, {});
  writer.operation("matmul", { transposeA: false, transposeB: false }, {}, [shares, heads]);
  writer.operation("transpose", { order: [1, 0, 2] }, {});
  const mixed = writer.operation("reshape", { shape: [121, 12] }, {});
  const middle = writer.operation("add", {}, {}, [embedded, mixed]);
  writer.dense([12, 48], { activation: "gelu" });
  writer.operation("group-norm", { groups: 4, epsilon: 1e-5 }, {
    scale: writer.weight("scale2", [48]),
    shift: writer.weight("shift2", [48]),
  });
  writer.dense([48, 12]);
  writer.operation("subtract", {}, {}, [middle, writer.last]);
  writer.operation("slice", { starts: [1, 0], sizes: [120, 12] }, {});
  const mean = writer.operation("reduce", { sides: [0], function: "mean", keepDims: true }, {});
  writer.operation("gather", { side: 1, indices: [3, 2, 1, 0] }, {}, [mean]);
  writer.add("Flatten");
  writer.dense([4, 4], { name: "logits" });
  return writer.build();
}

const GRAPHS: Readonly<Record<string, () => Promise<Graph>>> = {
  "the shipped model": async () => (await openModel(MODEL_DIR)).graph,
  "layers of every kind": () => Promise.resolve(mixed()),
  "tokens and their attention": () => Promise.resolve(tokens()),
};

for (const [what, load] of Object.entries(GRAPHS)) {
  for (const native of [true, false]) {
    Deno.test(`footprints hold what is computed, and not much more: ${what}, ${native ? "own" : "tfjs's"} kernels`, async () => {
      const plain = await load();
      const backend = await startBackend(1);
      const own = native ? await startNative({ ...backend, needs: needsOf(plain) }) : null;
      try {
        for (const fuseActivations of [true, false]) {
          const graph = optimise(plain, { fuseActivations });
          const outline = outlineOf(graph);
          const options = { native };
          const all = graph.nodes.map(({ name }) => name).filter((name) => name !== graph.input);
          const way = { from: [graph.logits], to: [graph.input], also: all.slice(0, 2) };
          const everywhere = { from: [graph.logits], to: [graph.input, ...all] };
          const pull = (to: readonly string[]) => ({ from: graph.logits, to });
          const forward = (keep: readonly string[]) => (executor: Executor, kernels: Kernels) => {
            const input = inputOf(graph, kernels);
            for (const value of executor.forward(input, keep)) kernels.free(value);
            kernels.free(input);
          };
          const backward =
            (kept: typeof way | typeof everywhere) => (executor: Executor, kernels: Kernels) => {
              const input = inputOf(graph, kernels);
              const recording = executor.record(input, kept);
              const seed = kernels.allocate(recording.value(graph.logits).shape);
              kernels.view(seed).fill(1);
              const seeds = new Map([[graph.logits, seed]]);
              for (const value of recording.vjp({ seeds, to: kept.to, rule: "plain" })) kernels.free(value);
              recording.free();
              kernels.free(seed);
              kernels.free(input);
            };
          const cases: readonly (readonly [string, Footprint, ReturnType<typeof forward>])[] = [
            ["forward", forwardFootprint(outline, [graph.logits], options), forward([graph.logits])],
            ["all values", forwardFootprint(outline, all, options), forward(all)],
            ["gradient", recordFootprint(outline, way, [pull(way.to)], options), backward(way)],
            [
              "all gradients",
              recordFootprint(outline, everywhere, [pull(everywhere.to)], options),
              backward(everywhere),
            ],
          ];
          for (const [name, { fixed, perInput }, act] of cases) {
            const kernels = new Kernels(backend.backend, own);
            const executor = new Executor(graph, kernels);
            act(executor, kernels);
            const constants = kernels.bytes;
            assert.ok(constants <= constantBytes(graph, options), `${name}: ${constants} bytes of constants`);
            act(executor, kernels);
            assert.equal(kernels.bytes, constants);
            const took = kernels.mostBytes - constants;
            const said = fixed + INPUTS * perInput;
            assert.ok(took <= said, `${name}, fused ${fuseActivations}: ${took} of ${said} bytes`);
            const beyond = fixed + 3 * (took + 2000);
            assert.ok(said <= beyond, `${name}, fused ${fuseActivations}: ${took} of ${said} bytes`);
            executor.dispose();
          }
        }
      } finally {
        own?.end();
        stopBackend();
      }
    });
  }
}

function inputOf(graph: Graph, kernels: Kernels) {
  const input = kernels.allocate([INPUTS, ...nodeNamed(graph, graph.input).shape]);
  kernels.view(input).fill(0.1);
  return input;
}
