/** The tiny transformer of tests/reference/transformer.py, built from its weights as an engine opens a model. */
import * as v from "valibot";
import { EngineCore } from "../../server/engine/worker/batch/core.ts";
import { assembleGraph } from "../../server/engine/graph/build.ts";
import type { Draft, Graph, Kind, Operations } from "../../server/engine/graph/graph.ts";
import { completeCard } from "../../server/engine/model/defaults.ts";
import { parseCard } from "../../server/engine/model/card.ts";
import type { Weight } from "../../server/engine/model/weights.ts";
import { startBackend } from "../../server/engine/threads/backend.ts";
import { type GoldenValues, readGoldenMap } from "./goldens.ts";

const SizesSchema = v.object({
  heads: v.number(),
  epsilon: v.number(),
  skip: v.number(),
  grid: v.tuple([v.number(), v.number()]),
  patch: v.number(),
  numbers: v.array(v.object({ name: v.string(), shape: v.array(v.number()) })),
});

/** How the classes are read: from a class token, or from the mean of all patches. */
export type HeadName = "class" | "mean";

/** The network with the input that its goldens are of. */
export interface TinyTransformer {
  readonly graph: Graph;
  /** `[height, width, 3]` */
  readonly input: Weight;
}

/** Reads weights and input, and builds the graph. */
export async function readTransformer(head: HeadName): Promise<TinyTransformer> {
  const path = `tests/reference/goldens/transformer/${head}.json`;
  const sizes = v.parse(SizesSchema, JSON.parse(await Deno.readTextFile(path)));
  const { values }: GoldenValues = await readGoldenMap(`transformer/${head}.npy`);
  const weights = new Map<string, Weight>();
  let at = 0;
  for (const { name, shape } of sizes.numbers) {
    const length = shape.reduce((product, side) => product * side, 1);
    weights.set(name, { shape, values: Float32Array.from(values.subarray(at, at + length)) });
    at += length;
  }
  const input = named(weights, "input");
  return { graph: new Writer(weights, sizes).write(input.shape), input };
}

/** Opens it in an engine's core; whoever calls it stops the backend. */
export async function openTransformer(head: HeadName) {
  const { graph, input } = await readTransformer(head);
  const names = ["a", "b", "c", "d"];
  const written = parseCard(JSON.stringify({ id: "tiny", input: { normalisation: "-1to1" } }));
  const known = {
    folder: "tiny",
    graph,
    logitsLayer: graph.logits,
    labels: "",
    names,
    normalisation: "0to1",
  } as const;
  const card = completeCard(written, known);
  const opened = {
    format: "",
    card,
    labels: names,
    layers: graph.nodes.length,
    parameters: 0,
    graph,
    notes: [],
    labelsFrom: null,
    head: null,
    normalisationFrom: "the card",
    output: graph.logits,
    hash: { of: "file", sha256: "" },
    file: "",
    channels: 3,
  } as const;
  return { core: new EngineCore(opened, await startBackend(1)), graph, input };
}

function named(weights: ReadonlyMap<string, Weight>, name: string): Weight {
  const weight = weights.get(name);
  if (weight === undefined) throw new Error(`Cannot build the transformer: it has no ${name}`);
  return weight;
}

/** Writes operation by operation. */
class Writer {
  readonly #weights: ReadonlyMap<string, Weight>;
  readonly #sizes: v.InferOutput<typeof SizesSchema>;
  readonly #drafts: Draft[] = [];

  constructor(weights: ReadonlyMap<string, Weight>, sizes: v.InferOutput<typeof SizesSchema>) {
    this.#weights = weights;
    this.#sizes = sizes;
  }

