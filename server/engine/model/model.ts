/** Opens a model: its files, the card beside them, its class names. */
import { join } from "node:path";
import type { HeadModel } from "../../../shared/head_model.ts";
import type { ModelHash } from "../../../shared/model_about.ts";
import { parseHead } from "../../heads/mod.ts";
import { assembleGraph } from "../graph/build.ts";
import { type Graph, nodeNamed } from "../graph/graph.ts";
import { type Card, CARD_FILE, cardBeside, MODEL_FILE, parseCard, stem, type WrittenCard } from "./card.ts";
import { completeCard } from "./defaults.ts";
import { ModelFiles } from "./files.ts";
import { hashFiles, sha256 } from "./hash.ts";
import { READERS, recognise, type Recognised } from "./formats/mod.ts";
import { type Guess, guessNormalisation } from "./guess.ts";
import { withRgbInput } from "./grey_input.ts";
import { findLabels } from "./labels.ts";

/** File of a head that was taught. */
export const HEAD_FILE = "head.json";

/** Bytes that it may have: ten thousand rows of nearest neighbours. */
const MOST_HEAD_BYTES = 2 ** 28;

/** Bytes that a card may have. */
const MOST_CARD_BYTES = 2 ** 20;

/** A model as its files describe it. */
export interface OpenedModel {
  /** Format that it was read from, as people read it. */
  readonly format: string;
  readonly card: Card;
  /** `[classes]` names, in the order of the logits. */
  readonly labels: readonly string[];
  /** A head that was taught, in place of the network's own; null: it has none. */
  readonly head: HeadModel | null;
  /** How many layers it has. */
  readonly layers: number;
  /** How many numbers of the weights were learned. */
  readonly parameters: number;
  /** The plain graph, one operation at a time as the layers say. */
  readonly graph: Graph;
  /** A sentence on each thing that the card does not say and that was guessed. */
  readonly notes: readonly string[];
  /** Where the class names come from; null where nothing names them. */
  readonly labelsFrom: string | null;
  /** Where the normalisation was read, or how sure it was guessed. */
  readonly normalisationFrom: string;
  /** Node that yields the model's output, before softmax and sigmoid at its end are left out. */
  readonly output: string;
  /** By which the model is known: of its card where that holds the hashes of its files, else of the files that were read. */
  readonly hash: ModelHash;
  /** Name of the model's file. */
  readonly file: string;
  /** Channels of the pictures that it was made for: one where the colours are mixed to grey behind the input. */
  readonly channels: number;
}

/** How a model is opened. */
export interface OpenOptions {
  /** Bytes that the weights may take in memory. */
  readonly mostBytes?: number;
  /** Receives the share of the bytes that is read, 0 to 1. */
  readonly onRead?: (share: number) => void;
}

/**
 * Opens a model: card, operations, weights, labels.
 *
 * A model without a card, or with a card that leaves things out, is read with defaults.
 *
 * @param path file of the model, or folder with one model in it
 * @throws NotCovered, or an Error with one sentence on what does not fit and where
 */
export async function openModel(
  path: string,
  { mostBytes = Infinity, onRead = () => {} }: OpenOptions = {},
): Promise<OpenedModel> {
  const found = await recognise(path);
  const { written, card: cardFile, cardHash } = await readCard(found);
  const files = new ModelFiles(found.folder, written.files ?? null, {
    card: cardFile ?? CARD_FILE,
    onRead: shareOf(await bytesToRead(found), onRead),
  });
  const { width, height } = written.input;
  const inputSize = width === undefined || height === undefined ? null : { width, height };
  const source = await READERS[found.format]({ files, file: found.file, inputSize, mostBytes });
  const head = await readHead(files, found);
  const hash: ModelHash = written.files === undefined
    ? await hashFiles(files, files.opened)
    : { of: "card", sha256: cardHash };

  const logitsLayer = written.logitsLayer ?? source.output;
  const graph = assembleGraph(withRgbInput(source.drafts), logitsLayer);
  const [classes = 0] = nodeNamed(graph, graph.logits).shape;
  const labels = await findLabels(
    { files, card: written, cardFile: cardFile ?? cardName(found), ...labelFiles(found), source },
    classes,
  );
  await files.checkOthers();
  const guess = guessNormalisation(source, graph);
  const card = completeCard(written, {
    folder: found.named ? join(found.folder, stem(found.file)) : found.folder,
    graph,
    logitsLayer,
    labels: labels.from ?? MODEL_FILE,
    names: head?.classes ?? labels.names,
    normalisation: guess.preset,
  });
  const { format, parameters } = source;
  return {
    format,
    card,
    labels: head?.classes ?? labels.names,
    head,
    layers: source.drafts.filter(({ name }) => !name.includes(":")).length,
    parameters,
    graph,
    notes: [...notesOn(written, found, cardFile, guess), ...labels.notes, ...source.notes],
    labelsFrom: labels.from,
    normalisationFrom: written.input.normalisation === undefined ? guess.from : `set in ${cardFile}`,
    output: source.output,
    hash,
    file: found.file,
    channels: channelsOf(graph),
  };
}

