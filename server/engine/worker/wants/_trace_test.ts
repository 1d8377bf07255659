import assert from "node:assert/strict";
import { ModelWriter } from "../../graph/testing/model_writer.ts";
import type { Graph } from "../../graph/graph.ts";
import { trace, tracedNodes } from "./_trace.ts";

type Write = (writer: ModelWriter, input: string) => void;

Deno.test("trace() goes through a convolution to the channel with the largest sum, in the window's centre", () => {
  const conv = (writer: ModelWriter) => {
    writer.conv([3, 3, 3, 1], { strides: [2, 2], padding: "same" });
    writer.weights.get(`${writer.last}/kernel`)?.values.fill(1);
  };
  // 4×4 px padded at the bottom right alone: the windows' centres are 1 and 3.
  assert.deepEqual(through(conv, 0, picture(4, [[0, 0, 2]])), [1, 1]);
  assert.deepEqual(through(conv, 3, picture(4, [[3, 3, 1]])), [3, 3]);
});

Deno.test("trace() goes through a depthwise convolution to the cell that contributes most", () => {
  const depthwise = (writer: ModelWriter) => {
    writer.depthwise([3, 3, 3, 2], { padding: "same" });
    const kernel = writer.weights.get(`${writer.last}/depthwise_kernel`);
    // The second filter of each channel only looks down to the right, the first one turns the sign.
    kernel?.values.forEach((_, i) => kernel.values[i] = i % 2 === 0 ? -1 : i >= 8 * 6 ? 1 : 0);
  };
  const pixels = picture(3, [[0, 0, 2, 9], [1, 2, 2, 1], [2, 2, 2, -4]]);
  const unit = (row: number, column: number, filter: number) => (row * 3 + column) * 6 + filter;
  assert.deepEqual(through(depthwise, unit(0, 1, 5), pixels), [1, 2]);
  assert.deepEqual(through(depthwise, unit(1, 1, 4), pixels), [2, 2]);
});

Deno.test("trace() goes through pooling to the window's largest value", () => {
  for (const kind of ["MaxPooling2D", "AveragePooling2D"]) {
    const pool = (writer: ModelWriter) => writer.add(kind, { pool_size: 2, strides: 2 });
    assert.deepEqual(through(pool, 3 * 3 + 1, picture(4, [[2, 3, 1], [3, 3, 0]])), [2, 3]);
  }
  for (const kind of ["GlobalAveragePooling2D", "GlobalMaxPooling2D"]) {
    const pool = (writer: ModelWriter) => writer.add(kind);
    assert.deepEqual(through(pool, 2, picture(4, [[2, 3, 2], [3, 3, 0]])), [2, 3]);
  }
});

Deno.test("trace() undoes padding, enlarging and joining, and stays inside", () => {
  const at = (row: number, column: number, channel: number, width: number, channels = 3) =>
    (row * width + column) * channels + channel;
  const pad = (writer: ModelWriter) => writer.add("ZeroPadding2D", { padding: [[1, 0], [2, 1]] });
  assert.deepEqual(through(pad, at(2, 3, 1, 5), picture(2, [])), [1, 1]);
  assert.deepEqual(through(pad, at(0, 0, 1, 5), picture(2, [])), [0, 0]);
  const up = (writer: ModelWriter) => writer.add("UpSampling2D", { size: [2, 3] });
  assert.deepEqual(through(up, at(3, 5, 1, 6), picture(2, [])), [1, 1]);
  assert.deepEqual(through(up, at(1, 3, 1, 6), picture(2, [])), [0, 1]);
  const join = (writer: ModelWriter, input: string) => {
    const pool = writer.add("MaxPooling2D", { pool_size: 3, strides: 1, padding: "same" });
    writer.add("Concatenate", {}, [pool, input]);
  };
  assert.deepEqual(through(join, at(1, 1, 4, 3, 6), picture(3, [[0, 0, 1]])), [1, 1]);
  assert.deepEqual(through(join, at(1, 1, 1, 3, 6), picture(3, [[0, 0, 1]])), [0, 0]);
});

