/** Networks that PyTorch's two exporters wrote as ONNX, held to onnxruntime and to PyTorch's autograd. */
import assert from "node:assert/strict";
import { Kernels } from "../../server/engine/graph/kernels.ts";
import { startBackend } from "../../server/engine/threads/backend.ts";
import { compare, openOnnx, readReference } from "../support/onnx_reference.ts";

const FOLDER = "tests/fixtures/onnx";

/** Relative to the largest logit; least correlations of maps. */
const LOGITS = 1e-4;
const CAM = 0.9999;
const GRADIENT = 0.999;

/** What belongs to each network: layers by the names of PyTorch's modules, and kinds of nodes in a row. */
const NETWORKS = {
  attentive: {
    layer: "mlp.2",
    layers: ["patches", "norm1", "norm2", "mlp.1", "head"],
    kinds: ["softmax", "matmul"],
  },
  convnext: {
    layer: "stages.1.blocks.0.conv_dw",
    layers: ["stem.0", "stages.1.blocks.0.norm", "head.fc"],
    kinds: ["depthwise", "layer-norm"],
  },
  mixed: {
    layer: "down",
    layers: ["stem", "grouped", "pool", "norm", "average", "fc"],
    kinds: ["group-norm"],
  },
  mixer: {
    layer: "blocks.1.norm1",
    layers: ["stem.proj", "blocks.0.mlp_tokens.fc1", "head"],
    kinds: ["layer-norm"],
  },
  rarer: {
    layer: "last",
    layers: ["stem", "pool", "up", "each", "wide", "head"],
    kinds: ["softmax", "matmul"],
  },
  shuffled: {
    layer: "instance",
    layers: ["stem", "branch.2", "branch.2_1", "up", "head"],
    kinds: ["resize"],
  },
  vit: {
    layer: "blocks.1.norm1",
    layers: ["patch_embed.proj", "blocks.0.attn.qkv", "blocks.1.mlp.act", "head"],
    kinds: ["softmax", "layer-norm"],
  },
  written_out: { layer: "mid", layers: ["conv", "fc"], kinds: ["layer-norm"] },
} as const;

const kernels = new Kernels((await startBackend(1)).backend);

for (const [name, { layer, layers, kinds }] of Object.entries(NETWORKS)) {
  for (const kind of ["old", "new"] as const) {
    Deno.test(`the network ${name} of PyTorch's ${kind} exporter agrees in logits, map and gradient`, async () => {
      const wanted = await readReference(`${FOLDER}/${name}.json`);
      const opened = await openOnnx(FOLDER, `${name}.${kind}.onnx`);
      const { logits, layer: found, cam, gradient } = compare(kernels, opened, wanted, kind);
      assert.ok(logits <= LOGITS, `logits are ${logits} apart`);
      assert.equal(found, layer);
      assert.ok(cam >= CAM, `Grad-CAM: correlation ${cam}`);
      assert.ok(gradient >= GRADIENT, `gradient: correlation ${gradient}`);
      const { nodes } = opened.graph;
      for (const wantedLayer of layers) {
        assert.ok(nodes.some((node) => node.name === wantedLayer), `no layer ${wantedLayer}`);
      }
      for (const wantedKind of kinds) assert.ok(nodes.some((node) => node.kind === wantedKind), wantedKind);
    });
  }
}

Deno.test("what a network was written out in becomes the one operation that it is", async () => {
  for (const kind of ["old", "new"] as const) {
    const { source, graph } = await openOnnx(FOLDER, `written_out.${kind}.onnx`);
    const functions = graph.nodes.flatMap((node) => node.kind === "activation" ? [node.attrs.function] : []);
    assert.ok(functions.includes("gelu"), `${functions}`);
    assert.ok(!functions.includes("erf") && !functions.includes("sqrt"), `${functions}`);
    assert.ok(!graph.nodes.some((node) => node.kind === "reduce" || node.kind === "divide"));
    assert.deepEqual(source.normalisation?.preset, "0to1");
  }
});

Deno.test("nothing is moved for a patch embedding, and attention moves each of its values once", async () => {
  const { graph } = await openOnnx(FOLDER, "vit.new.onnx");
  const transposed = graph.nodes.filter(({ kind }) => kind === "transpose");
  const blocks = 2;
  assert.ok(transposed.length <= 4 * blocks, `${transposed.map(({ name }) => name)}`);
  const { graph: mixer } = await openOnnx(FOLDER, "convnext.old.onnx");
  assert.deepEqual(mixer.nodes.filter(({ kind }) => kind === "transpose"), []);
});

Deno.test("PyTorch's usual normalisation is taken where the file does not say one, and said", async () => {
  const { source } = await openOnnx(FOLDER, "vit.old.onnx");
  assert.equal(source.normalisation?.preset, "torch");
  assert.match(source.normalisation.from, /a guess, .*; the file does not say it/u);
});
