import assert from "node:assert/strict";
import { maxDifference, random } from "../testing/goldens.ts";
import { GRADIENT_RULES } from "../port.ts";
import { startNative } from "../native/start.ts";
import { startBackend, stopBackend } from "../threads/backend.ts";
import { ModelWriter } from "./testing/model_writer.ts";
import { Executor } from "./executor.ts";
import type { Graph } from "./graph.ts";
import { Kernels } from "./kernels.ts";
import { needsOf } from "./native_needs.ts";
import { optimise } from "./optimise.ts";

const SIDE = 23;

/** Two kernels' sums in another order, on gradients of some units. */
const TOLERANCE = 1e-3;

/** Rectifiers of every kind of neighbour: behind strides, before a sum, read twice, of channels that fill no byte. */
function network(): Graph {
  const writer = new ModelWriter(8);
  writer.input(SIDE, SIDE);
  writer.conv([3, 3, 3, 8], { strides: [2, 2], activation: "relu6" });
  const block = writer.last;
  writer.conv([1, 1, 8, 16], { activation: "relu6" });
  writer.depthwise([5, 5, 16, 1], { activation: "relu" });
  writer.conv([1, 1, 16, 8]);
  writer.add("Add", {}, [block, writer.last]);
  writer.depthwise([3, 3, 8, 1], { strides: [2, 2], activation: "relu6" });
  writer.conv([3, 3, 8, 6], { activation: "relu" });
  writer.conv([1, 1, 6, 12], { activation: "relu6" });
  writer.conv([3, 3, 12, 12], { strides: [2, 2], activation: "relu" });
  writer.add("GlobalAveragePooling2D");
  writer.dense([12, 3]);
  return optimise(writer.build());
}

/** What PyTorch's networks have: borders on both sides, groups of a few channels and of many, pooling with a border. */
function grouped(): Graph {
  const writer = new ModelWriter(9);
  writer.input(SIDE, SIDE);
  const bordered = {
    dilations: [1, 1],
    padding: { rows: [1, 1], columns: [1, 1] },
    activation: "linear",
  } as const;
  const conv = (kernel: readonly [number, number, number, number], stride: number, groups: number) => {
    writer.operation("conv", { ...bordered, strides: [stride, stride], groups }, {
      kernel: writer.weight(`${writer.last}/own`, kernel),
      bias: writer.weight(`${writer.last}/shift`, [kernel[3]]),
    });
    writer.add("ReLU");
  };
  conv([5, 5, 3, 32], 2, 1);
  writer.operation("max-pool", { ...bordered, size: [3, 3], strides: [2, 2] }, {});
  conv([3, 3, 4, 32], 1, 8);
  conv([3, 3, 16, 40], 2, 2);
  writer.conv([1, 1, 10, 36], { groups: 4, activation: "relu" });
  conv([3, 3, 12, 24], 1, 3);
  writer.add("GlobalAveragePooling2D");
  writer.dense([24, 3]);
  return optimise(writer.build());
}

/** Functions of one value that there are kernels for. */
function curved(): Graph {
  const writer = new ModelWriter(4);
  writer.input(SIDE, SIDE);
  for (const activation of ["swish", "hard_swish", "gelu", "gelu_new", "hard_sigmoid", "hard_tanh"]) {
    writer.conv([3, 3, writer.last === "layer0" ? 3 : 5, 5], { activation });
  }
  writer.operation("activation", { function: "erf" }, {});
  writer.add("GlobalAveragePooling2D");
  writer.dense([5, 3]);
  writer.add("Rescaling", { scale: 100 });
  return optimise(writer.build());
}

