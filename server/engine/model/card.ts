/** The card `gradcast.json` that lies beside a model: what model.json does not say. */
import * as v from "valibot";

/** Name of the card in a model's folder. */
export const CARD_FILE = "gradcast.json";

/** Name of the model itself in its folder. */
export const MODEL_FILE = "model.json";

const Side = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4096));
const PerChannel = v.strictTuple([v.number(), v.number(), v.number()]);
const Scale = v.pipe(
  v.number(),
  v.check((scale) => scale !== 0, "Invalid scale: Expected !0 but received 0"),
);
const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u));
/** A file beside the card: no path leads out of the folder. */
const FileName = v.pipe(v.string(), v.regex(/^[\w][\w.-]*$/u));

const CardSchema = v.object({
  format: v.literal(1),
  id: v.pipe(v.string(), v.minLength(1)),
  name: v.pipe(v.string(), v.minLength(1)),
  description: v.string(),
  input: v.object({
    width: Side,
    height: Side,
    /** The network's input is (value − mean) / scale, value 0…255, for red, green and blue. */
    normalisation: v.object({ mean: PerChannel, scale: v.strictTuple([Scale, Scale, Scale]) }),
  }),
  /** File with the class names, a JSON list in the order of the logits. */
  labels: FileName,
  /** Layer that methods look at when nobody names one. */
  defaultLayer: v.string(),
  /** Layer that yields the logits. */
  logitsLayer: v.string(),
  source: v.record(v.string(), v.string()),
  licence: v.record(v.string(), v.string()),
  /** SHA-256 of every file of the folder beside the card, in hex. */
  files: v.record(FileName, Sha256),
});

/** A checked card. */
export type Card = v.InferOutput<typeof CardSchema>;

/** What a network's input is made of: (value − mean) / scale per channel. */
export type Normalisation = Card["input"]["normalisation"];

/** Reads a card's text. */
export function parseCard(text: string): Card {
  return parseJson(CARD_FILE, text, CardSchema);
}

/** Reads the class names. */
export function parseLabels(file: string, text: string): readonly string[] {
  return parseJson(file, text, v.array(v.string()));
}

/** Reads a JSON file through a schema, with errors that name the file and the place in it. */
export function parseJson<S extends v.GenericSchema>(
  file: string,
  text: string,
  schema: S,
): v.InferOutput<S> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot load the model as ${file} is not JSON: ${reason}`, { cause });
  }
  const result = v.safeParse(schema, json);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const place = v.getDotPath(issue) ?? "its top level";
  throw new Error(`Cannot load the model as ${file} does not fit at ${place}: ${issue.message}`);
}
