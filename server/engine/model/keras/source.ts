/** What both kinds of Keras files have in common: the configuration becomes layers, and these drafts. */
import { draftsOfLayers } from "../../graph/build.ts";
import { flatten } from "../_flatten.ts";
import { type ModelConfig, ModelConfigSchema, readModelConfig } from "../_model_config.ts";
import { parseJson } from "../json.ts";
import { countParameters } from "../parameters.ts";
import type { ReadRequest, SourceModel } from "../source_model.ts";
import type { Layer } from "../topology.ts";
import type { Weight } from "../weights.ts";

/** Bytes that a configuration may have. */
export const MOST_CONFIG_BYTES = 2 ** 25;

/** What a Keras file holds. */
export interface KerasFile {
  readonly format: string;
  readonly config: ModelConfig;
  /** As "3.15.1". */
  readonly version: string;
  /** Reads the weights of the layers by name. */
  readonly weightsOf: (layers: readonly Layer[]) => ReadonlyMap<string, Weight>;
}

/** Reads a configuration as Keras writes it. */
export function parseConfig(file: string, text: string): ModelConfig {
  return readModelConfig(parseJson(file, text, ModelConfigSchema));
}

/** Makes the model of a Keras file. */
export function sourceOf(
  { format, config, version, weightsOf }: KerasFile,
  { inputSize }: Pick<ReadRequest, "inputSize">,
): SourceModel {
  const flat = flatten(config);
  const layers = Number.parseInt(version) >= 3 ? flat.layers.map(asKeras3) : flat.layers;
  const weights = weightsOf(layers);
  return {
    format,
    drafts: draftsOfLayers(layers, weights, inputSize ?? undefined),
    output: flat.output,
    labels: null,
    parameters: countParameters(weights),
    notes: [],
    normalisation: null,
  };
}

/** Functions that Keras 3 computes otherwise than Keras 2 under the same name. */
const CHANGED: ReadonlyMap<unknown, string> = new Map([["hard_sigmoid", "hard_sigmoid_3"]]);

function asKeras3(layer: Layer): Layer {
  const changed = CHANGED.get(layer.config["activation"]);
  return changed === undefined ? layer : { ...layer, config: { ...layer.config, activation: changed } };
}
