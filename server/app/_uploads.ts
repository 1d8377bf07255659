/** Models that people upload: kept on the shelf, loaded by the pool, described for who sent them. */
import { GradcastError } from "../../shared/errors.ts";
import {
  type ModelChange,
  type ModelRoom,
  NORMALISATION_NAMES,
  type NormalisationName,
  type OpenedModel,
} from "../../shared/model_wire.ts";
import { PRESETS } from "../engine/mod.ts";
import type { LoadedModel } from "../engine/port.ts";
import { describeFound, type ModelPool } from "../pool/mod.ts";
import type { AnnouncedFile, ModelShelf, ShelvedModel } from "../store/mod.ts";

/** Things that do not fit of which each is named. */
const MAX_ITEMS = 100;

/** Labels of a description that are shown from the front. */
const SHOWN_LABELS = 3;

/** What uploads work with. */
export interface UploadsParts {
  readonly shelf: ModelShelf;
  readonly pool: ModelPool;
  /** Bytes that all uploaded models have together. */
  readonly maxBytes: number;
}

/** The uploaded models of a server. */
export class Uploads {
  readonly #parts: UploadsParts;
  /** Changes wait for each other: each begins with the card that the one before wrote. */
  #changes: Promise<unknown> = Promise.resolve();

  constructor(parts: UploadsParts) {
    this.#parts = parts;
  }

  async room(): Promise<ModelRoom> {
    const { shelf, maxBytes } = this.#parts;
    const usedBytes = (await shelf.list()).reduce((sum, { bytes }) => sum + bytes, 0);
    return { usedBytes, maxBytes };
  }

  /** Announces an upload; returns its id. Throws as `ModelShelf.begin` does. */
  begin(name: string, files: readonly AnnouncedFile[]): Promise<string> {
    return this.#parts.shelf.begin(name, files, this.#parts.pool.ids);
  }

  receive(id: string, path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    return this.#parts.shelf.receive(id, path, bytes);
  }

  abandon(id: string): Promise<void> {
    return this.#parts.shelf.abandon(id);
  }

  /**
   * Opens an upload whose files are all there; one that cannot be opened is removed.
   *
   * @throws GradcastError `model-incomplete`, `model-refused`, `models-full`, or the signal's reason
   */
  async complete(id: string, signal: AbortSignal): Promise<OpenedModel> {
    const { shelf, pool } = this.#parts;
    shelf.received(id);
    const kept = await shelf.complete(id);
    await this.#add(kept);
    try {
      using lease = await pool.acquire(id, { signal });
      return describe(lease.engine.model);
    } catch (error) {
      await pool.remove(id).catch(() => {});
      await shelf.discard(id);
      if (error instanceof GradcastError && error.code === "model-failed") {
        throw new GradcastError("model-refused", error.message, { items: listed(error.items) });
      }
      throw error;
    }
  }

  /** What is known of an uploaded model; it is loaded where it is not. */
  async opened(id: string, signal: AbortSignal): Promise<OpenedModel> {
    await this.#expect(id);
    using lease = await this.#parts.pool.acquire(id, { signal });
    return describe(lease.engine.model);
  }

  /**
   * Changes a model's card; it is loaded again with it, and whoever looks at it continues with what it is then.
   *
   * @throws GradcastError `not-found`, `labels-count`, or `model-failed` where it cannot be loaded with the change, which
   *   is taken back
   */
  async change(id: string, change: ModelChange, signal: AbortSignal): Promise<OpenedModel> {
    const changed = this.#changes.then(() => this.#change(id, change, signal));
    this.#changes = changed.catch(() => {});
    return await changed;
  }

