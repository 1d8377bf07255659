/** Model folders with damaged cards, topologies and weights: each is read, or refused in a sentence. */
import { openModel } from "../../server/engine/model/model.ts";
import { type Kind, patiently, type Target } from "./target.ts";
import type { Json, Random } from "../support/random.ts";

const CONV = { kernel_size: [3, 3], strides: [2, 2], padding: "same", use_bias: true, activation: "relu" };

/** A network of two layers and a head of three classes. */
const TOPOLOGY: Json = {
  format: "layers-model",
  modelTopology: {
    model_config: {
      class_name: "Sequential",
      config: {
        name: "small",
        layers: [
          { class_name: "InputLayer", config: { name: "input", batch_input_shape: [null, 8, 8, 3] } },
          { class_name: "Conv2D", config: { name: "conv", filters: 4, ...CONV } },
          { class_name: "GlobalAveragePooling2D", config: { name: "pool" } },
          {
            class_name: "Dense",
            config: { name: "classes", units: 3, activation: "softmax", use_bias: true },
          },
        ],
      },
    },
  },
  weightsManifest: [{
    paths: ["weights.bin"],
    weights: [
      { name: "conv/kernel", shape: [3, 3, 3, 4], dtype: "float32" },
      { name: "conv/bias", shape: [4], dtype: "float32" },
      { name: "classes/kernel", shape: [4, 3], dtype: "float32" },
      { name: "classes/bias", shape: [3], dtype: "float32" },
    ],
  }],
};

const CARD: Json = {
  format: 1,
  id: "small",
  name: "Small",
  input: { width: 8, height: 8, normalisation: "0to1" },
  labels: ["a", "b", "c"],
};

const WEIGHT_BYTES = 4 * (3 * 3 * 3 * 4 + 4 + 4 * 3 + 3);

/** Whole Keras files, of which bytes are changed or cut off. */
const KERAS = new URL("../reference/keras/", import.meta.url);
const KERAS_FILES = ["grey.keras", "grey.h5", "tokens.keras", "operations.h5"] as const;

export const models: Kind = { name: "models", step };

async function step(target: Target, random: Random): Promise<void> {
  if (random.chance(0.5)) await stepKeras(target, random);
  else await stepLayers(target, random);
}

async function stepKeras({ found }: Target, random: Random): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "gradcast-fuzz-" });
  const name = random.pick(KERAS_FILES);
  try {
    const bytes = random.damageBytes(await Deno.readFile(new URL(name, KERAS)));
    await Deno.writeFile(`${folder}/${name}`, bytes);
    const outcome = await patiently(
      openModel(`${folder}/${name}`).then(() => "read", (error: unknown) => error),
    );
    if (outcome === null) found(`a damaged ${name} was neither read nor refused`);
    else if (outcome !== "read" && !isRefusal(outcome)) found(`a damaged ${name} ended in ${outcome}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function stepLayers({ found }: Target, random: Random): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "gradcast-fuzz-" });
  try {
    const topology = JSON.stringify(random.chance(0.8) ? random.damage(TOPOLOGY) : TOPOLOGY);
    const card = JSON.stringify(random.chance(0.5) ? random.damage(CARD) : CARD);
    const weights = random.bytes(WEIGHT_BYTES);
    await Deno.writeTextFile(`${folder}/model.json`, topology);
    await Deno.writeTextFile(`${folder}/gradcast.json`, card);
    await Deno.writeFile(`${folder}/weights.bin`, random.chance(0.2) ? random.damageBytes(weights) : weights);
    const outcome = await patiently(openModel(folder).then(() => "read", (error: unknown) => error));
    if (outcome === null) found(`a model was neither read nor refused: ${card} ${topology}`);
    else if (outcome !== "read" && !isRefusal(outcome)) {
      found(`a model ended in ${outcome}: ${card} ${topology}`);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Refusals say what cannot be done; anything else is a fault of the reader. */
function isRefusal(outcome: unknown): boolean {
  return outcome instanceof Error && outcome.message.startsWith("Cannot ");
}
