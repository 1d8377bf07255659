/** Networks that TensorFlow.js Layers builds, saves and computes itself: what the loader is held against. */
import * as tf from "@tensorflow/tfjs-core";
import * as keras from "@tensorflow/tfjs-layers";
import "@tensorflow/tfjs-backend-cpu";
import assert from "node:assert/strict";
import { maxDifference, random } from "../testing/goldens.ts";
import { buildGraph } from "../graph/build.ts";
import { Executor } from "../graph/executor.ts";
import { type Graph, locateLayer } from "../graph/graph.ts";
import { Kernels } from "../graph/kernels.ts";
import { optimise } from "../graph/optimise.ts";
import { startBackend } from "../threads/backend.ts";
import { parseTopology } from "./topology.ts";
import { shardOf } from "./testing/model_folder.ts";
import { readWeights } from "./weights.ts";

const kernels = new Kernels((await startBackend(1)).backend);
await tf.setBackend("cpu");

const { layers } = keras;

/** Relative to the largest number. */
const TOLERANCE = 1e-4;

const SIDE = 32;
const same = { padding: "same", kernelInitializer: "glorotNormal" } as const;

interface Case {
  readonly model: () => keras.LayersModel;
  /** Turns our logits into what the model itself yields. */
  readonly output: "logits" | "softmax" | "sigmoid" | "one sigmoid";
  /** Layers that have to be found. */
  readonly layers: readonly string[];
}

const CASES: Readonly<Record<string, Case>> = {
  "a VGG": { model: vgg, output: "softmax", layers: ["block2_conv2", "fc1"] },
  "a ResNet": { model: resnet, output: "softmax", layers: ["conv2_out", "conv3_add"] },
  "an Xception": { model: xception, output: "logits", layers: ["sepconv1_act", "add"] },
  "a MobileNetV3": { model: mobileNet, output: "softmax", layers: ["excite", "swish"] },
  "a Sequential network of one sigmoid": { model: catsAndDogs, output: "one sigmoid", layers: ["features"] },
  "a network of several sigmoids": { model: tags, output: "sigmoid", layers: ["stem"] },
  "a DenseNet": { model: denseNet, output: "softmax", layers: ["joined", "up"] },
  "Sequential models around a Functional one": {
    model: teachable,
    output: "softmax",
    layers: ["out_relu", "dense_hidden"],
  },
  "a Functional model around a Functional one": {
    model: transfer,
    output: "softmax",
    layers: ["out_relu", "pool"],
  },
};

for (const [name, { model: make, output, layers: names }] of Object.entries(CASES)) {
  Deno.test(`the loader reads ${name} as TensorFlow.js Layers computes it`, async () => {
    const model = make();
    randomise(model);
    const plain = await load(model);
    const graph = optimise(plain, { keep: names });
    for (const layer of names) assert.ok(locateLayer(graph, layer));
    const picture = noise(7);
    const { logits, gradient } = compute(graph, picture, (values) => seedOf(values, output));

    const wanted = tf.tidy(() => Float32Array.from((model.predict(tensor(picture)) as tf.Tensor).dataSync()));
    agree(probabilities(logits, output), wanted, "outputs");

    const slope = tf.tidy(() =>
      Float32Array.from(
        tf.grad((x) => score(model.apply(x) as tf.Tensor, output))(tensor(picture)).dataSync(),
      )
    );
    agree(gradient, slope, "input gradient");
    model.dispose();
  });
}

/** The number whose gradient is taken: of the last class the log of its share, otherwise its logit. */
function score(y: tf.Tensor, output: Case["output"]): tf.Tensor {
  const last = tf.sum(tf.slice(y, [0, (y.shape[1] ?? 1) - 1], [-1, 1]));
  switch (output) {
    case "logits":
      return last;
    case "sigmoid":
      return tf.sub(tf.log(last), tf.log(tf.sub(1, last)));
    case "softmax":
    case "one sigmoid":
      return tf.log(last);
    default:
      throw new Error(`Cannot score the output: its kind ${output satisfies never} is unknown`);
  }
}

