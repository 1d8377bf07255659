/** Reads a model's folder from disk and holds every file to the hash that its card gives. */
import { buildGraph } from "../graph/build.ts";
import { type Graph, nodeNamed } from "../graph/graph.ts";
import { type Card, CARD_FILE, MODEL_FILE, parseCard, parseLabels, type WrittenCard } from "./card.ts";
import { completeCard, likelyNormalisation } from "./defaults.ts";
import { missing, type ModelFile, ModelFiles } from "./files.ts";
import type { PresetName } from "./normalisation.ts";
import { countParameters } from "./parameters.ts";
import { type Layer, parseTopology } from "./topology.ts";
import { readWeights, type Weight } from "./weights.ts";

/** Teachable Machine's file with the class names. */
const METADATA_FILE = "metadata.json";

/** Files that class names are looked for in where the card names none. */
const LABEL_FILES = ["labels.json", METADATA_FILE];

/** Bytes that the files may have which are read whole. */
const MOST_BYTES = { card: 2 ** 20, model: 2 ** 25, labels: 2 ** 23 } as const;

/** A model as its folder describes it. */
export interface ModelFolder {
  readonly card: Card;
  /** `[classes]` names, in the order of the logits. */
  readonly labels: readonly string[];
  readonly layers: readonly Layer[];
  readonly weights: ReadonlyMap<string, Weight>;
  /** How many numbers of the weights were learned. */
  readonly parameters: number;
  /** The plain graph, one operation at a time as the layers say. */
  readonly graph: Graph;
  /** A sentence on each thing that the card does not say and that was guessed. */
  readonly notes: readonly string[];
}

/**
 * Reads the folder of a model: card, topology, labels, weights.
 *
 * A folder without a card, or with a card that leaves things out, is read with defaults.
 *
 * @param mostBytes that the weights may take in memory
 * @throws Error with one sentence on what does not fit and where
 */
export async function readModelFolder(
  folder: string,
  mostBytes: number = Infinity,
): Promise<ModelFolder> {
  const cardBytes = await new ModelFiles(folder).read(CARD_FILE, MOST_BYTES.card);
  const written = parseCard(cardBytes === null ? "{}" : text(cardBytes));
  const files = new ModelFiles(folder, written.files ?? null);
  const { layers, manifest, output } = parseTopology(
    await required(files, folder, MODEL_FILE, MOST_BYTES.model),
  );
  const weights = await readWeights(manifest, (path) => openShard(files, folder, path), mostBytes);

  const logitsLayer = written.logitsLayer ?? output;
  const { width, height } = written.input;
  const inputSize = width === undefined || height === undefined ? {} : { inputSize: { width, height } };
  const graph = buildGraph({ layers, weights, logitsLayer, ...inputSize });
  const { labels, from } = await readLabels(files, folder, written, graph);
  await files.checkOthers();
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
  return { card, labels, layers, weights, parameters: countParameters(weights), graph, notes };
}

async function readLabels(
  files: ModelFiles,
  folder: string,
  { labels }: WrittenCard,
  graph: Graph,
): Promise<{ readonly labels: readonly string[]; readonly from: string }> {
  const [classes = 0] = nodeNamed(graph, graph.logits).shape;
  const found = typeof labels === "object"
    ? { labels, from: `labels of ${CARD_FILE}` }
    : typeof labels === "string"
    ? { labels: parseLabels(labels, await required(files, folder, labels, MOST_BYTES.labels)), from: labels }
    : await findLabels(files);
  if (found === null) {
    return { labels: Array.from({ length: classes }, (_, index) => `class ${index}`), from: MODEL_FILE };
  }
  if (found.labels.length === classes) return found;
  throw new Error(
    `Cannot load the model: ${found.from} must name ${classes} classes, got ${found.labels.length}`,
  );
}

async function findLabels(files: ModelFiles) {
  for (const file of LABEL_FILES) {
    const bytes = files.lacks(file) ? null : await files.read(file, MOST_BYTES.labels);
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

/** Opens a shard, which the card's hashes may not leave out. */
async function openShard(files: ModelFiles, folder: string, name: string): Promise<ModelFile> {
  if (files.lacks(name)) throw unhashed(name, files);
  const file = await files.open(name);
  if (file === null) throw missing(name, folder);
  return file;
}

async function required(files: ModelFiles, folder: string, name: string, most: number): Promise<string> {
  if (files.lacks(name)) throw unhashed(name, files);
  const bytes = await files.read(name, most);
  if (bytes === null) throw missing(name, folder);
  return text(bytes);
}

function unhashed(name: string, { hashed }: ModelFiles): Error {
  return new Error(
    `Cannot load the model: ${CARD_FILE} has no hash of ${name}, only of ${hashed.join(", ")}`,
  );
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
