import assert from "node:assert/strict";
import { attentionsOf } from "./attention.ts";
import type { Graph } from "./graph.ts";
import { gridsOf } from "./places.ts";
import { hasReadouts, readoutsOf, withReadouts } from "./readouts.ts";
import { ModelWriter } from "./testing/model_writer.ts";

/** A picture of 8 × 12 pixels in patches of 4 × 4, `[2, 3, 6]`. */
function patches(): ModelWriter {
  const writer = new ModelWriter(1);
  writer.input(8, 12);
  writer.conv([4, 4, 3, 6], { name: "patches", strides: 4, padding: "valid" });
  return writer;
}

function norm(writer: ModelWriter): string {
  const [scale, shift] = [
    writer.weight(`${writer.last}/scale`, [6]),
    writer.weight(`${writer.last}/shift`, [6]),
  ];
  return writer.operation("layer-norm", { epsilon: 1e-5 }, { scale, shift });
}

/** Attention of two heads over tokens, with a residual. */
function attend(writer: ModelWriter, tokens: number): string {
  const from = writer.last;
  norm(writer);
  writer.operation("reshape", { shape: [tokens, 2, 3] }, {});
  const heads = writer.operation("transpose", { order: [1, 0, 2] }, {});
  writer.operation("matmul", { transposeA: false, transposeB: true }, {}, [heads, heads]);
  const shares = writer.operation("softmax", { axis: -1 }, {});
  writer.operation("matmul", { transposeA: false, transposeB: false }, {}, [shares, heads]);
  writer.operation("transpose", { order: [1, 0, 2] }, {});
  const mixed = writer.operation("reshape", { shape: [tokens, 6] }, {});
  return writer.operation("add", {}, {}, [from, mixed]);
}

function finish(writer: ModelWriter): Graph {
  norm(writer);
  writer.operation("reduce", { sides: [0], function: "mean", keepDims: false }, {});
  writer.dense([6, 3]);
  return writer.build();
}

Deno.test("gridsOf() follows patches into tokens and back, behind class tokens as well", () => {
  const writer = patches();
  const cells = writer.operation("reshape", { shape: [6, 6] }, {});
  const two = writer.operation("constant", {}, { value: writer.weight("two", [2, 6]) }, []);
  const joined = writer.operation("concat", { axis: 1 }, {}, [two, cells]);
  const one = writer.operation("slice", { starts: [1, 0], sizes: [7, 6] }, {});
  const alone = writer.operation("slice", { starts: [1, 0], sizes: [6, 6] }, {});
  const picture = writer.operation("reshape", { shape: [2, 3, 6] }, {});
  const half = writer.operation("slice", { starts: [0, 0], sizes: [3, 6] }, {}, [alone]);
  writer.operation("reshape", { shape: [18] }, {}, [half]);
  const grids = gridsOf(writer.build());
  assert.deepEqual(grids.get("patches"), { height: 2, width: 3, skip: 0 });
  assert.deepEqual(grids.get(cells), { height: 2, width: 3, skip: 0 });
  assert.deepEqual(grids.get(joined), { height: 2, width: 3, skip: 2 });
  assert.deepEqual(grids.get(one), { height: 2, width: 3, skip: 1 });
  assert.deepEqual(grids.get(alone), { height: 2, width: 3, skip: 0 });
  assert.equal(grids.get(half), undefined);
  assert.equal(grids.get(two), undefined);
  assert.deepEqual(grids.get(picture), { height: 2, width: 3, skip: 0 });
});

Deno.test("gridsOf() keeps the places of a mixer's tokens where they are mixed and added to themselves", () => {
  const writer = patches();
  const cells = writer.operation("reshape", { shape: [6, 6] }, {});
  const turned = writer.operation("transpose", { order: [1, 0] }, {});
  const mixed = writer.dense([6, 6]);
  const back = writer.operation("transpose", { order: [1, 0] }, {});
  const sum = writer.operation("add", {}, {}, [back, cells]);
  const grids = gridsOf(finish(writer));
  for (const name of [turned, mixed, back]) assert.equal(grids.get(name), undefined, name);
  assert.deepEqual(grids.get(sum), { height: 2, width: 3, skip: 0 });
});

/** Every second row and column of a picture `[height, width, channels]`, from given ones on. */
function everySecond(
  writer: ModelWriter,
  from: string,
  [height, width, channels]: readonly number[],
  at: readonly number[],
) {
  const [y = 0, x = 0] = at;
  const picks = (side: number, first: number) => Array.from({ length: side / 2 }, (_, i) => first + 2 * i);
  // As exporters write it: what the first step does not touch lies in one side.
  const [high = 0, wide = 0, deep = 0] = [height, width, channels];
  writer.operation("reshape", { shape: [high * wide * deep] }, {}, [from]);
  writer.operation("reshape", { shape: [high, wide * deep] }, {});
  writer.operation("gather", { side: 0, indices: picks(high, y) }, {});
  writer.operation("reshape", { shape: [high / 2, wide, deep] }, {});
  return writer.operation("gather", { side: 1, indices: picks(wide, x) }, {});
}