/** The gradient of that number at the logits. */
function seedOf(logits: Float32Array, output: Case["output"]): Float32Array<ArrayBuffer> {
  const shares = output === "softmax" || output === "one sigmoid" ? softmax(logits) : logits.map(() => 0);
  return Float32Array.from(shares, (share, c) => (c === shares.length - 1 ? 1 : 0) - share);
}

function probabilities(logits: Float32Array, output: Case["output"]): Float32Array {
  switch (output) {
    case "logits":
      return logits;
    case "sigmoid":
      return logits.map((z) => 1 / (1 + Math.exp(-z)));
    case "softmax":
      return softmax(logits);
    case "one sigmoid":
      return softmax(logits).slice(1);
    default:
      throw new Error(`Cannot turn logits into an output: its kind ${output satisfies never} is unknown`);
  }
}

function softmax(logits: Float32Array): Float32Array {
  const powers = logits.map((z) => Math.exp(z));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

function vgg(): keras.LayersModel {
  const input = keras.input({ shape: [SIDE, SIDE, 3] });
  let x: keras.SymbolicTensor = input;
  for (const block of [1, 2]) {
    for (const conv of [1, 2]) {
      x = put(
        layers.conv2d({
          ...same,
          name: `block${block}_conv${conv}`,
          filters: 6,
          kernelSize: 3,
          activation: "relu",
        }),
        x,
      );
    }
    x = put(layers.maxPooling2d({ poolSize: 2 }), x);
  }
  x = put(layers.flatten(), x);
  x = put(layers.dense({ name: "fc1", units: 16, activation: "relu" }), x);
  return keras.model({ inputs: input, outputs: put(layers.dense({ units: 5, activation: "softmax" }), x) });
}

function resnet(): keras.LayersModel {
  const input = keras.input({ shape: [SIDE, SIDE, 3] });
  let x = put(layers.zeroPadding2d({ padding: 3 }), input);
  x = put(layers.conv2d({ filters: 8, kernelSize: 7, strides: 2 }), x);
  x = put(layers.activation({ activation: "relu" }), put(layers.batchNormalization({ epsilon: 1e-5 }), x));
  x = put(layers.maxPooling2d({ poolSize: 3, strides: 2, padding: "same" }), x);
  for (const [block, strides] of [["conv2", 1], ["conv3", 2]] as const) {
    const skip = block === "conv2"
      ? x
      : put(layers.batchNormalization(), put(layers.conv2d({ filters: 8, kernelSize: 1, strides }), x));
    let y = put(layers.conv2d({ ...same, filters: 4, kernelSize: 1, strides }), x);
    y = put(layers.activation({ activation: "relu" }), put(layers.batchNormalization(), y));
    y = put(layers.conv2d({ ...same, name: `${block}_linear`, filters: 8, kernelSize: 3 }), y);
    y = put(layers.batchNormalization(), y);
    x = put(layers.add({ name: `${block}_add` }), [skip, y]);
    x = put(layers.reLU({ name: `${block}_out` }), x);
  }
  x = put(layers.globalAveragePooling2d({}), x);
  return keras.model({ inputs: input, outputs: put(layers.dense({ units: 4, activation: "softmax" }), x) });
}

function xception(): keras.LayersModel {
  const input = keras.input({ shape: [SIDE, SIDE, 3] });
  let x = put(layers.conv2d({ filters: 6, kernelSize: 3, strides: 2, useBias: false }), input);
  x = put(layers.activation({ activation: "relu" }), put(layers.batchNormalization(), x));
  const skip = put(layers.conv2d({ ...same, filters: 10, kernelSize: 1, strides: 2 }), x);
  let y = put(layers.separableConv2d({ padding: "same", filters: 8, kernelSize: 3, useBias: false }), x);
  y = put(
    layers.activation({ name: "sepconv1_act", activation: "relu" }),
    put(layers.batchNormalization(), y),
  );
  y = put(layers.separableConv2d({ padding: "same", filters: 10, kernelSize: 3, depthMultiplier: 2 }), y);
  y = put(layers.maxPooling2d({ poolSize: 3, strides: 2, padding: "same" }), y);
  x = put(layers.add({ name: "add" }), [skip, y]);
  x = put(layers.globalAveragePooling2d({}), x);
  return keras.model({ inputs: input, outputs: put(layers.dense({ units: 4 }), x) });
}

function mobileNet(): keras.LayersModel {
  const input = keras.input({ shape: [SIDE, SIDE, 3] });
  let x = put(layers.conv2d({ ...same, filters: 8, kernelSize: 3, strides: 2 }), input);
  const gate = put(layers.rescaling({ scale: 1, offset: 3 }), x);
  const share = put(layers.rescaling({ scale: 1 / 6 }), put(layers.reLU({ maxValue: 6 }), gate));
  x = put(layers.multiply({ name: "swish" }), [x, share]);
  x = put(layers.depthwiseConv2d({ padding: "same", kernelSize: 5, strides: 2, activation: "swish" }), x);
  let squeezed = put(layers.reshape({ targetShape: [1, 1, 8] }), put(layers.globalAveragePooling2d({}), x));
  squeezed = put(layers.conv2d({ filters: 4, kernelSize: 1, activation: "relu" }), squeezed);
  squeezed = put(layers.conv2d({ filters: 8, kernelSize: 1, activation: "hardSigmoid" }), squeezed);
  x = put(layers.multiply({ name: "excite" }), [x, squeezed]);
  x = put(layers.globalAveragePooling2d({}), x);
  x = put(layers.reshape({ targetShape: [1, 1, 8] }), x);
  x = put(layers.conv2d({ filters: 5, kernelSize: 1 }), put(layers.dropout({ rate: 0.2 }), x));
  return keras.model({
    inputs: input,
    outputs: put(layers.softmax(), put(layers.flatten(), x)),
  });
}

function catsAndDogs(): keras.LayersModel {
  return keras.sequential({
    layers: [
      layers.conv2d({ inputShape: [SIDE, SIDE, 3], filters: 8, kernelSize: 3, activation: "relu" }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ name: "features", filters: 6, kernelSize: 3, activation: "relu" }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dropout({ rate: 0.5 }),
      layers.dense({ units: 12, activation: "relu" }),
      layers.dense({ units: 1, activation: "sigmoid" }),
    ],
  });
}

function tags(): keras.LayersModel {
  return keras.sequential({
    layers: [
      layers.inputLayer({ inputShape: [SIDE, SIDE, 3] }),
      layers.conv2d({ name: "stem", filters: 6, kernelSize: 5, strides: 3, activation: "tanh" }),
      layers.leakyReLU({ alpha: 0.1 }),
      layers.averagePooling2d({ poolSize: 3, strides: 2 }),
      layers.globalMaxPooling2d({}),
      layers.dense({ units: 3, activation: "sigmoid" }),
    ],
  });
}

function denseNet(): keras.LayersModel {
  const input = keras.input({ shape: [SIDE, SIDE, 3] });
  let x = put(layers.conv2d({ ...same, filters: 4, kernelSize: 3, strides: 2, activation: "elu" }), input);
  for (const name of ["first", "joined"]) {
    const y = put(layers.activation({ activation: "relu" }), put(layers.batchNormalization(), x));
    const grown = put(layers.conv2d({ ...same, filters: 3, kernelSize: 3 }), y);
    x = put(layers.concatenate({ name }), [x, grown]);
  }
  x = put(layers.averagePooling2d({ poolSize: 2 }), x);
  x = put(layers.upSampling2d({ name: "up", size: [2, 2] }), x);
  x = put(layers.globalAveragePooling2d({}), x);
  return keras.model({ inputs: input, outputs: put(layers.dense({ units: 4, activation: "softmax" }), x) });
}

/** What Teachable Machine exports: features and classifier, each a Sequential model. */
function teachable(): keras.LayersModel {
  return keras.sequential({
    layers: [
      keras.sequential({ layers: [base(), layers.globalAveragePooling2d({ name: "pool" })] }),
      keras.sequential({
        layers: [
          layers.dense({ name: "dense_hidden", inputShape: [6], units: 10, activation: "relu" }),
          layers.dense({ name: "dense_classes", units: 3, activation: "softmax", useBias: false }),
        ],
      }),
    ],
  });
}

function transfer(): keras.LayersModel {
  const input = keras.input({ shape: [SIDE, SIDE, 3] });
  let x = put(layers.rescaling({ scale: 1 / 2, offset: -1 }), input);
  x = base().apply(x) as keras.SymbolicTensor;
  x = put(layers.globalAveragePooling2d({ name: "pool" }), x);
  return keras.model({ inputs: input, outputs: put(layers.dense({ units: 3, activation: "softmax" }), x) });
}

function base(): keras.LayersModel {
  const input = keras.input({ shape: [SIDE, SIDE, 3] });
  let x = put(layers.conv2d({ ...same, filters: 6, kernelSize: 3, strides: 2, useBias: false }), input);
  x = put(layers.reLU({ name: "out_relu", maxValue: 6 }), put(layers.batchNormalization({}), x));
  return keras.model({ inputs: input, outputs: x });
}

function put(
  layer: { apply(inputs: keras.SymbolicTensor | keras.SymbolicTensor[]): unknown },
  inputs: keras.SymbolicTensor | keras.SymbolicTensor[],
): keras.SymbolicTensor {
  return layer.apply(inputs) as keras.SymbolicTensor;
}

/** Gives every weight a value of its own, variances positive ones. */
function randomise(model: keras.LayersModel): void {
  const next = random(3);
  const values = model.weights.map(({ name, shape }) => {
    const sides = shape.map((side) => side ?? 1);
    const fan = Math.max(1, sides.slice(0, -1).reduce((product, side) => product * side, 1));
    const scale = sides.length === 1 ? 0.5 : Math.sqrt(3 / fan);
    const numbers = Float32Array.from(
      { length: sides.reduce((product, side) => product * side, 1) },
      () => name.includes("variance") ? 0.5 + next() : (2 * next() - 1) * scale,
    );
    return tf.tensor(numbers, sides);
  });
  model.setWeights(values);
  tf.dispose(values);
}

/** Saves a model and reads what was saved. */
async function load(model: keras.LayersModel): Promise<Graph> {
  const saved = Promise.withResolvers<tf.io.ModelArtifacts>();
  await model.save(tf.io.withSaveHandler((artifacts) => {
    saved.resolve(artifacts);
    return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } });
  }));
  const { modelTopology, weightSpecs, weightData } = await saved.promise;
  const file = {
    format: "layers-model",
    modelTopology,
    weightsManifest: [{ paths: ["weights.bin"], weights: weightSpecs }],
  };
  const { layers, manifest, output } = parseTopology(JSON.stringify(file));
  assert.ok(weightData instanceof ArrayBuffer);
  const weights = await readWeights(manifest, () => shardOf(new Uint8Array(weightData)));
  return buildGraph({ layers, weights, logitsLayer: output });
}

