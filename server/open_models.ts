/** The models of the settings: found, and the first one that can be is loaded. */
import { GradcastError } from "../shared/errors.ts";
import { printable } from "../shared/printable.ts";
import { type EngineOptions, openEngine } from "./engine/mod.ts";
import type { Settings } from "./flags.ts";
import type { Logger } from "./logger/mod.ts";
import { describeFound, findModels, type ModelLease, ModelPool, uploadFolder } from "./pool/mod.ts";
import { isModelId, shelved } from "./store/mod.ts";

/** Share of what the machine has left that models may take where nothing is said. */
const MEMORY_SHARE = 0.8;

/** What opening models takes. */
export interface OpeningParts {
  /** How engines get their workers. */
  readonly options: Pick<EngineOptions, "createWorker">;
  readonly logger: Logger;
}

/** The models, and the right to the first one. */
export interface OpenedModels {
  readonly pool: ModelPool;
  readonly first: ModelLease;
}

/**
 * Finds the models and loads the first one. One that cannot be loaded is said and left to those who ask for it again: the
 * next one takes its place.
 *
 * @throws GradcastError of the first one where none can be loaded
 */
export async function openModels(
  { models, memoryBytes, threads, data }: Settings,
  { options, logger }: OpeningParts,
): Promise<OpenedModels> {
  const pool = new ModelPool({
    async open({ path, memoryBytes, onProgress, signal }) {
      const engine = await openEngine({
        ...options,
        modelDir: path,
        memoryBytes,
        onProgress,
        signal,
        ...(threads === null ? {} : { threads }),
      });
      const { name, notes = [] } = engine.model;
      for (const note of notes) logger.log("info", printable(`${name}: ${note}`));
      return engine;
    },
    memoryBytes: memoryBytes ?? Math.floor(MEMORY_SHARE * Deno.systemMemoryInfo().available),
    now: () => performance.now(),
  });
  const uploads = await findUploads(data);
  // The folder of an uploaded model is its id: a model that was named gives way to it.
  const reserved = uploads.map(({ id }) => id);
  for (const path of models) for (const found of await findModels(path)) pool.add(found, { reserved });
  for (const found of uploads) pool.add(found, { uploaded: true });
  let failure: unknown = new RangeError("Cannot start: expected a model, got none; name one with --model");
  for (const [place, id] of pool.ids.entries()) {
    try {
      const first = await pool.acquire(id);
      pool.putFirst(id);
      return { pool, first };
    } catch (error) {
      if (!(error instanceof GradcastError)) throw error;
      if (place === 0) failure = error;
      if (pool.ids.length > 1) logger.log("warn", printable(error.message));
    }
  }
  throw failure;
}

/** Models that were uploaded to this data folder before. */
async function findUploads(data: string) {
  try {
    const entries = await Array.fromAsync(Deno.readDir(uploadFolder(data)));
    const ids = entries.filter(({ name, isDirectory }) => isDirectory && isModelId(name)).map(({ name }) =>
      name
    );
    return await Promise.all(
      ids.toSorted().map(async (id) => {
        const { path } = await shelved(uploadFolder(data), id);
        return { ...await describeFound(path), id };
      }),
    );
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
