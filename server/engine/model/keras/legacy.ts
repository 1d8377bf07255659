/** Reads the .h5 file of a whole model that Keras 2 and 3 save: configuration as an attribute, weights by layer. */
import type { ReadRequest, SourceModel } from "../source_model.ts";
import type { Layer } from "../topology.ts";
import type { Weight } from "../weights.ts";
import type { Hdf5 } from "./hdf5.ts";
import { openHdf5 } from "./open_hdf5.ts";
import { MOST_CONFIG_BYTES, parseConfig, sourceOf } from "./source.ts";
import { variablesOf } from "./variables.ts";
import { WeightBudget } from "./weight_budget.ts";

/** Group that the weights lie in. */
const WEIGHTS = "model_weights";

/** Layers with weights in one file at most. */
const MAX_LAYERS = 10_000;

/**
 * Reads an .h5 file, or a file of another ending that is HDF5.
 *
 * @throws NotCovered, or an Error with one sentence on what does not fit and where
 */
export async function readKerasHdf5(request: ReadRequest): Promise<SourceModel> {
  using file = await request.files.openRequired(request.file);
  using hdf5 = await openHdf5(file.name, file);
  const config = hdf5.text("", "model_config");
  if (config === null) throw weightsOnly(file.name, hdf5);
  if (config.length > MOST_CONFIG_BYTES) {
    throw new Error(
      `Cannot load the model: expected model_config of ${file.name} to have at most ` +
        `${MOST_CONFIG_BYTES.toLocaleString("en")} characters, got ${config.length.toLocaleString("en")}`,
    );
  }
  return sourceOf({
    format: "Keras (.h5)",
    config: parseConfig(`model_config of ${file.name}`, config),
    version: hdf5.text("", "keras_version") ?? hdf5.text(WEIGHTS, "keras_version") ?? "2",
    weightsOf: (layers) => withUnnamed(readWeights(hdf5, request.mostBytes), layers),
  }, request);
}

/** Reads all weights: a group for each layer, which lists the paths of its weights in it. */
function readWeights(hdf5: Hdf5, mostBytes: number) {
  const budget = new WeightBudget(mostBytes);
  const named = new Map<string, Weight>();
  const inOrder = new Map<string, readonly Weight[]>();
  const layers = hdf5.texts(WEIGHTS, "layer_names") ?? [];
  for (const layer of layers.slice(0, MAX_LAYERS)) {
    const own: Weight[] = [];
    for (const path of hdf5.texts(`${WEIGHTS}/${layer}`, "weight_names") ?? []) {
      const weight = budget.read((most) =>
        hdf5.weight(`${WEIGHTS}/${layer}/${path}`, `${path} of layer ${layer}`, most)
      );
      if (weight === null) continue;
      named.set(nameOf(layer, path), weight);
      own.push(weight);
    }
    inOrder.set(layer, own);
  }
  return { named, inOrder };
}

/** Adds the weights that a layer made without a name, which are known by their order. */
function withUnnamed(
  { named, inOrder }: ReturnType<typeof readWeights>,
  layers: readonly Layer[],
): ReadonlyMap<string, Weight> {
  const weights = new Map(named);
  for (const { name, className, config } of layers) {
    const own = inOrder.get(name) ?? [];
    const variables = variablesOf(className, config);
    if (own.length !== variables.length || variables.some((one) => weights.has(`${name}/${one.name}`))) {
      continue;
    }
    for (const [number, { name: part }] of variables.entries()) {
      const weight = own[number];
      if (weight !== undefined) weights.set(`${name}/${part}`, weight);
    }
  }
  return weights;
}

/** `conv/kernel:0` in layer conv is conv/kernel; the name of the layer goes before paths without it. */
function nameOf(layer: string, path: string): string {
  const bare = path.replace(/:\d+$/u, "");
  return bare.startsWith(`${layer}/`) ? bare : `${layer}/${bare}`;
}

function weightsOnly(name: string, hdf5: Hdf5): Error {
  const keras = hdf5.texts("", "layer_names") !== null || hdf5.text("", "keras_version") !== null ||
    hdf5.holds("layers") || hdf5.holds("_layer_checkpoint_dependencies");
  return new Error(
    keras
      ? `Cannot load the model: ${name} holds weights alone, without the layers; in Python, with the model built: ` +
        `model.load_weights("${name}"); model.save("model.keras")`
      : `Cannot load the model: ${name} is HDF5, but no model of Keras; in Python: model.save("model.keras")`,
  );
}
