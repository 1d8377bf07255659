/** The card `gradcast.json` that lies beside a model: what model.json does not say. */
import * as v from "valibot";
import { type Head, HEADS } from "../../../shared/protocol.ts";
import { MODEL_FILE, parseJson } from "./json.ts";
import { MAX_INPUT_SIDE } from "./limits.ts";
import { type Normalisation, NormalisationSchema } from "./normalisation.ts";

export { MODEL_FILE };
export type { Normalisation };

/** Name of the card in a model's folder. */
export const CARD_FILE = "gradcast.json";

/** A file's name without its ending. */
export function stem(file: string): string {
  return file.replace(/(?<=.)\.[^.]*$/u, "");
}

/** Name of the card beside a model's file. */
export function cardBeside(file: string): string {
  return `${stem(file)}.${CARD_FILE}`;
}

const Side = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_INPUT_SIDE));
const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u));
/** A file beside the card: no path leads out of the folder. */
const FileName = v.pipe(v.string(), v.regex(/^[\w][\w.-]*$/u));
/** Names: the longest are those of layers in nested models. */
const Text = v.pipe(v.string(), v.minLength(1), v.maxLength(500));
/** A class's name; ImageNet's longest has 121 characters. */
export const Label = v.pipe(v.string(), v.maxLength(500));
/** What the page shows in one line. */
const ShortText = v.pipe(v.string(), v.minLength(1), v.maxLength(120));

/** Things to try that a card names at most. */
const MAX_TRIES = 6;

const CardSchema = v.object({
  format: v.optional(v.literal(1), 1),
  id: v.optional(Text),
  name: v.optional(Text),
  description: v.optional(v.pipe(v.string(), v.maxLength(10_000)), ""),
  knows: v.optional(ShortText),
  tries: v.optional(v.pipe(v.array(ShortText), v.maxLength(MAX_TRIES))),
  input: v.optional(
    v.object({
      width: v.optional(Side),
      height: v.optional(Side),
      normalisation: v.optional(NormalisationSchema),
    }),
    {},
  ),
  /** The class names in the order of the logits, or the file with them. */
  labels: v.optional(v.union([v.array(Label), FileName])),
  defaultLayer: v.optional(Text),
  logitsLayer: v.optional(Text),
  head: v.optional(v.picklist(HEADS)),
  source: v.optional(v.record(v.string(), v.string()), {}),
  licence: v.optional(v.record(v.string(), v.string()), {}),
  files: v.optional(v.record(FileName, Sha256)),
});

/** A card as it is written: whatever can be found from the model may be left out. */
export type WrittenCard = v.InferOutput<typeof CardSchema>;

/** A card with everything filled in. */
export interface Card {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** What the model can tell apart, in a few words that follow "It knows". */
  readonly knows: string;
  /** A few things to try. */
  readonly tries: readonly string[];
  readonly input: {
    readonly width: number;
    readonly height: number;
    readonly normalisation: Normalisation;
  };
  /** Where the class names come from, for messages. */
  readonly labels: string;
  /** Layer that methods look at when nobody names one. */
  readonly defaultLayer: string;
  /** Layer that yields the logits, a softmax or sigmoid at its end left out. */
  readonly logitsLayer: string;
  /** How logits become probabilities. */
  readonly head: Head;
  readonly source: Readonly<Record<string, string>>;
  readonly licence: Readonly<Record<string, string>>;
  /** SHA-256 of the folder's files in hex, or null where the card has none and nothing was checked. */
  readonly files: Readonly<Record<string, string>> | null;
}

/** Reads a card's text; `file` is its name, for messages. */
export function parseCard(text: string, file: string = CARD_FILE): WrittenCard {
  return parseJson(file, text, CardSchema);
}