  write(inputShape: readonly number[]): Graph {
    const { grid: [rows, columns], patch, skip } = this.#sizes;
    const channels = this.#weight("norm.weight").shape[0] ?? 0;
    this.#add("input", "input", { shape: inputShape }, {}, []);
    const kernel = { kernel: this.#weight("patches.weight"), bias: this.#weight("patches.bias") };
    const window = {
      strides: [patch, patch],
      dilations: [1, 1],
      padding: "valid",
      activation: "linear",
    } as const;
    this.#add("conv", "patches", { ...window, groups: 1 }, kernel, ["input"]);
    this.#add("reshape", "cells", { shape: [rows * columns, channels] }, {}, ["patches"]);
    if (skip > 0) {
      this.#add("constant", "token", {}, { value: this.#weight("token") }, []);
      this.#add("concat", "tokens", { axis: 1 }, {}, ["token", "cells"]);
    }
    this.#add("constant", "positions", {}, { value: this.#weight("positions") }, []);
    let tokens = this.#add("add", "embedded", {}, {}, [skip > 0 ? "tokens" : "cells", "positions"]);
    for (let block = 0; this.#weights.has(`blocks.${block}.norm1.weight`); block++) {
      tokens = this.#block(`blocks.${block}`, tokens, channels);
    }
    const even = this.#norm("norm", tokens);
    if (skip > 0) {
      this.#add("gather", "first", { side: 0, indices: [0] }, {}, [even]);
      this.#add("flatten", "features", {}, {}, ["first"]);
    } else {
      this.#add("reduce", "features", { sides: [0], function: "mean", keepDims: false }, {}, [even]);
    }
    return assembleGraph(this.#drafts, this.#dense("classes", "features"));
  }

  #block(name: string, input: string, channels: number): string {
    const { heads, grid: [rows, columns], skip } = this.#sizes;
    const tokens = rows * columns + skip;
    const width = channels / heads;
    const qkv = this.#dense(`${name}.attention.qkv`, this.#norm(`${name}.norm1`, input));
    this.#add("reshape", `${name}.split`, { shape: [tokens, 3, heads, width] }, {}, [qkv]);
    this.#add("transpose", `${name}.turned`, { order: [1, 2, 0, 3] }, {}, [`${name}.split`]);
    const [q, k, value] = ["q", "k", "v"].map((part, index) => {
      const sizes = [1, heads, tokens, width];
      this.#add("slice", `${name}.${part}1`, { starts: [index, 0, 0, 0], sizes }, {}, [`${name}.turned`]);
      return this.#add("reshape", `${name}.${part}`, { shape: [heads, tokens, width] }, {}, [
        `${name}.${part}1`,
      ]);
    }) as [string, string, string];
    this.#add("matmul", `${name}.products`, { transposeA: false, transposeB: true }, {}, [q, k]);
    const scale = { shape: [1], values: new Float32Array([width ** -0.5]) };
    const shift = { shape: [1], values: new Float32Array(1) };
    this.#add("affine", `${name}.scaled`, { axis: -1 }, { scale, shift }, [`${name}.products`]);
    this.#add("softmax", `${name}.shares`, { axis: -1 }, {}, [`${name}.scaled`]);
    const plain = { transposeA: false, transposeB: false };
    this.#add("matmul", `${name}.mixed`, plain, {}, [`${name}.shares`, value]);
    this.#add("transpose", `${name}.beside`, { order: [1, 0, 2] }, {}, [`${name}.mixed`]);
    this.#add("reshape", `${name}.joined`, { shape: [tokens, channels] }, {}, [`${name}.beside`]);
    const projected = this.#dense(`${name}.attention.proj`, `${name}.joined`);
    const middle = this.#add("add", `${name}.middle`, {}, {}, [input, projected]);
    const first = this.#dense(`${name}.first`, this.#norm(`${name}.norm2`, middle));
    const bent = this.#add("activation", `${name}.gelu`, { function: "gelu" }, {}, [first]);
    return this.#add("add", `${name}.output`, {}, {}, [middle, this.#dense(`${name}.second`, bent)]);
  }

  #norm(name: string, input: string): string {
    const weights = { scale: this.#weight(`${name}.weight`), shift: this.#weight(`${name}.bias`) };
    return this.#add("layer-norm", name, { epsilon: this.#sizes.epsilon }, weights, [input]);
  }

  #dense(name: string, input: string): string {
    const weights = { kernel: this.#weight(`${name}.weight`), bias: this.#weight(`${name}.bias`) };
    return this.#add("dense", name, { activation: "linear" }, weights, [input]);
  }

  #weight(name: string): Weight {
    return named(this.#weights, name);
  }

  #add<K extends Kind>(
    kind: K,
    name: string,
    attrs: Operations[K]["attrs"],
    weights: Operations[K]["weights"],
    inputs: readonly string[],
  ): string {
    this.#drafts.push({ kind, name, className: kind, inputs, attrs, weights } satisfies Draft<K> as Draft);
    return name;
  }
}
