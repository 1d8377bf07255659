import assert from "node:assert/strict";
import { maxDifference, random } from "../testing/goldens.ts";
import { startNative } from "../native/start.ts";
import { startBackend, stopBackend } from "../threads/backend.ts";
import { ModelWriter } from "./testing/model_writer.ts";
import { Executor } from "./executor.ts";
import type { Graph } from "./graph.ts";
import { Kernels } from "./kernels.ts";
import { needsOf } from "./native_needs.ts";
import { optimise } from "./optimise.ts";

/** Float32 in another order of sums, on values of a few units. */
const TOLERANCE = 1e-4;

/** Networks of odd sides, with what parts have to get right: strides, borders, sums of parts of two sizes. */
const NETWORKS: Readonly<Record<string, (w: ModelWriter) => void>> = {
  "an inverted bottleneck"(w) {
    w.conv([3, 3, 3, 8], { strides: [2, 2], activation: "relu6" });
    const block = w.last;
    w.conv([1, 1, 8, 16], { activation: "relu6" });
    w.depthwise([5, 5, 16, 1], { activation: "relu6" });
    w.conv([1, 1, 16, 8]);
    w.add("Add", {}, [block, w.last]);
    w.depthwise([3, 3, 8, 1], { strides: [2, 2], activation: "relu" });
  },
  "a residual network with layers without padding"(w) {
    w.conv([5, 3, 3, 6], { padding: "valid", activation: "relu" });
    const block = w.last;
    w.conv([3, 3, 6, 6], { activation: "relu" });
    w.conv([3, 3, 6, 6]);
    w.add("Add", {}, [block, w.last]);
    w.add("ReLU");
    w.conv([3, 3, 6, 4], { strides: [2, 2], padding: "valid" });
  },
  "groups of channels and borders by numbers"(w) {
    const bordered = {
      dilations: [1, 1],
      padding: { rows: [2, 1], columns: [0, 2] },
      activation: "relu",
    } as const;
    const conv = (kernel: readonly [number, number, number, number], stride: number, groups: number) =>
      w.operation("conv", { ...bordered, strides: [stride, stride], groups }, {
        kernel: w.weight(`${w.last}/own`, kernel),
        bias: w.weight(`${w.last}/shift`, [kernel[3]]),
      });
    conv([5, 3, 3, 12], 2, 1);
    conv([3, 3, 3, 16], 1, 4);
    w.conv([1, 1, 8, 12], { groups: 2, activation: "relu" });
    w.operation("depthwise", { ...bordered, strides: [1, 1] }, {
      kernel: w.weight("wise/own", [3, 3, 12, 1]),
      bias: w.weight("wise/shift", [12]),
    });
    conv([1, 1, 12, 8], 1, 1);
  },
  "normalisation and curved functions between layers"(w) {
    w.conv([3, 3, 3, 4]);
    w.batchNorm(4);
    w.add("Activation", { activation: "swish" });
    w.depthwise([3, 3, 4, 1]);
    w.add("Activation", { activation: "tanh" });
    w.add("MaxPooling2D", { pool_size: 2 });
  },
};

const [HEIGHT, WIDTH] = [61, 47];

async function withExecutor(
  graph: Graph,
  test: (executor: Executor, kernels: Kernels) => void,
): Promise<void> {
  const backend = await startBackend(2);
  const native = await startNative({ ...backend, needs: needsOf(graph) });
  assert.ok(native !== null);
  try {
    const kernels = new Kernels(backend.backend, native);
    test(new Executor(graph, kernels), kernels);
  } finally {
    native.end();
    stopBackend();
  }
}

for (const [name, write] of Object.entries(NETWORKS)) {
  Deno.test(`Regions.forward() returns what a whole forward pass returns: ${name}`, async () => {
    const writer = new ModelWriter(5);
    writer.input(HEIGHT, WIDTH);
    write(writer);
    writer.add("GlobalAveragePooling2D");
    const [channels = 0] = writer.build().nodes.at(-1)?.shape ?? [];
    writer.dense([channels, 3]);
    const graph = optimise(writer.build());
    await withExecutor(graph, (executor, kernels) => {
      const next = random(2);
      const pixels = Float32Array.from({ length: HEIGHT * WIDTH * 3 }, () => 2 * next() - 1);
      const window = [9, 6] as const;
      const corners = [[0, 0], [HEIGHT - 9, WIDTH - 6], [17, 20], [33, 0]] as const;
      const keep = [graph.logits];
      const nodes = executor.regions?.reads({ window, keep }) ?? [];
      assert.ok(nodes.length > 1, "something is computed in parts");

      const input = kernels.upload([1, HEIGHT, WIDTH, 3], pixels);
      const computed = nodes.filter((node) => node !== graph.input);
      const unchanged = {
        row: 0,
        values: new Map([
          [graph.input, input],
          ...executor.forward(input, computed).map((value, i) => [computed[i] ?? "", value] as const),
        ]),
      };
      const fresh = kernels.allocate([corners.length, ...window, 3]);
      kernels.view(fresh).set(
        Float32Array.from({ length: corners.length * 9 * 6 * 3 }, () => 4 * next() - 2),
      );
      const before = kernels.count;
      const rows = corners.map(([top, left]) => ({ top, left, unchanged }));
      const [inParts] = executor.regions?.forward({ window, fresh, rows, keep }) ?? [];
      assert.ok(inParts !== undefined);
      assert.equal(kernels.count, before + 1, "all but the kept value is freed");

      const changed = kernels.allocate([corners.length, HEIGHT, WIDTH, 3]);
      for (const [row, [top, left]] of corners.entries()) {
        const whole = pixels.slice();
        for (let y = 0; y < 9; y++) {
          for (let i = 0; i < 6 * 3; i++) {
            whole[((top + y) * WIDTH + left) * 3 + i] = kernels.view(fresh)[(row * 9 + y) * 18 + i] ?? NaN;
          }
        }
        kernels.view(changed).set(whole, row * whole.length);
      }
      const [wanted] = executor.forward(changed, keep);
      assert.ok(wanted !== undefined);
      assert.ok(maxDifference(kernels.view(inParts), kernels.view(wanted)) < TOLERANCE);
      assert.ok(maxDifference(kernels.view(inParts).slice(0, 3), kernels.view(inParts).slice(3, 6)) > 1e-3);
    });
  });
}

Deno.test("Regions.reads() finds nothing to gain where a window is the whole picture or a kept layer is a part", async () => {
  const writer = new ModelWriter(5);
  writer.input(HEIGHT, WIDTH);
  const first = writer.conv([3, 3, 3, 4], { activation: "relu" });
  writer.add("GlobalAveragePooling2D");
  writer.dense([4, 3]);
  const graph = optimise(writer.build());
  await withExecutor(graph, ({ regions }) => {
    const keep = [graph.logits];
    assert.deepEqual(regions?.reads({ window: [9, 9], keep }), [graph.input, first]);
    assert.equal(regions?.reads({ window: [HEIGHT, WIDTH], keep }), null);
    assert.equal(regions?.reads({ window: [HEIGHT + 1, 2], keep }), null);
    assert.equal(regions?.reads({ window: [9, 9], keep: [first] }), null);
  });
});
