/** ONNX that is damaged, or made to do harm: refused in a sentence before memory is taken, and nothing leaves the folder. */
import assert from "node:assert/strict";
import { NotCovered } from "../../graph/not_covered.ts";
import { ModelFiles } from "../files.ts";
import { readOnnx } from "./mod.ts";
import { onnxBytes, smallModel, type WrittenModel, type WrittenNode } from "./testing/onnx_writer.ts";

const FILE = "m.onnx";

/** Reads a model out of a folder of its own. */
async function read(
  model: WrittenModel | Uint8Array,
  beside: Readonly<Record<string, Uint8Array>> = {},
  mostBytes = 2 ** 30,
) {
  const outer = await Deno.makeTempDir();
  const folder = `${outer}/model`;
  try {
    await Deno.mkdir(folder);
    await Deno.writeFile(`${outer}/secret`, new Uint8Array(64));
    await Deno.writeFile(`${folder}/${FILE}`, model instanceof Uint8Array ? model : onnxBytes(model));
    await Deno.symlink(`${outer}/secret`, `${folder}/link`);
    for (const [name, bytes] of Object.entries(beside)) await Deno.writeFile(`${folder}/${name}`, bytes);
    return await readOnnx({ files: new ModelFiles(folder), file: FILE, inputSize: null, mostBytes });
  } finally {
    await Deno.remove(outer, { recursive: true });
  }
}

function refused(model: Promise<unknown>, message: RegExp): Promise<void> {
  return assert.rejects(model, (error) => {
    assert.ok(error instanceof Error);
    assert.match(error.message, /^Cannot load the model: /u);
    assert.match(error.message, message);
    return true;
  });
}

function outside(external: Readonly<Record<string, string>>): WrittenModel {
  return smallModel({ tensors: { "conv.weight": { dims: [3, 3, 1, 1], external } } });
}

Deno.test("a small model is read, and weights beside it are", async () => {
  const inside = await read(smallModel());
  const beside = await read(
    outside({ location: "m.onnx.data", offset: "4", length: "36" }),
    { "m.onnx.data": new Uint8Array(new Float32Array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]).buffer) },
  );
  for (const { drafts, output, parameters } of [inside, beside]) {
    assert.deepEqual(drafts.map(({ name, kind }) => [name, kind]), [
      ["x", "input"],
      ["conv", "conv"],
      ["pool", "global-average-pool"],
    ]);
    assert.equal(output, "pool");
    assert.equal(parameters, 9);
    const [, conv] = drafts;
    assert.ok(conv?.kind === "conv");
    assert.deepEqual([...conv.weights.kernel.values], [1, 4, 7, 2, 5, 8, 3, 6, 9]);
  }
});

for (
  const location of ["../secret", "/etc/passwd", "a/../../secret", "..", "", "sub/file", "a\0b", "C:\\secret"]
) {
  Deno.test(`weights at ${JSON.stringify(location)} are refused`, async () => {
    await refused(read(outside({ location })), /must have its weights in a file beside it/u);
  });
}

Deno.test("weights behind a link that leads out are refused, and weights that are not there", async () => {
  await refused(read(outside({ location: "link" })), /link that leads out of its folder/u);
  await refused(read(outside({ location: "none.data" })), /there is no such file/u);
});

Deno.test("weights beyond the end of their file are refused", async () => {
  for (
    const [offset, length] of [["0", "36"], ["5", "36"], ["9007199254740991", "36"], [
      "0",
      "99999999999",
    ]] as const
  ) {
    const data = { "m.onnx.data": new Uint8Array(35) };
    await refused(
      read(outside({ location: "m.onnx.data", offset, length }), data),
      /which has 35 bytes|beyond|place/u,
    );
  }
  const wrong = outside({ location: "m.onnx.data", offset: "-4", length: "36" });
  await refused(read(wrong, { "m.onnx.data": new Uint8Array(36) }), /that is no number/u);
});

Deno.test("a file that is cut off at any tenth of its length is refused", async () => {
  const bytes = onnxBytes(smallModel());
  for (let tenth = 0; tenth < 10; tenth++) {
    await refused(read(bytes.slice(0, Math.floor(bytes.length * tenth / 10))), /cannot be read: it/u);
  }
});

Deno.test("a million operations are refused before they are kept", async () => {
  const node = onnxBytes({ nodes: [{ op: "Relu", inputs: ["x"], outputs: ["y"] }], inputs: [], outputs: [] });
  assert.ok(node.length > 0);
  const nodes: WrittenNode[] = Array.from({ length: 20_001 }, (_, i) => ({
    op: "Relu",
    inputs: [i === 0 ? "x" : `v${i - 1}`],
    outputs: [`v${i}`],
  }));
  await refused(
    read(smallModel({ nodes })),
    /cannot be read: it must have 20,000 operations or fewer, got 20,001/u,
  );
});

