/** ONNX models that tests/reference/onnx_models.py wrote, computed by the engine's graph and held to PyTorch's numbers. */
import * as v from "valibot";
import { assembleGraph } from "../../server/engine/graph/build.ts";
import { Executor } from "../../server/engine/graph/executor.ts";
import { type Graph, type Node, nodeNamed } from "../../server/engine/graph/graph.ts";
import type { Kernels } from "../../server/engine/graph/kernels.ts";
import { optimise } from "../../server/engine/graph/optimise.ts";
import { ModelFiles } from "../../server/engine/model/files.ts";
import { readOnnx } from "../../server/engine/model/onnx/mod.ts";
import type { SourceModel } from "../../server/engine/model/source_model.ts";
import { correlation } from "../../shared/correlation.ts";

const Numbers = v.pipe(
  v.string(),
  v.transform((text) => new Float32Array(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer)),
);

const ReferenceSchema = v.object({
  /** Height, width and channels. */
  input: v.strictTuple([v.number(), v.number(), v.number()]),
  class: v.number(),
  /** PyTorch's module whose output Grad-CAM looks at, the first of its values, channels last, and its map. */
  module: v.string(),
  shape: v.array(v.number()),
  values: Numbers,
  cam: Numbers,
  /** Gradient of the class's logit at the input, channels last. */
  gradient: Numbers,
  /** Logits of onnxruntime for each exporter. */
  logits: v.record(v.picklist(["old", "new"]), v.array(v.number())),
});

export type OnnxReference = v.InferOutput<typeof ReferenceSchema>;

export async function readReference(file: string): Promise<OnnxReference> {
  return v.parse(ReferenceSchema, JSON.parse(await Deno.readTextFile(file)));
}

/** The picture that the reference is of: Knuth's multiplicative hash of the place, from −2 to 2. */
export function referencePicture(
  [height, width, channels]: OnnxReference["input"],
): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: height * width * channels }, (_, place) => {
    const hashed = (BigInt(place) * 2654435761n + 12345n) % 2n ** 32n;
    return Number(hashed >> 8n) / 2 ** 24 * 4 - 2;
  });
}

export interface Opened {
  readonly source: SourceModel;
  readonly graph: Graph;
}

/** Opens a model of one exporter. */
export async function openOnnx(folder: string, file: string): Promise<Opened> {
  const source = await readOnnx({
    files: new ModelFiles(folder),
    file,
    inputSize: null,
    mostBytes: Infinity,
  });
  return { source, graph: assembleGraph(source.drafts, source.output) };
}

/** How far the engine is from the reference. */
export interface Comparison {
  /** Largest difference of logits, relative to the largest logit. */
  readonly logits: number;
  /** The node that has the module's values, or null where none has. */
  readonly layer: string | null;
  /** Pearson correlations. */
  readonly cam: number;
  readonly gradient: number;
  /** Duration of one forward pass, the best of three, in ms. */
  readonly forward: number;
}

/** Computes logits, Grad-CAM and the gradient at the input. */
export function compare(
  kernels: Kernels,
  { graph }: Opened,
  wanted: OnnxReference,
  kind: "old" | "new",
): Comparison {
  const [height, width, channels] = wanted.input;
  const picture = kernels.upload([1, height, width, channels], referencePicture(wanted.input));
  const layer = layerWith(kernels, graph, picture, wanted);
  const executor = new Executor(optimise(graph, { keep: layer === null ? [] : [layer.name] }), kernels);
  const { logits: end } = executor.graph;
  const to = [executor.graph.input, ...(layer === null ? [] : [layer.name])];
  const recording = executor.record(picture, { from: [end], to, also: to.slice(1) });
  const logits = kernels.view(recording.value(end)).slice();
  const seed = Float32Array.from(logits, (_, index) => index === wanted.class ? 1 : 0);
  const one = kernels.upload([1, logits.length], seed);
  const [atInput, atLayer] = recording.vjp({ seeds: new Map([[end, one]]), to, rule: "plain" });
  const gradient = atInput === undefined ? new Float32Array() : kernels.view(atInput).slice();
  const values = layer === null ? null : kernels.view(recording.value(layer.name)).slice();
  const slopes = atLayer === undefined ? null : kernels.view(atLayer).slice();
  recording.free();
  const theirs = wanted.logits[kind] ?? [];
  const largest = Math.max(...theirs.map(Math.abs));
  const comparison: Comparison = {
    logits: Math.max(...theirs.map((logit, i) => Math.abs(logit - (logits[i] ?? NaN)))) / largest,
    layer: layer?.name ?? null,
    cam: values === null || slopes === null ? NaN : correlation(camOf(values, slopes, wanted), wanted.cam),
    gradient: correlation(gradient, wanted.gradient),
    forward: bestOf(3, () => {
      for (const value of executor.forward(picture, [end])) kernels.free(value);
    }),
  };
  [picture, one, atInput, atLayer].forEach((value) => value !== undefined && kernels.free(value));
  executor.dispose();
  return comparison;
}

/** Grad-CAM before its rectifier. */
function camOf(values: Float32Array, slopes: Float32Array, { shape }: OnnxReference): Float32Array {
  const channels = shape.at(-1) ?? 1;
  const cells = values.length / channels;
  const weights = Float64Array.from({ length: channels }, (_, c) => {
    let sum = 0;
    for (let cell = 0; cell < cells; cell++) sum += slopes[cell * channels + c] as number;
    return sum / cells;
  });
  return Float32Array.from(
    { length: cells },
    (_, cell) =>
      weights.reduce((sum, weight, c) => sum + weight * (values[cell * channels + c] as number), 0),
  );
}

/** The last node that has the values of the reference's module, in the plain graph. */
function layerWith(
  kernels: Kernels,
  graph: Graph,
  picture: Parameters<Executor["forward"]>[0],
  wanted: OnnxReference,
) {
  const executor = new Executor(graph, kernels);
  const size = wanted.shape.reduce((product, side) => product * side, 1);
  const found: Node[] = [];
  executor.inspect(picture, (name, value) => {
    const values = kernels.view(value);
    if (values.length !== size || value.shape.at(-1) !== wanted.shape.at(-1)) return;
    const largest = Math.max(...wanted.values.map(Math.abs));
    const near = wanted.values.every((own, i) => Math.abs(own - (values[i] as number)) <= 1e-3 * largest);
    if (near && found.length === 0) found.push(nodeNamed(graph, name));
  });
  executor.dispose();
  return found.at(0) ?? null;
}

function bestOf(times: number, act: () => void): number {
  let best = Infinity;
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    act();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}
