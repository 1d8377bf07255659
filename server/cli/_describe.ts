/** What --describe prints: what was understood of a model. */
import { printable } from "../../shared/printable.ts";
import type { CoveredDescription, Description } from "../engine/mod.ts";
import { tableOf } from "./_table.ts";

const HEADS: Readonly<Record<CoveredDescription["head"], string>> = {
  "softmax": "softmax over the classes, explained by the logits before it",
  "sigmoids": "a sigmoid for each class, explained by the logits before them",
  "one-unit": "one unit, read as two classes: the complement, then what it stands for",
  "logits": "logits, no softmax or sigmoid behind them",
};

const HASHED_WORDS: Readonly<Record<CoveredDescription["hash"]["of"], string>> = {
  card: "its card, which holds that of every file",
  file: "the file",
  files: "the list of its files, as sha256sum writes it",
  head: "the list of its base and its taught head",
};

/** Says in words, or as JSON, what was understood of a model. */
export function describeText(description: Description, json: boolean): string {
  if (json) return `${JSON.stringify(description, null, 2)}\n`;
  return [
    ...(description.covered ? coveredLines(description) : [`Model  ${printable(description.file)}`]),
    "",
    ...coverageLines(description),
    "",
  ].join("\n");
}

function coveredLines(model: CoveredDescription): readonly string[] {
  const { input, classes, memory, notes, hash } = model;
  const channels = input.channels === 1 ? ", one channel: the colours are mixed to grey" : "";
  const rows = [
    ["Model", `${model.name} (${model.file})`],
    ["Format", model.format],
    ["Input", `${input.height} × ${input.width} pixels, height × width${channels}`],
    ["Normalisation", normalisationText(model.normalisation)],
    ["Head", HEADS[model.head]],
    ["Classes", `${count(classes.count)}, ${classesText(model.classes)}`],
    ["Default layer", model.defaultLayer],
    ["Layers", count(model.layers)],
    ["Parameters", count(model.parameters)],
    ["Multiply-adds", `${count(model.multiplyAdds)} for one picture`],
    [
      "Memory",
      `${megabytes(memory.weights)} MB for the weights, ${megabytes(memory.picture)} MB for one picture`,
    ],
    ["SHA-256", `${hash.sha256}, of ${HASHED_WORDS[hash.of]}`],
  ];
  const lines = tableOf(rows, 2);
  return notes.length === 0 ? lines : [...lines, "", ...notes.map((note) => printable(note))];
}

function coverageLines(description: Description): readonly string[] {
  if (description.covered) return ["Everything in it is covered."];
  const { notCovered } = description;
  return [
    `Not covered, ${count(notCovered.length)} in all:`,
    ...notCovered.map((item) => `- ${printable(item)}`),
  ];
}

function normalisationText(
  { preset, mean, scale, order, from }: CoveredDescription["normalisation"],
): string {
  const what = preset ?? `(value − [${mean.join(", ")}]) / [${scale.join(", ")}], ${order}`;
  return `${what} · ${from}`;
}

function classesText({ from, first, count: all }: CoveredDescription["classes"]): string {
  if (from === null) return "their names are not known";
  return `named by ${from}: ${first.join("; ")}${all > first.length ? "; …" : ""}`;
}

function count(value: number): string {
  return value.toLocaleString("en");
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toLocaleString("en", { maximumSignificantDigits: 3 });
}