Deno.test("sides of 2³¹ are refused before memory is taken", async () => {
  const huge = [2 ** 31, 2 ** 31];
  await refused(
    read(smallModel({ tensors: { "conv.weight": { dims: huge, values: [1] } } })),
    /more numbers/u,
  );
  await refused(
    read(smallModel({ tensors: { "conv.weight": { dims: [3, 3, 1, 1], values: [1] } } })),
    /must have 36 bytes, got 4/u,
  );
  const sized = (op: string, inputs: readonly string[]) =>
    read(smallModel({
      nodes: [
        { op, inputs, outputs: ["big"] },
        { op: "Add", inputs: ["x", "big"], outputs: ["y"] },
      ],
      tensors: {
        sides: { dims: [2], values: [2n ** 31n, 2n ** 31n] },
        one: { dims: [1, 1], values: [1] },
        start: { dims: [], values: [0n] },
        end: { dims: [], values: [2n ** 40n] },
        step: { dims: [], values: [1n] },
      },
    }));
  for (
    const [op, inputs] of [
      ["ConstantOfShape", ["sides"]],
      ["Expand", ["one", "sides"]],
      ["Tile", ["one", "sides"]],
      ["Range", ["start", "end", "step"]],
    ] as const
  ) {
    await refused(sized(op, inputs), /numbers or fewer at import/u);
  }
  const enlarged = (op: string, inputs: readonly string[]) =>
    read(smallModel({
      nodes: [{ op, inputs: ["x", ...inputs], outputs: ["y"] }],
      tensors: {
        pads: { dims: [8], values: [0n, 0n, 0n, 0n, 0n, 0n, 2n ** 31n, 0n] },
        sizes: { dims: [4], values: [1n, 3n, 10n ** 9n, 10n ** 9n] },
      },
    }));
  for (const [op, inputs] of [["Pad", ["pads"]], ["Resize", ["", "", "sizes"]]] as const) {
    await refused(enlarged(op, inputs), /must give 1 to 16,384 rows and columns, got \d{10}/u);
  }
  const wide = [{ name: "x", dims: [1, 3, 2 ** 31, 2 ** 31] }];
  await refused(read(smallModel({ inputs: wide })), /may have 2048 pixels on a side/u);
});

Deno.test("weights that there is no room for are refused", async () => {
  const tensors = { "conv.weight": { dims: [3, 3, 512, 512], external: { location: "m.onnx.data" } } };
  await refused(read(smallModel({ tensors }), {}, 2 ** 20), /its weights take 9 MB, and 1 MB are there/u);
});

Deno.test("one tensor that a thousand operations read is kept once", async () => {
  const nodes: WrittenNode[] = Array.from({ length: 1000 }, (_, i) => ({
    op: "Conv",
    inputs: [i === 0 ? "x" : `v${i - 1}`, "w"],
    outputs: [i === 999 ? "y" : `v${i}`],
  }));
  const { drafts } = await read(smallModel({
    nodes,
    tensors: { w: { dims: [3, 3, 1, 1], values: [1, 2, 3, 4, 5, 6, 7, 8, 9] } },
  }));
  const kernels = drafts.flatMap((draft) => draft.kind === "conv" ? [draft.weights.kernel] : []);
  assert.equal(kernels.length, 1000);
  assert.equal(new Set(kernels).size, 1);
});

Deno.test("operations that form a circle are refused, and those that read what nothing computes", async () => {
  const relu = (from: string, to: string): WrittenNode => ({ op: "Relu", inputs: [from], outputs: [to] });
  await refused(read(smallModel({ nodes: [relu("a", "y"), relu("y", "a")] })), /operations form a circle/u);
  await refused(read(smallModel({ nodes: [relu("y", "y")] })), /operations form a circle/u);
  await refused(read(smallModel({ nodes: [relu("nothing", "y")] })), /must have one input/u);
  const add: WrittenNode = { op: "Add", inputs: ["x", "nothing"], outputs: ["y"] };
  await refused(read(smallModel({ nodes: [add] })), /reads nothing, which nothing computes/u);
});

Deno.test("a function that calls itself is refused, and one that does not is written out", async () => {
  const call = (op: string): WrittenNode => ({ op, domain: "own", inputs: ["x"], outputs: ["y"] });
  const made = (name: string, inner: WrittenNode) => ({
    domain: "own",
    name,
    inputs: ["x"],
    outputs: ["y"],
    nodes: [inner],
  });
  const loop = { nodes: [call("Loop")], functions: [made("Loop", call("Loop"))] };
  await refused(read(smallModel(loop)), /call each other more than 16 deep/u);
  const inner: WrittenNode = { op: "GlobalAveragePool", inputs: ["x"], outputs: ["y"] };
  const { drafts } = await read(smallModel({ nodes: [call("Mean")], functions: [made("Mean", inner)] }));
  assert.deepEqual(drafts.map(({ kind }) => kind), ["input", "global-average-pool"]);
});

