/** Words that every object has by itself, in the files of a model: refused where they mean nothing, taken as names. */
import assert from "node:assert/strict";
import { locateLayer } from "../graph/graph.ts";
import { ModelWriter } from "../graph/testing/model_writer.ts";
import { decode, encode, folderFiles, writeFolder } from "./testing/model_folder.ts";
import { openModel } from "./model.ts";

const WORDS = ["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf", "prototype"];

type Json = Record<string, unknown>;

interface ModelJson {
  modelTopology: { model_config: Json & { config: { layers: (Json & { config: Json })[] } } };
  weightsManifest: (Json & { weights: Json[] })[];
}

async function filesOf(features: string) {
  const writer = new ModelWriter(1);
  writer.input(8, 8);
  writer.conv([3, 3, 3, 4], { name: features });
  writer.add("GlobalAveragePooling2D");
  writer.dense([4, 2], { name: "logits" });
  const { layers, weights } = writer;
  return await folderFiles({
    layers,
    weights,
    labels: ["a", "b"],
    defaultLayer: features,
    logitsLayer: "logits",
  });
}

/** Changes to `model.json` that put a word where something is looked up by it. */
const PLACES: Readonly<Record<string, (model: ModelJson, word: string) => void>> = {
  "the class of the model": ({ modelTopology }, word) => modelTopology.model_config["class_name"] = word,
  "the class of a layer": (model, word) => layerOf(model)["class_name"] = word,
  "an activation": (model, word) => layerOf(model).config["activation"] = word,
  "a registered activation": (model, word) => layerOf(model).config["activation"] = { class_name: word },
  "a padding": (model, word) => layerOf(model).config["padding"] = word,
  "an input of a layer": (model, word) => layerOf(model)["inbound_nodes"] = [[[word, 0, 0, {}]]],
  "the type of a weight": (model, word) => weightOf(model)["dtype"] = word,
  "the name of a weight": (model, word) => weightOf(model)["name"] = word,
  "the packing of a weight": (model, word) =>
    weightOf(model)["quantization"] = { dtype: word, scale: 1, min: 0 },
  "a shard": ({ weightsManifest: [group] }, word) => (group as Json)["paths"] = [word],
};

function layerOf({ modelTopology }: ModelJson) {
  return modelTopology.model_config.config.layers[1] ?? assert.fail("the model has no such layer");
}

function weightOf({ weightsManifest: [group] }: ModelJson): Json {
  return group?.weights[0] ?? assert.fail("the model has no weights");
}

for (const [what, change] of Object.entries(PLACES)) {
  Deno.test(`openModel() refuses a word that every object has as ${what}`, async () => {
    for (const word of WORDS) {
      const { "gradcast.json": _card, ...files } = await filesOf("features");
      const model = decode<ModelJson>(files["model.json"]);
      change(model, word);
      await using folder = await writeFolder({ ...files, "model.json": encode(model) });
      await assert.rejects(openModel(folder.path), {
        name: "Error",
        message: /^Cannot load the model/u,
      }, word);
    }
  });
}

Deno.test("openModel() refuses a card that names files, layers and normalisations by such a word", async () => {
  for (const word of WORDS) {
    const { "gradcast.json": _card, ...files } = await filesOf("features");
    const cards: readonly Json[] = [
      { input: { normalisation: word } },
      { labels: word },
      { logitsLayer: word },
      { files: JSON.parse(`{"${word}":"${"0".repeat(64)}"}`) },
    ];
    for (const card of cards) {
      await using folder = await writeFolder({ ...files, "gradcast.json": encode(card) });
      await assert.rejects(
        openModel(folder.path),
        { name: "Error", message: /^Cannot load the model/u },
        JSON.stringify(card),
      );
    }
  }
});

Deno.test("openModel() takes such a word as the name of a layer", async () => {
  for (const word of WORDS) {
    await using folder = await writeFolder(await filesOf(word));
    const { card, graph } = await openModel(folder.path);
    assert.equal(card.defaultLayer, word);
    assert.equal(locateLayer(graph, word).name, word);
  }
});

Deno.test("openModel() refuses a model that is nested without end", async () => {
  const { "gradcast.json": _card, ...files } = await filesOf("features");
  const model = new TextEncoder().encode(`{"modelTopology":${'{"config":['.repeat(100_000)}`);
  await using folder = await writeFolder({ ...files, "model.json": model });
  await assert.rejects(
    openModel(folder.path),
    /model\.json is not JSON: expected JSON of at most 100 levels/u,
  );
});