function channelsOf(graph: Graph): number {
  const { shape } = nodeNamed(graph, graph.input);
  return graph.nodes.some(({ name }) => name === `${graph.input}:grey`) ? 1 : shape[2] ?? 0;
}

/** Bytes of the files that a model may be read from; what lies in others comes on top. */
async function bytesToRead({ folder, file, named }: Recognised): Promise<number> {
  let bytes = 0;
  for await (const { name, isFile } of Deno.readDir(folder)) {
    // The weights of an ONNX file lie beside it, under its own name with an ending.
    if (isFile && (!named || name.startsWith(file))) bytes += (await Deno.stat(join(folder, name))).size;
  }
  return bytes;
}

/** Makes a share of all bytes of those that were read. */
function shareOf(bytes: number, onShare: (share: number) => void): (read: number) => void {
  let done = 0;
  return (read) => {
    done += read;
    onShare(bytes === 0 ? 1 : Math.min(1, done / bytes));
  };
}

/**
 * Reads the head that lies beside a model: `head.json` in a folder, `NAME.head.json` beside a file.
 *
 * @throws Error where it is none
 */
async function readHead(files: ModelFiles, { file, named }: Recognised): Promise<HeadModel | null> {
  const name = named ? `${stem(file)}.${HEAD_FILE}` : HEAD_FILE;
  if (files.lacks(name)) return null;
  const bytes = await files.read(name, MOST_HEAD_BYTES);
  if (bytes === null) return null;
  try {
    return parseHead(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot load the model: ${name} is no head: ${reason}`, { cause });
  }
}

/** Reads the card of a model: of a file `NAME.gradcast.json` beside it, or `gradcast.json` in a folder. */
async function readCard(
  found: Recognised,
): Promise<{ readonly written: WrittenCard; readonly card: string | null; readonly cardHash: string }> {
  const files = new ModelFiles(found.folder);
  const own = cardBeside(found.file);
  for (const name of found.file === MODEL_FILE || !found.named ? [own, CARD_FILE] : [own]) {
    const bytes = await files.read(name, MOST_CARD_BYTES);
    if (bytes !== null) {
      return {
        written: parseCard(new TextDecoder().decode(bytes), name),
        card: name,
        cardHash: sha256(bytes),
      };
    }
  }
  return { written: parseCard("{}"), card: null, cardHash: "" };
}

/** Files that class names are looked for in where the card names none. */
function labelFiles({ file, named }: Recognised): Readonly<Record<"own" | "shared", readonly string[]>> {
  const own = [`${stem(file)}.labels.json`, `${stem(file)}.labels.txt`];
  const shared = ["labels.json", "labels.txt"];
  // Beside a file that was named, others may lie that labels.txt belongs to.
  return named && file !== MODEL_FILE ? { own, shared } : { own: [...own, ...shared], shared: [] };
}

/** Name that the card of a model has, or would have. */
function cardName({ named, file }: Recognised): string {
  return named && file !== MODEL_FILE ? cardBeside(file) : CARD_FILE;
}

/** Says what was guessed, so that a wrong guess can be put right. */
function notesOn(
  written: WrittenCard,
  found: Recognised,
  cardFile: string | null,
  { preset, from }: Guess,
): readonly string[] {
  const name = cardFile ?? cardName(found);
  const where = name === CARD_FILE ? `The folder has no ${name}` : `Beside ${found.file} there is no ${name}`;
  const notes: string[] = [];
  if (cardFile === null) notes.push(`${where}; docs/models.md says what to write into one.`);
  if (written.input.normalisation === undefined) {
    notes.push(
      `The input is taken as "${preset}" (${from}); set input.normalisation in ${name} where it is another.`,
    );
  }
  return notes;
}
