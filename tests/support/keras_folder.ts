/** Small models of one's own, built and saved by TensorFlow.js Layers: a convolutional, a nested and a Sequential one. */
import assert from "node:assert/strict";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import * as keras from "@tensorflow/tfjs-layers";

const { layers } = keras;

/** Side of the models' input, in pixels. */
export const SMALL_SIDE_PX = 32;

const SHAPE = [SMALL_SIDE_PX, SMALL_SIDE_PX, 3];
const same = { padding: "same", kernelInitializer: "glorotNormal" } as const;

/** The models by what they are. */
export const SMALL_MODELS = {
  convolutional,
  nested,
  Sequential: sequential,
  "fully convolutional": fullyConvolutional,
  "dense": dense,
} as const;

/** A residual network with a softmax behind global average pooling. */
function convolutional(): keras.LayersModel {
  const input = keras.input({ shape: SHAPE });
  const stem = put(layers.conv2d({ ...same, name: "stem", filters: 6, kernelSize: 3, strides: 2 }), input);
  let x = put(layers.reLU({ name: "stem_relu", maxValue: 6 }), put(layers.batchNormalization(), stem));
  const y = put(layers.depthwiseConv2d({ ...same, name: "depthwise", kernelSize: 3, activation: "relu" }), x);
  x = put(layers.add({ name: "sum" }), [x, y]);
  x = put(layers.maxPooling2d({ name: "halved", poolSize: 2 }), x);
  x = put(layers.conv2d({ ...same, name: "last", filters: 8, kernelSize: 1, activation: "relu" }), x);
  x = put(layers.globalAveragePooling2d({ name: "pool" }), x);
  return keras.model({
    inputs: input,
    outputs: put(layers.dense({ name: "classes", units: 4, activation: "softmax" }), x),
  });
}

/** A Functional model around a Functional one, with a head of two dense layers behind a flattening. */
function nested(): keras.LayersModel {
  const input = keras.input({ shape: SHAPE });
  let x = put(layers.rescaling({ name: "scaled", scale: 1 / 127.5, offset: -1 }), input);
  const inner = keras.input({ shape: SHAPE });
  const conv = put(
    layers.conv2d({ ...same, name: "inner_conv", filters: 6, kernelSize: 3, strides: 4 }),
    inner,
  );
  const relu = put(layers.reLU({ name: "inner_relu", maxValue: 6 }), put(layers.batchNormalization(), conv));
  x = keras.model({ inputs: inner, outputs: relu, name: "backbone" }).apply(x) as keras.SymbolicTensor;
  x = put(layers.flatten({ name: "flat" }), x);
  x = put(layers.dense({ name: "hidden", units: 10, activation: "relu" }), x);
  return keras.model({
    inputs: input,
    outputs: put(layers.dense({ name: "classes", units: 4, activation: "softmax" }), x),
  });
}

/** A Sequential model of one sigmoid, with curved functions and global max pooling. */
function sequential(): keras.LayersModel {
  return keras.sequential({
    layers: [
      layers.inputLayer({ inputShape: SHAPE, name: "picture" }),
      layers.conv2d({ ...same, name: "first", filters: 5, kernelSize: 5, strides: 2, activation: "tanh" }),
      layers.leakyReLU({ name: "leaky", alpha: 0.1 }),
      layers.averagePooling2d({ name: "halved", poolSize: 2 }),
      layers.conv2d({ ...same, name: "second", filters: 6, kernelSize: 3, activation: "relu" }),
      layers.globalMaxPooling2d({ name: "pool" }),
      layers.dense({ name: "classes", units: 1, activation: "sigmoid" }),
    ],
  });
}

/** What MobileNet is: the classes are channels of one cell, and so is the softmax behind them. */
function fullyConvolutional(): keras.LayersModel {
  const input = keras.input({ shape: SHAPE });
  const conv = layers.conv2d({
    ...same,
    name: "conv",
    filters: 6,
    kernelSize: 3,
    strides: 4,
    activation: "relu",
  });
  let x = put(layers.dropout({ name: "dropout", rate: 0.2 }), put(conv, input));
  x = put(
    layers.reshape({ name: "pooled", targetShape: [1, 1, 6] }),
    put(layers.globalAveragePooling2d({}), x),
  );
  x = put(layers.conv2d({ name: "classes", filters: 4, kernelSize: 1 }), x);
  x = put(layers.activation({ name: "shares", activation: "softmax" }), x);
  return keras.model({ inputs: input, outputs: put(layers.reshape({ name: "flat", targetShape: [4] }), x) });
}

/** Nothing spatial but the picture itself. */
function dense(): keras.LayersModel {
  return keras.sequential({
    layers: [
      layers.flatten({ inputShape: SHAPE }),
      layers.dense({ name: "hidden", units: 6, activation: "relu" }),
      layers.dense({ name: "classes", units: 3, activation: "softmax" }),
    ],
  });
}

/** Saves a model into a new folder of the system's temporary ones, without a card; disposing of it removes it. */
export async function saveFolder(
  model: keras.LayersModel,
  change: (weights: Float32Array<ArrayBuffer>, name: string) => void = () => {},
): Promise<{ readonly path: string } & AsyncDisposable> {
  const saved = Promise.withResolvers<tf.io.ModelArtifacts>();
  await model.save(tf.io.withSaveHandler((artifacts) => {
    saved.resolve(artifacts);
    return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } });
  }));
  const { modelTopology, weightSpecs = [], weightData } = await saved.promise;
  assert.ok(weightData instanceof ArrayBuffer);
  let at = 0;
  for (const { name, shape } of weightSpecs) {
    const length = shape.reduce((product, side) => product * side, 1);
    change(new Float32Array(weightData, at, length), name);
    at += 4 * length;
  }
  const path = await Deno.makeTempDir({ prefix: "gradcast-model-" });
  await Deno.writeTextFile(
    `${path}/model.json`,
    JSON.stringify({
      format: "layers-model",
      modelTopology,
      weightsManifest: [{ paths: ["weights.bin"], weights: weightSpecs }],
    }),
  );
  await Deno.writeFile(`${path}/weights.bin`, new Uint8Array(weightData));
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

function put(
  layer: { apply(inputs: keras.SymbolicTensor | keras.SymbolicTensor[]): unknown },
  inputs: keras.SymbolicTensor | keras.SymbolicTensor[],
): keras.SymbolicTensor {
  return layer.apply(inputs) as keras.SymbolicTensor;
}
