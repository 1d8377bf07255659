/** Reads a TensorFlow.js Layers model: model.json and the shards of its weights. */
import { draftsOfLayers } from "../graph/build.ts";
import { readLabels } from "./labels.ts";
import type { ModelFile, ModelFiles } from "./files.ts";
import { countParameters } from "./parameters.ts";
import type { ReadRequest, SourceModel } from "./source_model.ts";
import { parseTopology } from "./topology.ts";
import { readWeights } from "./weights.ts";

/** Teachable Machine's file with the class names. */
const METADATA_FILE = "metadata.json";

/** Bytes that model.json may have. */
const MOST_BYTES = 2 ** 25;

/**
 * Reads the folder of a TensorFlow.js Layers model.
 *
 * @throws NotCovered, or an Error with one sentence on what does not fit and where
 */
export async function readTfjsLayers(
  { files, file, inputSize, mostBytes }: ReadRequest,
): Promise<SourceModel> {
  const { layers, manifest, output } = parseTopology(await files.text(file, MOST_BYTES));
  const weights = await readWeights(manifest, (path) => shard(files, path), mostBytes);
  const labels = await readMetadata(files);
  return {
    format: "TensorFlow.js Layers",
    drafts: draftsOfLayers(layers, weights, inputSize ?? undefined),
    output,
    labels,
    parameters: countParameters(weights),
    notes: [],
    // Teachable Machine scales its pictures so, and nothing else writes such a file.
    normalisation: labels === null ? null : { preset: "-1to1", from: `read from ${METADATA_FILE}` },
  };
}

/** Class names as Teachable Machine exports them; null where another one wrote such a file, or nobody. */
async function readMetadata(files: ModelFiles): Promise<SourceModel["labels"]> {
  if (files.lacks(METADATA_FILE)) return null;
  const names = await readLabels(files, METADATA_FILE);
  return names === null ? null : { names, from: METADATA_FILE };
}

/** Opens a shard, which the card's hashes may not leave out. */
function shard(files: ModelFiles, name: string): Promise<ModelFile> {
  return files.openRequired(name);
}
