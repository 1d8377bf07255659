/** Reads a .keras file of Keras 3, or of the last versions of Keras 2: a zip of a configuration and an HDF5 file of weights. */
import * as v from "valibot";
import type { ModelFile } from "../files.ts";
import { parseJson } from "../json.ts";
import type { ReadRequest, SourceModel } from "../source_model.ts";
import type { Layer } from "../topology.ts";
import type { Weight } from "../weights.ts";
import { dataAt, readZipDirectory, unzip, type ZipEntry } from "../zip.ts";
import type { Bytes, Hdf5 } from "./hdf5.ts";
import { openHdf5 } from "./open_hdf5.ts";
import { PATH_SETTING, withPaths } from "./paths.ts";
import { MOST_CONFIG_BYTES, parseConfig, sourceOf } from "./source.ts";
import { variablesOf } from "./variables.ts";
import { WeightBudget } from "./weight_budget.ts";

/** Files of the archive. */
const FILES = { config: "config.json", metadata: "metadata.json", weights: "model.weights.h5" } as const;

const MetadataSchema = v.object({ keras_version: v.string() });

/**
 * Reads a .keras file.
 *
 * @throws NotCovered, or an Error with one sentence on what does not fit and where
 */
export async function readKerasArchive(request: ReadRequest): Promise<SourceModel> {
  using file = await request.files.openRequired(request.file);
  const entries = await readZipDirectory(file);
  const text = async (name: string) =>
    new TextDecoder().decode(await unzip(file, entryOf(file, entries, name), MOST_CONFIG_BYTES));
  const { keras_version } = parseJson(FILES.metadata, await text(FILES.metadata), MetadataSchema);
  const config = withPaths(parseConfig(FILES.config, await text(FILES.config)));
  const bytes = await bytesOf(file, entryOf(file, entries, FILES.weights), request.mostBytes);
  using hdf5 = await openHdf5(FILES.weights, bytes);
  return sourceOf({
    format: `Keras ${Number.parseInt(keras_version)} (.keras)`,
    config,
    version: keras_version,
    weightsOf: (layers) => readWeights(hdf5, layers, request.mostBytes),
  }, request);
}

/** Reads the weights of each layer by its path; layers that are called twice share theirs. */
function readWeights(hdf5: Hdf5, layers: readonly Layer[], mostBytes: number): ReadonlyMap<string, Weight> {
  const budget = new WeightBudget(mostBytes);
  const known = new Map<string, Weight>();
  const weights = new Map<string, Weight>();
  for (const { name, className, config } of layers) {
    const folder = config[PATH_SETTING];
    for (const variable of variablesOf(className, config)) {
      const path = `${String(folder)}/${variable.path}`;
      const weight = known.get(path) ??
        budget.read((most) => hdf5.weight(path, `${variable.name} of ${className} layer ${name}`, most));
      if (weight === null) continue;
      known.set(path, weight);
      weights.set(`${name}/${variable.name}`, weight);
    }
  }
  return weights;
}

/** The bytes of the weights: where the archive only stores them they are read where they lie. */
async function bytesOf(file: ModelFile, entry: ZipEntry, most: number): Promise<Bytes> {
  if (entry.method === "deflated") {
    const unpacked = await unzip(file, entry, Math.min(most, MOST_PACKED_BYTES));
    return {
      bytes: unpacked.length,
      fillAtSync: (buffer, position) => buffer.set(unpacked.subarray(position, position + buffer.length)),
    };
  }
  const start = await dataAt(file, entry);
  return {
    bytes: entry.packedBytes,
    fillAtSync: (buffer, position) => file.fillAtSync(buffer, start + position),
  };
}

/** Bytes of weights that are unpacked into memory. */
const MOST_PACKED_BYTES = 2 ** 31;

function entryOf(file: ModelFile, entries: ReadonlyMap<string, ZipEntry>, name: string): ZipEntry {
  const entry = entries.get(name);
  if (entry !== undefined) return entry;
  throw new Error(
    `Cannot load the model: ${file.name} must hold ${name}, got ${
      [...entries.keys()].slice(0, 5).join(", ")
    }`,
  );
}