/** Attention of two heads over tokens in number no multiple of anything, once with each matrix turned over. */
function attention(): Graph {
  const writer = new ModelWriter(4);
  writer.input(SIDE, SIDE);
  writer.conv([3, 3, 3, 12], { strides: [2, 2] });
  const tokens = Math.ceil(SIDE / 2) ** 2;
  const embedded = writer.operation("reshape", { shape: [tokens, 12] }, {});
  const [scale, shift] = ["scale", "shift"].map((part) => writer.weight(part, [12]));
  if (scale !== undefined && shift !== undefined) {
    writer.operation("layer-norm", { epsilon: 1e-5 }, { scale, shift });
  }
  const norm = writer.operation("reshape", { shape: [tokens, 2, 6] }, {});
  const heads = writer.operation("transpose", { order: [1, 0, 2] }, {}, [norm]);
  const turned = writer.operation("transpose", { order: [1, 2, 0] }, {}, [norm]);
  writer.operation("matmul", { transposeA: true, transposeB: false }, {}, [turned, turned]);
  const plain = writer.operation("softmax", { axis: -1 }, {});
  writer.operation("matmul", { transposeA: false, transposeB: true }, {}, [heads, heads]);
  const other = writer.operation("softmax", { axis: -1 }, {});
  const shares = writer.operation("multiply", {}, {}, [plain, other]);
  writer.operation("matmul", { transposeA: false, transposeB: false }, {}, [shares, heads]);
  const beside = writer.operation("transpose", { order: [1, 0, 2] }, {});
  const joined = writer.operation("reshape", { shape: [tokens, 12] }, {}, [beside]);
  writer.operation("add", {}, {}, [embedded, joined]);
  writer.operation("reduce", { sides: [0], function: "mean", keepDims: false }, {});
  writer.dense([12, 3]);
  return optimise(writer.build());
}

/** Layers over positions, which a transformer has: products of matrices, and rectifiers behind them. */
function positions(): Graph {
  const writer = new ModelWriter(6);
  writer.input(SIDE, SIDE);
  writer.conv([4, 4, 3, 20], { strides: [4, 4], padding: "valid" });
  writer.add("Reshape", { target_shape: [-1, 20] });
  writer.dense([20, 37], { activation: "relu" });
  writer.dense([37, 24], { activation: "gelu" });
  writer.dense([24, 16], { activation: "relu6" });
  writer.operation("reduce", { sides: [0], function: "mean", keepDims: false }, {});
  writer.dense([16, 3]);
  return optimise(writer.build());
}

for (const make of [attention, positions, network, grouped, curved]) {
  Deno.test(`Recording.vjp() returns the same by Gradcast's own kernels as by those of tfjs, under every rule: ${make.name}`, () =>
    compare(make()));
}

async function compare(graph: Graph): Promise<void> {
  const backend = await startBackend(2);
  const native = await startNative({ ...backend, needs: needsOf(graph) });
  assert.ok(native !== null);
  try {
    const next = random(3);
    const pixels = Float32Array.from({ length: 2 * SIDE * SIDE * 3 }, () => 6 * next() - 3);
    for (const rule of GRADIENT_RULES) {
      const [own, stock] = [native, null].map((native) => {
        const kernels = new Kernels(backend.backend, native);
        const executor = new Executor(graph, kernels);
        const input = kernels.upload([2, SIDE, SIDE, 3], pixels.slice());
        const redirects = rule === "redirected";
        const recording = executor.record(input, { from: [graph.logits], to: [graph.input], redirects });
        const seed = kernels.upload([2, 3], Float32Array.of(1, 0, -0.5, 0, 1, 0));
        const [gradient] = recording.vjp({ seeds: new Map([[graph.logits, seed]]), to: [graph.input], rule });
        assert.ok(gradient !== undefined);
        const values = kernels.view(gradient).slice();
        for (const value of [gradient, seed]) kernels.free(value);
        recording.free();
        executor.dispose();
        kernels.free(input);
        return values;
      });
      assert.ok((own ?? []).some((value) => Math.abs(value) > 0.01));
      assert.ok(maxDifference(own ?? [], stock ?? []) < TOLERANCE, rule);
    }
  } finally {
    native.end();
    stopBackend();
  }
}
