/** Where the weights of each layer lie in a .keras file: by class and count, not by the layer's name. */
import { type LayerEntry, type ModelConfig, OPERATION } from "../_model_config.ts";
import { snakeCase } from "./variables.ts";

/** Setting under which a layer keeps the path of its weights; no setting of Keras has a space in it. */
export const PATH_SETTING = "weights path";

/** Gives every layer the path of its weights, those of nested models inside that of the model. */
export function withPaths(model: ModelConfig, folder = ""): ModelConfig {
  const counts = new Map<string, number>();
  return { ...model, entries: model.entries.map((entry) => withPath(entry, folder, counts)) };
}

function withPath(entry: LayerEntry, folder: string, counts: Map<string, number>): LayerEntry {
  // Operations are no layers for Keras, which counts layers alone.
  if (entry.className.startsWith(OPERATION)) return entry;
  const base = snakeCase(entry.className);
  const count = counts.get(base) ?? 0;
  counts.set(base, count + 1);
  const path = `${folder}layers/${base}${count === 0 ? "" : `_${count}`}`;
  return {
    ...entry,
    config: { ...entry.config, [PATH_SETTING]: path },
    nested: entry.nested === null ? null : withPaths(entry.nested, `${path}/`),
  };
}
