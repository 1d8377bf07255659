/** Reads a TensorFlow.js Layers model: model.json and the shards of its weights. */
import * as v from "valibot";
import { draftsOfLayers } from "../graph/build.ts";
import { Label } from "./card.ts";
import type { ModelFile, ModelFiles } from "./files.ts";
import { countParameters } from "./parameters.ts";
import type { ReadRequest, SourceModel } from "./source_model.ts";
import { parseTopology } from "./topology.ts";
import { readWeights } from "./weights.ts";

/** Teachable Machine's file with the class names; other tools write files of this name too, which say something else. */
const METADATA_FILE = "metadata.json";

/** Bytes that it may have. */
const MOST_METADATA_BYTES = 2 ** 20;

/** What exports of taught models have as `packageName`: their card says what their input is made of. */
const OWN_PACKAGE = "gradcast";

const MetadataSchema = v.object({ labels: v.array(Label), packageName: v.optional(v.unknown()) });

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
  const metadata = await readMetadata(files);
  return {
    format: "TensorFlow.js Layers",
    drafts: draftsOfLayers(layers, weights, inputSize ?? undefined),
    output,
    labels: metadata === null ? null : { names: metadata.labels, from: METADATA_FILE },
    parameters: countParameters(weights),
    notes: [],
    // Teachable Machine scales its pictures so.
    normalisation: metadata === null || metadata.packageName === OWN_PACKAGE
      ? null
      : { preset: "-1to1", from: `read from ${METADATA_FILE}` },
  };
}

/** Class names as Teachable Machine exports them; null where another tool wrote such a file, or nobody. */
async function readMetadata(files: ModelFiles): Promise<v.InferOutput<typeof MetadataSchema> | null> {
  const bytes = files.lacks(METADATA_FILE) ? null : await files.read(METADATA_FILE, MOST_METADATA_BYTES);
  if (bytes === null) return null;
  const read = v.safeParse(MetadataSchema, jsonOrNull(new TextDecoder().decode(bytes)));
  return read.success ? read.output : null;
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Opens a shard, which the card's hashes may not leave out. */
function shard(files: ModelFiles, name: string): Promise<ModelFile> {
  return files.openRequired(name);
}
