/** What was understood of an opened model, in words. Pure. */
import type { HASHED, OUTPUTS } from "../../../shared/model_about.ts";
import { NORMALISATION_WORDS, type OpenedModel } from "../../../shared/model_wire.ts";
import { fileSize } from "../../ui/format.ts";

/** One thing that is known. */
export interface ModelFact {
  readonly name: string;
  readonly words: string;
  /** Where it was read, or how sure it was guessed; absent: that needs no words. */
  readonly more?: string;
  /** By which tests find it. */
  readonly testid?: string;
}

const OUTPUT_WORDS: Readonly<Record<typeof OUTPUTS[number], string>> = {
  "softmax": "softmax over the classes, explained by the logits before it",
  "sigmoids": "a sigmoid for each class, explained by the logits before them",
  "one-unit": "one unit, read as two classes: the complement, then what it stands for",
  "logits": "logits, no softmax or sigmoid behind them",
};

const HASHED_WORDS: Readonly<Record<typeof HASHED[number], string>> = {
  card: "of its card, which holds that of every file",
  file: "of the file",
  files: "of the list of its files, as sha256sum writes it",
  head: "of the list of its base and its taught head",
};

/** The facts, as `explain --describe` has them. */
export function factsOf(model: OpenedModel): readonly ModelFact[] {
  const { file, format, width, height, channels, normalisationFrom, memory, hash } = model;
  return [
    ...(file === "" ? [] : [{ name: "File", words: file }]),
    ...(format === "" ? [] : [{ name: "Format", words: format }]),
    {
      name: "Input",
      words: `${width} × ${height} px${channels === 1 ? ", one channel: the colours are mixed to grey" : ""}`,
    },
    {
      ...{ name: "Values", words: valueWords(model), testid: "values" },
      ...(normalisationFrom === null ? {} : { more: normalisationFrom }),
    },
    { name: "Head", words: OUTPUT_WORDS[model.output] },
    { name: "Classes", words: classWords(model), more: namedBy(model), testid: "model-classes" },
    { name: "Layers", words: `${counted(model.layers)}, target layer ${model.defaultLayer}` },
    { name: "Parameters", words: counted(model.parameters) },
    { name: "Work", words: `${counted(model.multiplyAdds)} multiply-adds for each forward pass` },
    ...(memory === null ? [] : [{
      name: "Memory",
      words: `${fileSize(memory.weights)} for the weights, ${fileSize(memory.picture)} for one picture`,
    }]),
    ...(hash === null ? [] : [{ name: "SHA-256", words: hash.sha256, more: HASHED_WORDS[hash.of] }]),
  ];
}

function valueWords({ normalisation, mean, scale, order }: OpenedModel): string {
  if (normalisation !== null) return NORMALISATION_WORDS[normalisation];
  return `(value − [${mean.join(", ")}]) / [${scale.join(", ")}]${order === "bgr" ? ", blue first" : ""}`;
}

function classWords({ classes, firstLabels, lastLabel }: OpenedModel): string {
  const more = classes > firstLabels.length ? ` … ${lastLabel}` : "";
  return `${counted(classes)}: ${firstLabels.join(", ")}${more}`;
}

function namedBy({ labelsFrom }: OpenedModel): string {
  return labelsFrom === null ? "their names are not known" : `named by ${labelsFrom}`;
}

function counted(value: number): string {
  return value.toLocaleString("en");
}