Deno.test("gridsOf() keeps rows and columns where patches are merged, and not where they are shifted", () => {
  const writer = new ModelWriter(1);
  writer.input(16, 24);
  const patches = writer.conv([4, 4, 3, 6], { strides: 4, padding: "valid" });
  const corners = [[0, 0], [1, 0], [0, 1], [1, 1]].map((at) => everySecond(writer, patches, [4, 6, 6], at));
  const merged = writer.operation("concat", { axis: -1 }, {}, corners);
  const mixed = writer.dense([24, 8]);
  const some = writer.operation("gather", { side: 0, indices: [1, 0] }, {}, [mixed]);
  const rest = writer.operation("slice", { starts: [1, 0, 0], sizes: [1, 3, 8] }, {}, [mixed]);
  const first = writer.operation("slice", { starts: [0, 0, 0], sizes: [1, 3, 8] }, {}, [mixed]);
  const shifted = writer.operation("concat", { axis: 1 }, {}, [rest, first]);
  const sum = writer.operation("add", {}, {}, [shifted, mixed]);
  writer.add("GlobalAveragePooling2D");
  writer.dense([8, 3]);
  const grids = gridsOf(writer.build());
  for (const name of [...corners, merged, mixed, sum]) {
    assert.deepEqual(grids.get(name), { height: 2, width: 3, skip: 0 }, name);
  }
  for (const name of [some, shifted]) assert.equal(grids.get(name), undefined, name);
});

Deno.test("attentionsOf() finds attention of all tokens, and none where they attend within windows", () => {
  const writer = patches();
  writer.operation("reshape", { shape: [6, 6] }, {});
  const embedded = writer.last;
  const first = attend(writer, 6);
  attend(writer, 6);
  const graph = finish(writer);
  const grid = { height: 2, width: 3, skip: 0 };
  const [one, two] = attentionsOf(graph);
  assert.deepEqual([one?.heads, one?.tokens, one?.grid, one?.before], [2, 6, grid, embedded]);
  assert.equal(two?.before, first);
  assert.ok(hasReadouts(graph));

  const inRows = patches();
  const spatial = norm(inRows);
  inRows.operation("reshape", { shape: [6, 2, 3] }, {});
  const heads = inRows.operation("transpose", { order: [1, 0, 2] }, {});
  inRows.operation("matmul", { transposeA: false, transposeB: true }, {}, [heads, heads]);
  const shares = inRows.operation("softmax", { axis: -1 }, {});
  inRows.operation("matmul", { transposeA: false, transposeB: false }, {}, [shares, heads]);
  inRows.operation("transpose", { order: [1, 0, 2] }, {});
  const back = inRows.operation("reshape", { shape: [2, 3, 6] }, {});
  inRows.operation("add", {}, {}, ["patches", back]);
  norm(inRows);
  inRows.add("GlobalAveragePooling2D");
  inRows.dense([6, 3]);
  const [only] = attentionsOf(inRows.build());
  assert.deepEqual([only?.input, only?.before, only?.grid], [spatial, "patches", grid]);
  assert.ok(hasReadouts(inRows.build()));

  const windows = patches();
  // Three windows of a column each.
  windows.operation("transpose", { order: [1, 0, 2] }, {});
  const split = windows.operation("slice", { starts: [0, 0, 0], sizes: [1, 2, 6] }, {});
  windows.operation("reshape", { shape: [2, 6] }, {}, [split]);
  attend(windows, 2);
  assert.deepEqual(attentionsOf(finish(windows)), []);

  // A block in windows of a row each, then one of all tokens, as the last stage of a Swin has it.
  const stages = patches();
  const rows = stages.operation("reshape", { shape: [2, 3, 2, 3] }, {});
  const ofRows = stages.operation("transpose", { order: [0, 2, 1, 3] }, {}, [rows]);
  stages.operation("matmul", { transposeA: false, transposeB: true }, {}, [ofRows, ofRows]);
  const withinRows = stages.operation("softmax", { axis: -1 }, {});
  stages.operation("matmul", { transposeA: false, transposeB: false }, {}, [withinRows, ofRows]);
  stages.operation("transpose", { order: [0, 2, 1, 3] }, {});
  stages.operation("reshape", { shape: [2, 3, 6] }, {});
  stages.operation("add", {}, {}, ["patches", stages.last]);
  stages.operation("reshape", { shape: [6, 6] }, {});
  attend(stages, 6);
  assert.deepEqual(attentionsOf(finish(stages)), []);
});

Deno.test("withReadouts() applies the head to every block's output, and shares its weights", () => {
  const writer = patches();
  writer.operation("reshape", { shape: [6, 6] }, {});
  const outputs = [attend(writer, 6), attend(writer, 6), attend(writer, 6)];
  const plain = finish(writer);
  const graph = withReadouts(plain);
  const readouts = readoutsOf(graph);
  assert.deepEqual(readoutsOf(plain), []);
  assert.equal(readouts.length, 3);
  assert.equal(readouts.at(-1)?.logits, graph.logits);
  const node = (name: string | undefined) =>
    graph.nodes.find((one) => one.name === name) ?? assert.fail(name);
  for (const [block, { logits }] of readouts.entries()) {
    const dense = node(logits);
    assert.equal(dense.weights, node(graph.logits).weights);
    const [head] = node(node(dense.inputs[0]).inputs[0]).inputs;
    assert.equal(head, outputs[block]);
  }
});
