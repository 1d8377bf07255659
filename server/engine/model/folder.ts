/** Reads a model's folder from disk and holds every file to the hash that its card gives. */
import { join } from "node:path";
import { buildGraph } from "../graph/build.ts";
import { type Graph, nodeNamed } from "../graph/graph.ts";
import { type Card, CARD_FILE, MODEL_FILE, parseCard, parseLabels, type WrittenCard } from "./card.ts";
import { completeCard, likelyNormalisation } from "./defaults.ts";
import type { PresetName } from "./normalisation.ts";
import { type Layer, parseTopology } from "./topology.ts";
import { readWeights, type Weight } from "./weights.ts";

/** Teachable Machine's file with the class names. */
const METADATA_FILE = "metadata.json";

/** Files that class names are looked for in where the card names none. */
const LABEL_FILES = ["labels.json", METADATA_FILE];

/** A model as its folder describes it. */
export interface ModelFolder {
  readonly card: Card;
  /** `[classes]` names, in the order of the logits. */
  readonly labels: readonly string[];
  readonly layers: readonly Layer[];
  readonly weights: ReadonlyMap<string, Weight>;
  /** The plain graph, one operation at a time as the layers say. */
  readonly graph: Graph;
  /** A sentence on each thing that the card does not say and that was guessed. */
  readonly notes: readonly string[];
}

/** Gives a file of the folder, or null where there is none. */
type ReadFile = (name: string) => Promise<Uint8Array<ArrayBuffer> | null>;

/**
 * Reads the folder of a model: card, topology, labels, weights.
 *
 * A folder without a card, or with a card that leaves things out, is read with defaults.
 *
 * @throws Error with one sentence on what does not fit and where
 */
export async function readModelFolder(folder: string): Promise<ModelFolder> {
  const cardBytes = await readOptional(folder, CARD_FILE);
  const written = parseCard(cardBytes === null ? "{}" : text(cardBytes));
  const read = written.files === undefined ? unchecked(folder) : await checked(folder, written.files);
  const { layers, manifest, output } = parseTopology(text(await required(folder, MODEL_FILE, read)));

  const paths = [...new Set(manifest.flatMap((group) => group.paths))];
  const shards = new Map(
    await Promise.all(paths.map(async (path) => [path, await required(folder, path, read)] as const)),
  );
  const weights = readWeights(manifest, (path) => shards.get(path) ?? new Uint8Array());

  const logitsLayer = written.logitsLayer ?? output;
  const { width, height } = written.input;
  const inputSize = width === undefined || height === undefined ? {} : { inputSize: { width, height } };
  const graph = buildGraph({ layers, weights, logitsLayer, ...inputSize });
  const { labels, from } = await readLabels(folder, written, graph, read);
  const normalisation: PresetName = from === METADATA_FILE ? "-1to1" : likelyNormalisation(graph);
  const card = completeCard(written, {
    folder,
    graph,
    logitsLayer,
    labels: from,
    names: labels,
    normalisation,
  });
  const notes = notesOn(written, cardBytes !== null, card, normalisation, labels.length);
  return { card, labels, layers, weights, graph, notes };
}

async function readLabels(
  folder: string,
  { labels }: WrittenCard,
  graph: Graph,
  read: ReadFile,
): Promise<{ readonly labels: readonly string[]; readonly from: string }> {
  const [classes = 0] = nodeNamed(graph, graph.logits).shape;
  const found = typeof labels === "object"
    ? { labels, from: `labels of ${CARD_FILE}` }
    : typeof labels === "string"
    ? { labels: parseLabels(labels, text(await required(folder, labels, read))), from: labels }
    : await findLabels(read);
  if (found === null) {
    return { labels: Array.from({ length: classes }, (_, index) => `class ${index}`), from: MODEL_FILE };
  }
  if (found.labels.length === classes) return found;
  throw new Error(
    `Cannot load the model as ${found.from} has to name ${classes} classes: current value is ${found.labels.length}`,
  );
}

async function findLabels(read: ReadFile) {
  for (const file of LABEL_FILES) {
    const bytes = await read(file);
    if (bytes !== null) return { labels: parseLabels(file, text(bytes)), from: file };
  }
  return null;
}

/** Says what was guessed, so that a wrong guess can be put right. */
function notesOn(
  written: WrittenCard,
  hasCard: boolean,
  card: Card,
  normalisation: PresetName,
  classes: number,
): readonly string[] {
  const notes: string[] = [];
  if (!hasCard) notes.push(`The folder has no ${CARD_FILE}; docs/models.md says what to write into one.`);
  if (written.input.normalisation === undefined) {
    notes.push(
      `The input is taken as "${normalisation}"; set input.normalisation in ${CARD_FILE} where it is another.`,
    );
  }
  if (card.labels === MODEL_FILE) {
    notes.push(`The ${classes} classes have no names; set labels in ${CARD_FILE} to name them.`);
  }
  return notes;
}

/** Reads every file that the card gives a hash of, and refuses all others. */
async function checked(folder: string, hashes: Readonly<Record<string, string>>): Promise<ReadFile> {
  const names = Object.keys(hashes);
  const read = await Promise.all(
    names.map(async (name) => [name, await readChecked(folder, name, hashes[name] ?? "")] as const),
  );
  const files = new Map(read);
  return (name) => {
    const file = files.get(name);
    if (file !== undefined) return Promise.resolve(file);
    if (LABEL_FILES.includes(name)) return Promise.resolve(null);
    return Promise.reject(
      new Error(
        `Cannot load the model as ${CARD_FILE} has no hash of ${name}: current value is ${names.join(", ")}`,
      ),
    );
  };
}

function unchecked(folder: string): ReadFile {
  return (name) => readOptional(folder, name);
}

async function readChecked(folder: string, name: string, wanted: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await required(folder, name, unchecked(folder));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  if (hash === wanted) return bytes;
  throw new Error(
    `Cannot load the model as ${name} does not have the SHA-256 of its card, ${wanted}: current value is ${hash}`,
  );
}

async function required(folder: string, name: string, read: ReadFile): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await read(name);
  if (bytes !== null) return bytes;
  throw new Error(
    `Cannot load the model as ${name} cannot be read from ${folder}: there is no such file`,
  );
}

async function readOptional(folder: string, name: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return await Deno.readFile(join(folder, name));
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return null;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot load the model as ${name} cannot be read from ${folder}: ${reason}`, { cause });
  }
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
