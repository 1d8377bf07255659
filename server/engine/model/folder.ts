/** Reads a model's folder from disk and holds every file to the hash that its card gives. */
import { join } from "node:path";
import { type Card, CARD_FILE, MODEL_FILE, parseCard, parseLabels } from "./card.ts";
import { type Layer, parseTopology } from "./topology.ts";
import { readWeights, type Weight } from "./weights.ts";

/** A model as its folder describes it. */
export interface ModelFolder {
  readonly card: Card;
  /** `[classes]` names, in the order of the logits. */
  readonly labels: readonly string[];
  readonly layers: readonly Layer[];
  readonly weights: ReadonlyMap<string, Weight>;
}

/** Reads the folder of a model: card, topology, labels, weights. */
export async function readModelFolder(folder: string): Promise<ModelFolder> {
  const card = parseCard(text(await readFile(folder, CARD_FILE)));
  const names = Object.keys(card.files);
  const read = await Promise.all(
    names.map(async (name) => [name, await readChecked(folder, name, card)] as const),
  );
  const files = new Map(read);
  const bytes = (name: string): Uint8Array<ArrayBuffer> => {
    const file = files.get(name);
    if (file !== undefined) return file;
    throw new Error(
      `Cannot load the model as ${CARD_FILE} has no hash of ${name}: current value is ${names.join(", ")}`,
    );
  };
  const { layers, manifest } = parseTopology(text(bytes(MODEL_FILE)));
  return {
    card,
    labels: parseLabels(card.labels, text(bytes(card.labels))),
    layers,
    weights: readWeights(manifest, bytes),
  };
}

async function readChecked(folder: string, name: string, card: Card): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readFile(folder, name);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  if (hash === card.files[name]) return bytes;
  throw new Error(
    `Cannot load the model as ${name} does not have the SHA-256 of its card, ${
      card.files[name]
    }: current value is ${hash}`,
  );
}

async function readFile(folder: string, name: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(join(folder, name));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot load the model as ${name} cannot be read from ${folder}: ${reason}`, { cause });
  }
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