  async #change(id: string, change: ModelChange, signal: AbortSignal): Promise<OpenedModel> {
    const { shelf, pool } = this.#parts;
    const { path } = await this.#expect(id);
    const classes = change.labels === undefined ? null : await this.#classesOf(id, signal);
    if (change.labels !== undefined && classes !== null && change.labels.length !== classes) {
      throw new GradcastError(
        "labels-count",
        `Cannot name the classes: expected ${classes} names, one for each class, got ${change.labels.length}`,
      );
    }
    const before = await shelf.card(id);
    const reload = async () => await pool.reload(id, { ...await describeFound(path), id });
    await shelf.writeCard(id, withChange(before, change));
    try {
      await reload();
    } catch (error) {
      await shelf.writeCard(id, before ?? "{}\n");
      // Where the engine before is still there it continues; else it is loaded once more as it was.
      if (pool.engineOf(id) === null) await reload().catch(() => {});
      throw error;
    }
    return await this.opened(id, signal);
  }

  /** Takes a model away. Throws GradcastError `not-found`, or `model-in-use` while somebody looks at it. */
  async remove(id: string): Promise<void> {
    await this.#expect(id);
    await this.#parts.pool.remove(id);
    await this.#parts.shelf.remove(id);
  }

  async restore(id: string): Promise<void> {
    await this.#add(await this.#parts.shelf.restore(id));
  }

  /** Classes of a model, which is loaded where they are not known; null where it fails, as a change may mend it. */
  async #classesOf(id: string, signal: AbortSignal): Promise<number | null> {
    const { pool } = this.#parts;
    const known = pool.known.get(id);
    if (known !== undefined) return known.classes;
    try {
      using lease = await pool.acquire(id, { signal });
      return lease.engine.model.classes;
    } catch (error) {
      if (error instanceof GradcastError && error.code === "model-failed") return null;
      throw error;
    }
  }

  async #add({ id, path }: ShelvedModel): Promise<void> {
    const found = await describeFound(path);
    this.#parts.pool.add({ ...found, id }, { uploaded: true });
  }

  async #expect(id: string): Promise<ShelvedModel> {
    const shelved = (await this.#parts.shelf.list()).find((one) => one.id === id);
    if (shelved !== undefined) return shelved;
    throw new GradcastError("not-found", `Cannot find the model: no uploaded one has the id '${id}'`);
  }
}

/** What is shown of a list, and how much more there is. */
function listed(items: readonly string[]): readonly string[] {
  const more = items.length - MAX_ITEMS;
  return [...items.slice(0, MAX_ITEMS), ...(more > 0 ? [`and ${more.toLocaleString("en")} more`] : [])];
}

/** A card with a change; one that is no JSON is written again, as it could not be read before either. */
function withChange(text: string | null, { name, normalisation, labels }: ModelChange): string {
  const card = recordOf(text);
  const input = recordOf(JSON.stringify(card["input"] ?? {}));
  return `${
    JSON.stringify(
      {
        ...card,
        ...(name !== undefined && { name }),
        ...(labels !== undefined && { labels }),
        ...(normalisation !== undefined && { input: { ...input, normalisation } }),
      },
      null,
      2,
    )
  }\n`;
}

function recordOf(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}

function describe(model: LoadedModel): OpenedModel {
  const { id, name, width, height, classes, labels, defaultLayer, normalisation, about } = model;
  const { layers, parameters, multiplyAdds } = about;
  return {
    ...{ id, name, width, height, classes, layers, parameters, multiplyAdds, defaultLayer },
    firstLabels: labels.slice(0, SHOWN_LABELS),
    lastLabel: labels.at(-1) ?? "",
    labelsFrom: about.labelsFrom ?? null,
    format: about.format ?? "",
    file: about.file ?? "",
    channels: about.channels ?? normalisation.mean.length,
    output: about.output ?? "logits",
    mean: [...normalisation.mean],
    scale: [...normalisation.scale],
    order: normalisation.order ?? "rgb",
    normalisation: presetOf(normalisation),
    normalisationFrom: model.normalisationFrom ?? null,
    memory: about.memory ?? null,
    hash: about.hash ?? null,
    notes: [...model.notes ?? []],
  };
}

function presetOf(normalisation: LoadedModel["normalisation"]): NormalisationName | null {
  const { mean, scale, order = "rgb" } = normalisation;
  return NORMALISATION_NAMES.find((name) => {
    const preset: LoadedModel["normalisation"] = PRESETS[name];
    return JSON.stringify([preset.mean, preset.scale, preset.order ?? "rgb"]) ===
      JSON.stringify([mean, scale, order]);
  }) ?? null;
}