Deno.test("trace() stays in the group of a convolution's filter, and counts its borders", () => {
  const grouped = (writer: ModelWriter) => {
    writer.operation("conv", {
      strides: [1, 1],
      dilations: [1, 1],
      padding: { rows: [2, 0], columns: [0, 2] },
      groups: 3,
      activation: "linear",
    }, {
      kernel: { shape: [3, 3, 1, 6], values: new Float32Array(54).fill(1) },
      bias: writer.weight("none", [6]),
    });
  };
  const at = (row: number, column: number, filter: number) => (row * 3 + column) * 6 + filter;
  // The windows' centres lie one row above and one column to the right of their places.
  assert.deepEqual(through(grouped, at(2, 0, 4), picture(3, [[0, 0, 0], [1, 1, 1], [1, 1, 2]])), [1, 1]);
  const graph = network(grouped, 3, at(2, 0, 4));
  assert.deepEqual(graph.nodes[1]?.shape, [3, 3, 6]);
});

Deno.test("trace() goes through a resizing to the nearest cell", () => {
  const resize = (writer: ModelWriter) => {
    writer.operation("resize", { size: [2, 7], interpolation: "bilinear", positions: "align-corners" }, {});
  };
  assert.deepEqual(through(resize, (1 * 7 + 3) * 3 + 1, picture(4, [])), [3, 2]);
  assert.deepEqual(through(resize, (0 * 7 + 6) * 3, picture(4, [])), [0, 3]);
});

Deno.test("trace() undoes transposition, slicing and gathering, and joins along any side", () => {
  const at = (row: number, column: number, channel: number) => (row * 4 + column) * 3 + channel;
  const turned = (writer: ModelWriter) => writer.operation("transpose", { order: [2, 0, 1] }, {});
  // Channel 1, row 2, column 3 of [channels, rows, columns].
  assert.deepEqual(through(turned, (1 * 4 + 2) * 4 + 3, picture(4, [])), [2, 3]);
  const cut = (writer: ModelWriter) => writer.operation("slice", { starts: [1, 2, 0], sizes: [2, 2, 3] }, {});
  assert.deepEqual(through(cut, (1 * 2 + 0) * 3 + 2, picture(4, [])), [2, 2]);
  const gathered = (writer: ModelWriter) => writer.operation("gather", { side: 0, indices: [3, 1, 3] }, {});
  assert.deepEqual(through(gathered, at(2, 1, 0), picture(4, [])), [3, 1]);
  const joined = (writer: ModelWriter, input: string) => {
    writer.operation("slice", { starts: [1, 0, 0], sizes: [1, 4, 3] }, {});
    writer.operation("concat", { axis: 1 }, {}, [writer.last, input]);
  };
  assert.deepEqual(through(joined, at(0, 3, 1), picture(4, [])), [1, 3]);
  assert.deepEqual(through(joined, at(3, 3, 1), picture(4, [])), [2, 3]);
});

Deno.test("trace() goes through a reduction to the largest number, and through a dense layer to what adds most", () => {
  const reduced = (writer: ModelWriter) => {
    writer.operation("reduce", { sides: [0, 2], function: "mean", keepDims: false }, {});
  };
  assert.deepEqual(through(reduced, 2, picture(4, [[3, 2, 1], [0, 1, 1, 9]])), [3, 2]);
  const dense = (writer: ModelWriter) => {
    writer.dense([3, 2], { name: "mix" });
    writer.weights.get("mix/kernel")?.values.set([1, -1, 1, -1, 1, 1]);
    writer.operation("slice", { starts: [0, 0, 0], sizes: [4, 4, 1] }, {});
    writer.operation("gather", { side: 1, indices: [3, 2, 1, 0] }, {});
  };
  assert.deepEqual(through(dense, 2 * 4 + 0, picture(4, [[2, 3, 1]])), [2, 3]);
});

Deno.test("trace() follows the minuend, or the subtrahend where that is negative and larger", () => {
  const difference = (writer: ModelWriter, input: string) => {
    const pool = writer.add("MaxPooling2D", { name: "pool", pool_size: 3, strides: 1, padding: "same" });
    writer.operation("subtract", {}, {}, [input, pool]);
  };
  const graph = network(difference, 3, 4 * 3 + 1);
  const trail = (pooled: number) => {
    const values = new Map([
      ["in", new Float32Array(picture(3, [[2, 2, 1, 9], [1, 1, 1, 3]]))],
      ["pool", new Float32Array(27).with(4 * 3 + 1, pooled)],
      ["flat", new Float32Array(27).fill(1)],
    ]);
    return [...trace(graph, values, 0)];
  };
  assert.deepEqual(trail(4), [1, 1]);
  assert.deepEqual(trail(-4), [2, 2]);
});

