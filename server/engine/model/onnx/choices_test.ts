/** Operations of ONNX that the file decides: branches whose condition is known, cells that a resizing copies. */
import assert from "node:assert/strict";
import { computeNaively } from "../../graph/testing/naive.ts";
import { assembleGraph } from "../../graph/build.ts";
import { ModelFiles } from "../files.ts";
import { readOnnx } from "./mod.ts";
import {
  onnxBytes,
  smallModel,
  type WrittenBranch,
  type WrittenModel,
  type WrittenNode,
} from "./testing/onnx_writer.ts";

async function read(model: WrittenModel) {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${folder}/m.onnx`, onnxBytes(model));
    return await readOnnx({
      files: new ModelFiles(folder),
      file: "m.onnx",
      inputSize: null,
      mostBytes: 2 ** 30,
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const pool: WrittenBranch = {
  nodes: [{ op: "GlobalMaxPool", inputs: ["r"], outputs: ["largest"] }],
  outputs: [{ name: "largest", dims: [1, 3, 1, 1] }],
};
const mean: WrittenBranch = {
  nodes: [{ op: "GlobalAveragePool", inputs: ["r"], outputs: ["mean"] }],
  outputs: [{ name: "mean", dims: [1, 3, 1, 1] }],
};

/** A choice between the largest and the mean value of what a rectifier leaves, by whether the picture has 8 rows. */
function choosing(then: WrittenBranch, otherwise: WrittenBranch, rows = 8n): WrittenModel {
  const nodes: readonly WrittenNode[] = [
    { op: "Shape", inputs: ["x"], outputs: ["shape"] },
    { op: "Gather", inputs: ["shape", "two"], outputs: ["rows"] },
    { op: "Equal", inputs: ["rows", "wanted"], outputs: ["is"] },
    { op: "Relu", inputs: ["x"], outputs: ["r"] },
    {
      op: "If",
      inputs: ["is"],
      outputs: ["p"],
      attributes: { then_branch: { graph: then }, else_branch: { graph: otherwise } },
    },
    { op: "Flatten", inputs: ["p"], outputs: ["y"] },
  ];
  const tensors = { two: { dims: [], values: [2n] }, wanted: { dims: [], values: [rows] } };
  return smallModel({ nodes, tensors });
}

const kindsOf = async (model: WrittenModel) => (await read(model)).drafts.map(({ kind }) => kind);

Deno.test("a branch whose condition is known takes the place of the choice, and reads what lies around it", async () => {
  assert.deepEqual(await kindsOf(choosing(pool, mean)), ["input", "activation", "global-max-pool"]);
  assert.deepEqual(await kindsOf(choosing(pool, mean, 9n)), ["input", "activation", "global-average-pool"]);
  const nested: WrittenBranch = {
    nodes: [{
      op: "If",
      inputs: ["is"],
      outputs: ["inner"],
      attributes: { then_branch: { graph: mean }, else_branch: { graph: pool } },
    }],
    outputs: [{ name: "inner", dims: [1, 3, 1, 1] }],
  };
  assert.deepEqual(await kindsOf(choosing(nested, pool)), ["input", "activation", "global-average-pool"]);
});

Deno.test("a choice that the picture decides, and graphs in each other without end, are refused", async () => {
  const computed = choosing(pool, mean);
  const nodes = computed.nodes.map((node) => node.op === "If" ? { ...node, inputs: ["r"] } : node);
  await assert.rejects(
    read({ ...computed, nodes }),
    /If must have a condition that is known when the file is opened/u,
  );
  let deep = pool;
  for (let i = 0; i < 10; i++) {
    const inside: WrittenNode = {
      op: "If",
      inputs: ["is"],
      outputs: ["o"],
      attributes: { then_branch: { graph: deep } },
    };
    deep = { nodes: [inside], outputs: [{ name: "o", dims: [1, 3, 1, 1] }] };
  }
  await assert.rejects(read(choosing(deep, mean)), /graphs lie in each other more than 8 deep/u);
});

Deno.test("sums over one value, and of three, are refused with their equation", async () => {
  const nodes = (equation: string, inputs: readonly string[]): readonly WrittenNode[] => [
    {
      op: "Einsum",
      inputs,
      outputs: ["e"],
      attributes: { equation: { text: equation } },
      name: "/sum/Einsum",
    },
    { op: "GlobalAveragePool", inputs: ["e"], outputs: ["p"] },
    { op: "Flatten", inputs: ["p"], outputs: ["y"] },
  ];
  for (
    const [equation, inputs, message] of [
      [
        "bchw,bchw,bchw->bchw",
        ["x", "x", "x"],
        /Einsum must multiply two values, got bchw,bchw,bchw->bchw \(sum\)/u,
      ],
      [
        "bchw,bcij->bcij",
        ["x", "x"],
        /Einsum must sum over letters that both values have, got .* without h/u,
      ],
      ["bcww,bchw->bchw", ["x", "x"], /Einsum must have each letter once in each value/u],
    ] as const
  ) {
    await assert.rejects(read(smallModel({ nodes: nodes(equation, inputs), tensors: {} })), message);
  }
});

/** What tests/reference/onnx_nearest.py found. */
interface Copied {
  readonly positions: string;
  readonly rounding: string;
  readonly before: number;
  readonly cells: readonly number[];
}

Deno.test("a resizing copies the cells that onnxruntime copies, however they are counted and rounded", async () => {
  const url = new URL("../../../../tests/fixtures/onnx_nearest.json", import.meta.url);
  const cases: readonly Copied[] = JSON.parse(await Deno.readTextFile(url));
  assert.equal(cases.length, 80);
  for (const { positions, rounding, before, cells } of cases) {
    const { drafts, output } = await read({
      nodes: [
        {
          op: "Resize",
          inputs: ["x", "", "", "size"],
          outputs: ["r"],
          attributes: {
            mode: { text: "nearest" },
            coordinate_transformation_mode: { text: positions },
            nearest_mode: { text: rounding },
          },
        },
        { op: "Flatten", inputs: ["r"], outputs: ["y"] },
      ],
      tensors: { size: { dims: [4], values: [1n, 3n, BigInt(cells.length), 1n] } },
      inputs: [{ name: "x", dims: [1, 3, before, 1] }],
      outputs: [{ name: "y", dims: [1, 3 * cells.length] }],
    });
    const graph = assembleGraph(drafts, output);
    const shape = [before, 1, 3];
    // Each number says which row it is of.
    const values = Float64Array.from({ length: 3 * before }, (_, at) => Math.floor(at / 3));
    const logits = computeNaively(graph, { shape, values }).get(graph.logits)?.values ?? [];
    const wanted = [0, 1, 2].flatMap(() => cells);
    assert.deepEqual([...logits], wanted, `${positions}, ${rounding}, ${before} to ${cells.length}`);
  }
});