function compute(
  graph: Graph,
  picture: Float32Array<ArrayBuffer>,
  seedFor: (logits: Float32Array) => Float32Array<ArrayBuffer>,
) {
  const executor = new Executor(graph, kernels);
  const x = kernels.upload([1, SIDE, SIDE, 3], picture);
  const recording = executor.record(x, { from: [graph.logits], to: [graph.input] });
  const logits = kernels.view(recording.value(graph.logits)).slice();
  const one = kernels.upload([1, logits.length], seedFor(logits));
  const [value] = recording.vjp({ seeds: new Map([[graph.logits, one]]), to: [graph.input], rule: "plain" });
  assert.ok(value);
  const gradient = kernels.view(value).slice();
  [x, one, value].forEach((dead) => kernels.free(dead));
  recording.free();
  executor.dispose();
  return { logits, gradient };
}

function agree(ours: Float32Array, theirs: Float32Array, what: string): void {
  const largest = Math.max(...theirs.map(Math.abs), 1e-6);
  const difference = maxDifference(ours, theirs) / largest;
  assert.ok(difference < TOLERANCE, `${what}: differ by ${difference} of ${largest}`);
}

function noise(seed: number): Float32Array<ArrayBuffer> {
  const next = random(seed);
  return Float32Array.from({ length: SIDE * SIDE * 3 }, () => 4 * next() - 2);
}

function tensor(picture: Float32Array): tf.Tensor {
  return tf.tensor(picture, [1, SIDE, SIDE, 3]);
}