Deno.test("trace() follows the larger of skip and branch", () => {
  const sum = (writer: ModelWriter, input: string) => {
    const pool = writer.add("MaxPooling2D", { name: "pool", pool_size: 3, strides: 1, padding: "same" });
    writer.add("Add", {}, [input, pool]);
  };
  const graph = network(sum, 3, 4 * 3 + 1);
  const trail = (pooled: number) => {
    const values = new Map([
      ["in", new Float32Array(picture(3, [[2, 2, 1, 9], [1, 1, 1, 3]]))],
      ["pool", new Float32Array(27).with(4 * 3 + 1, pooled)],
      ["flat", new Float32Array(27).fill(1)],
    ]);
    return [...trace(graph, values, 0)];
  };
  assert.deepEqual(trail(2), [1, 1]);
  assert.deepEqual(trail(4), [2, 2]);
});

Deno.test("trace() counts what adds to several units of a dense layer once, and what several points lead to as often", () => {
  const writer = new ModelWriter(1);
  writer.add("InputLayer", { name: "in", batch_input_shape: [null, 2, 2, 3] });
  writer.add("MaxPooling2D", { name: "pool", pool_size: 2, strides: 1, padding: "same" });
  writer.add("Flatten", { name: "flat" });
  writer.dense([12, 2], { name: "hidden" });
  writer.dense([2, 2], { name: "logits" });
  writer.weights.get("hidden/kernel")?.values.fill(1);
  writer.weights.get("logits/kernel")?.values.fill(1);
  const graph = writer.build();
  assert.deepEqual(new Set(tracedNodes(graph)), new Set(["in", "flat", "hidden"]));
  // Three cells of channel 0 lead to its pixel 1, 1; the fourth contributes nothing.
  const flat = new Float32Array(12);
  for (const cell of [0, 1, 2]) flat[3 * cell] = 1;
  const values = new Map([
    ["in", new Float32Array(picture(2, [[1, 1, 0]]))],
    ["flat", flat],
    ["hidden", new Float32Array([1, 1])],
  ]);
  assert.deepEqual([...trace(graph, values, 0)], [1, 1, 1, 1, 1, 1]);
  assert.deepEqual([...trace(graph, values.set("hidden", new Float32Array([0, -1])), 0)], []);
});

/** Writes layers, a flattening and two units, of which the first reads the flattened value's `place` alone. */
function network(write: Write, side: number, place: number): Graph {
  const writer = new ModelWriter(1);
  write(writer, writer.add("InputLayer", { name: "in", batch_input_shape: [null, side, side, 3] }, []));
  writer.add("Flatten", { name: "flat" });
  const [length = 0] = writer.build().nodes.at(-1)?.shape ?? [];
  writer.dense([length, 2], { name: "logits" });
  const kernel = writer.weights.get("logits/kernel");
  kernel?.values.fill(0).fill(1, 2 * place, 2 * place + 1);
  return writer.build();
}

/** Traces a place of the value that a layer makes of some pixels, `[row, column]`. */
function through(write: Write, place: number, pixels: readonly number[]): readonly number[] {
  const graph = network(write, Math.sqrt(pixels.length / 3), place);
  const { shape: [length = 0] = [] } = graph.nodes.at(-2) ?? {};
  const values = new Map([
    ["in", new Float32Array(pixels)],
    ["flat", new Float32Array(length).fill(1)],
  ]);
  return [...trace(graph, values, 0)];
}

/** Pixels of 0 but for some, each given as row, column, channel and value, by default 1. */
function picture(side: number, bright: readonly (readonly [number, number, number, number?])[]): number[] {
  const pixels = new Array<number>(3 * side * side).fill(0);
  for (const [row, column, channel, value = 1] of bright) pixels[(row * side + column) * 3 + channel] = value;
  return pixels;
}