Deno.test("all that is not computed is named at once, with its operations", async () => {
  const nodes: WrittenNode[] = [
    { op: "GridSample", inputs: ["x", "grid"], outputs: ["a"], name: "/warp/GridSample" },
    {
      op: "If",
      inputs: ["a"],
      outputs: ["b"],
      name: "/branch/If",
      attributes: { then_branch: { graph: { nodes: [], outputs: [] } } },
    },
    { op: "CumSum", inputs: ["x"], outputs: ["c"], name: "/one/CumSum" },
    { op: "CumSum", inputs: ["c"], outputs: ["d"], name: "/two/CumSum" },
    { op: "Add", inputs: ["b", "d"], outputs: ["y"] },
  ];
  const tensors = { grid: { dims: [1, 1], values: [0] } };
  await assert.rejects(read(smallModel({ nodes, tensors })), (error) => {
    assert.ok(error instanceof NotCovered);
    assert.deepEqual(error.items, [
      "GridSample is not computed (warp)",
      "If is not computed (branch)",
      "CumSum is not computed (one, two)",
    ]);
    return true;
  });
});

Deno.test("inputs that are no single picture are refused in words", async () => {
  const add: WrittenNode = { op: "Add", inputs: ["x", "mask"], outputs: ["y"] };
  const two = [{ name: "x", dims: [1, 3, 8, 8] }, { name: "mask", dims: [1, 1, 8, 8] }];
  await refused(
    read(smallModel({ nodes: [add], inputs: two })),
    /must have one input, a picture; .* got x \[1, 3, 8, 8\], mask \[1, 1, 8, 8\]/u,
  );
  for (
    const [dims, message] of [
      [[8, 3, 8, 8], /export the model with a batch of 1, got \[8, 3, 8, 8\]/u],
      [[1, 128], /must be a picture, \[1, 3, height, width\], got \[1, 128\]/u],
      [[1, 5, 8, 8], /must have 1 or 3 channels, got \[1, 5, 8, 8\]/u],
    ] as const
  ) {
    await refused(read(smallModel({ inputs: [{ name: "x", dims }] })), message);
  }
});

Deno.test("a picture of any size is taken as 224 × 224, and said; channels may come last", async () => {
  const open = await read(smallModel({ inputs: [{ name: "x", dims: ["batch", 3, "height", "width"] }] }));
  assert.deepEqual(open.drafts[0]?.attrs, { shape: [224, 224, 3] });
  assert.ok(open.notes.some((note) => note.includes("taken as 224 × 224")));
  const last = await read(smallModel({
    nodes: [
      { op: "Transpose", inputs: ["x"], outputs: ["t"], attributes: { perm: { ints: [0, 3, 1, 2] } } },
      { op: "GlobalMaxPool", inputs: ["t"], outputs: ["y"] },
    ],
    inputs: [{ name: "x", dims: ["n", 6, 4, 3] }],
  }));
  assert.deepEqual(last.drafts.map(({ kind }) => kind), ["input", "global-max-pool"]);
  assert.deepEqual(last.drafts[0]?.attrs, { shape: [6, 4, 3] });
});

Deno.test("names with markup and control characters become plain ones", async () => {
  const name = `/<img src=x onerror="alert(1)">\u0000\u202e/Conv`;
  const { drafts } = await read(smallModel({
    nodes: [
      { op: "Conv", inputs: ["x", "conv.weight"], outputs: ["c"], name },
      { op: "GlobalAveragePool", inputs: ["c"], outputs: ["y"], name: "__proto__" },
    ],
  }));
  for (const draft of drafts) assert.match(draft.name, /^[\p{L}\p{N}_.\-/+ :]+$/u);
  assert.equal(new Set(drafts.map((draft) => draft.name)).size, drafts.length);
});

Deno.test("class names are read from the metadata", async () => {
  for (
    const [entry, text] of [
      ["names", `{0: 'tench', 1: "lion's mane", 2: 'it\\'s'}`],
      ["classes", `["tench", "lion's mane", "it's"]`],
      ["labels", "tench\nlion's mane\nit's"],
      ["class_names", "tench, lion's mane, it's"],
    ] as const
  ) {
    const { labels } = await read(smallModel({ metadata: { [entry]: text } }));
    assert.deepEqual(labels, { names: ["tench", "lion's mane", "it's"], from: `metadata "${entry}"` });
  }
  const { labels } = await read(smallModel({ metadata: { names: "{}", labels: "[1, 2]" } }));
  assert.equal(labels, null);
});

Deno.test("a border that repeats what is next to it gathers rows and columns", async () => {
  const padded = (mode: string) =>
    read(smallModel({
      nodes: [
        {
          op: "Pad",
          inputs: ["x", "pads"],
          outputs: ["p"],
          attributes: { mode: { text: mode } },
        },
        { op: "GlobalMaxPool", inputs: ["p"], outputs: ["y"] },
      ],
      tensors: { pads: { dims: [8], values: [0n, 0n, 2n, 0n, 0n, 0n, 1n, 0n] } },
      inputs: [{ name: "x", dims: [1, 3, 4, 4] }],
    }));
  for (
    const [mode, indices] of [
      ["edge", [0, 0, 0, 1, 2, 3, 3]],
      ["reflect", [2, 1, 0, 1, 2, 3, 2]],
      ["wrap", [2, 3, 0, 1, 2, 3, 0]],
    ] as const
  ) {
    const [, gather] = (await padded(mode)).drafts;
    assert.deepEqual(gather?.attrs, { side: 0, indices });
  }
  await refused(padded("mirror"), /must be one of constant, edge, reflect and wrap, got mirror/u);
});
