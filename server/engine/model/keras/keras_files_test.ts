import assert from "node:assert/strict";
import { correlation, maxDifference } from "../../testing/goldens.ts";
import { Executor } from "../../graph/executor.ts";
import type { Graph } from "../../graph/graph.ts";
import { Kernels } from "../../graph/kernels.ts";
import { startBackend } from "../../threads/backend.ts";
import { openModel } from "../model.ts";

/** What PyTorch's autograd says of a network; see tests/reference/keras_models.py. */
interface Expected {
  readonly shape: readonly [number, number, number];
  readonly layer: string | null;
  readonly logits: readonly number[];
  readonly class: number;
  readonly gradient: readonly number[];
  readonly cam?: readonly number[];
}

const FOLDER = new URL("../../../../tests/reference/keras/", import.meta.url);
const EXPECTED: Readonly<Record<string, Expected>> = JSON.parse(
  await Deno.readTextFile(new URL("expected.json", FOLDER)),
);

const kernels = new Kernels((await startBackend(1)).backend, null);

for (const [name, expected] of Object.entries(EXPECTED)) {
  for (const ending of ["keras", "h5"]) {
    Deno.test(`openModel() computes ${name}.${ending} as Keras does, and its gradients as PyTorch does`, async () => {
      const { graph, format } = await openModel(new URL(`${name}.${ending}`, FOLDER).pathname);
      assert.equal(format, ending === "keras" ? "Keras 3 (.keras)" : "Keras (.h5)");
      compare(compute(graph, expected), expected);
    });
  }
}

function compare(ours: ReturnType<typeof compute>, { logits, gradient, cam }: Expected): void {
  const largest = Math.max(...logits.map(Math.abs));
  const difference = maxDifference(ours.logits, Float32Array.from(logits)) / largest;
  assert.ok(difference < 1e-4, `logits differ by ${difference} of the largest`);
  const r = correlation(ours.gradient, Float32Array.from(gradient));
  assert.ok(r > 0.999, `the gradient at the input correlates ${r}`);
  if (cam === undefined) return;
  const camR = correlation(ours.cam, Float32Array.from(cam));
  assert.ok(camR > 0.9999, `Grad-CAM correlates ${camR}`);
}

/** Logits, the gradient at the input, and Grad-CAM by its definition, its ReLU left out. */
function compute(graph: Graph, { shape, layer, class: target, logits }: Expected) {
  const executor = new Executor(graph, kernels);
  const [height, width, channels] = shape;
  // One channel is mixed of three: each of them is that channel here, and its gradient is their sum.
  const values3 = channels === 1 ? repeated(picture(shape)) : picture(shape);
  const x = kernels.upload([1, height, width, 3], values3);
  const to = layer === null ? [graph.input] : [graph.input, layer];
  const recording = executor.record(x, { from: [graph.logits], to });
  const computed = kernels.view(recording.value(graph.logits)).slice();
  // One unit z is two classes, -z/2 and z/2: together their gradients are that of z.
  const seed = computed.map((_, index) =>
    logits.length === 1 ? [-1, 1][index] ?? 0 : Number(index === target)
  );
  const one = kernels.upload([1, seed.length], seed);
  const values = recording.vjp({ seeds: new Map([[graph.logits, one]]), to, rule: "plain" });
  const gradients = values.map((value) => kernels.view(value).slice());
  const features = layer === null ? null : recording.value(layer);
  const cam = features === null || gradients[1] === undefined
    ? new Float32Array()
    : gradCam(kernels.view(features), gradients[1], features.shape.at(-1) ?? 1);
  [x, one, ...values].forEach((dead) => kernels.free(dead));
  recording.free();
  executor.dispose();
  return {
    logits: logits.length === 1 ? Float32Array.of((computed[1] ?? 0) - (computed[0] ?? 0)) : computed,
    gradient: summed(gradients[0] ?? new Float32Array(), 3 / channels),
    cam,
  };
}

function gradCam(features: Float32Array, gradient: Float32Array, channels: number): Float32Array {
  const cells = features.length / channels;
  const weights = new Float64Array(channels);
  gradient.forEach((value, at) => weights[at % channels] = (weights[at % channels] ?? 0) + value / cells);
  return Float32Array.from({ length: cells }, (_, cell) => {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += (weights[c] ?? 0) * (features[cell * channels + c] ?? 0);
    return sum;
  });
}

function repeated(values: Float32Array): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: 3 * values.length }, (_, at) => values[Math.floor(at / 3)] ?? 0);
}

function summed(values: Float32Array, count: number): Float32Array {
  return Float32Array.from(
    { length: values.length / count },
    (_, at) => values.subarray(at * count, (at + 1) * count).reduce((sum, value) => sum + value, 0),
  );
}

/** Number i is ((7919 i + 13) mod 251) / 125 − 1. */
function picture(shape: readonly number[]): Float32Array<ArrayBuffer> {
  const length = shape.reduce((product, side) => product * side, 1);
  return Float32Array.from({ length }, (_, at) => ((7919 * at + 13) % 251) / 125 - 1);
}
