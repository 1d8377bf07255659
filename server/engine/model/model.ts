/** Opens a model: its files, the card beside them, its class names. */
import { assembleGraph } from "../graph/build.ts";
import { type Graph, nodeNamed } from "../graph/graph.ts";
import { type Card, CARD_FILE, MODEL_FILE, parseCard, type WrittenCard } from "./card.ts";
import { completeCard, likelyNormalisation } from "./defaults.ts";
import { ModelFiles } from "./files.ts";
import { findLabels } from "./labels.ts";
import type { PresetName } from "./normalisation.ts";
import { readTfjsLayers } from "./tfjs_layers.ts";

/** Files that class names are looked for in where the card names none. */
const LABEL_FILES = ["labels.json"];

/** Bytes that a card may have. */
const MOST_CARD_BYTES = 2 ** 20;

/** A model as its files describe it. */
export interface OpenedModel {
  /** Format that it was read from, as people read it. */
  readonly format: string;
  readonly card: Card;
  /** `[classes]` names, in the order of the logits. */
  readonly labels: readonly string[];
  /** How many layers it has. */
  readonly layers: number;
  /** How many numbers of the weights were learned. */
  readonly parameters: number;
  /** The plain graph, one operation at a time as the layers say. */
  readonly graph: Graph;
  /** A sentence on each thing that the card does not say and that was guessed. */
  readonly notes: readonly string[];
}

/**
 * Opens a model: card, operations, weights, labels.
 *
 * A model without a card, or with a card that leaves things out, is read with defaults.
 *
 * @param path folder of the model
 * @param mostBytes that the weights may take in memory
 * @throws NotCovered, or an Error with one sentence on what does not fit and where
 */
export async function openModel(path: string, mostBytes: number = Infinity): Promise<OpenedModel> {
  const cardBytes = await new ModelFiles(path).read(CARD_FILE, MOST_CARD_BYTES);
  const written = parseCard(cardBytes === null ? "{}" : new TextDecoder().decode(cardBytes));
  const files = new ModelFiles(path, written.files ?? null);
  const { width, height } = written.input;
  const inputSize = width === undefined || height === undefined ? null : { width, height };
  const source = await readTfjsLayers({ files, file: MODEL_FILE, inputSize, mostBytes });

  const logitsLayer = written.logitsLayer ?? source.output;
  const graph = assembleGraph(source.drafts, logitsLayer);
  const [classes = 0] = nodeNamed(graph, graph.logits).shape;
  const labels = await findLabels({ files, card: written, beside: LABEL_FILES, source }, classes);
  await files.checkOthers();
  const normalisation = source.normalisation?.preset ?? likelyNormalisation(graph);
  const card = completeCard(written, {
    folder: path,
    graph,
    logitsLayer,
    labels: labels.from ?? MODEL_FILE,
    names: labels.names,
    normalisation,
  });
  const notes = [
    ...notesOn(written, cardBytes !== null, normalisation),
    ...(labels.from === null ? [unnamed(classes)] : []),
    ...source.notes,
  ];
  const { format, parameters } = source;
  const layers = source.drafts.filter(({ name }) => !name.includes(":")).length;
  return { format, card, labels: labels.names, layers, parameters, graph, notes };
}

/** Says what was guessed, so that a wrong guess can be put right. */
function notesOn(written: WrittenCard, hasCard: boolean, normalisation: PresetName): readonly string[] {
  const notes: string[] = [];
  if (!hasCard) notes.push(`The folder has no ${CARD_FILE}; docs/models.md says what to write into one.`);
  if (written.input.normalisation === undefined) {
    notes.push(
      `The input is taken as "${normalisation}"; set input.normalisation in ${CARD_FILE} where it is another.`,
    );
  }
  return notes;
}

function unnamed(classes: number): string {
  return `The ${classes} classes have no names; set labels in ${CARD_FILE} to name them.`;
}
