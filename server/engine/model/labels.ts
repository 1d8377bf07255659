/** The class names of a model: in its card, in files beside it, or in its own files. */
import * as v from "valibot";
import { Label, type WrittenCard } from "./card.ts";
import type { ModelFiles } from "./files.ts";
import { parseJson } from "./json.ts";
import type { SourceModel } from "./source_model.ts";

/** Bytes that a file of class names may have. */
const MOST_BYTES = 2 ** 23;

/** Class names with the place where they were found. */
export interface Labels {
  /** `[classes]` names, in the order of the logits. */
  readonly names: readonly string[];
  /** Where they come from, for messages; null where nothing names the classes. */
  readonly from: string | null;
  /** Sentences on what was found and not used, or not found. */
  readonly notes: readonly string[];
}

/** Where class names may lie, in the order in which they count. */
export interface LabelPlaces {
  readonly files: ModelFiles;
  readonly card: WrittenCard;
  readonly cardFile: string;
  /** Files that are the model's own. */
  readonly own: readonly string[];
  readonly source: SourceModel;
  /** Files that may belong to another model, and count where their length fits. */
  readonly shared: readonly string[];
}

type Found = Pick<Labels, "names" | "from">;

/**
 * Finds the names of the classes.
 *
 * @throws Error where they are more or fewer than the classes
 */
export async function findLabels(places: LabelPlaces, classes: number): Promise<Labels> {
  const { files, own, shared, source, cardFile } = places;
  const found: Found | null = await writtenLabels(places) ?? await firstOf(files, own) ?? source.labels;
  if (found !== null) {
    if (found.names.length === classes) return { ...found, notes: [] };
    throw new Error(
      `Cannot load the model: ${found.from} must name ${classes} classes, got ${found.names.length}`,
    );
  }
  const others = await firstOf(files, shared);
  if (others?.names.length === classes) return { ...others, notes: [] };
  const unused = others === null ? [] : [
    `${others.from} has ${others.names.length} names, but the model has ${classes} classes: it is not used.`,
  ];
  return {
    names: Array.from({ length: classes }, (_, index) => `class ${index}`),
    from: null,
    notes: [...unused, `The ${classes} classes have no names; set labels in ${cardFile} to name them.`],
  };
}

/** Reads the class names of a file; null where there is no such file. */
export async function readLabels(files: ModelFiles, file: string): Promise<readonly string[] | null> {
  const bytes = await files.read(file, MOST_BYTES);
  return bytes === null ? null : parseLabels(file, new TextDecoder().decode(bytes));
}

async function writtenLabels({ files, card: { labels }, cardFile }: LabelPlaces): Promise<Found | null> {
  if (labels === undefined) return null;
  if (typeof labels === "object") return { names: labels, from: `labels of ${cardFile}` };
  return { names: parseLabels(labels, await files.text(labels, MOST_BYTES)), from: labels };
}

async function firstOf(files: ModelFiles, names: readonly string[]): Promise<Found | null> {
  for (const file of names) {
    const labels = files.lacks(file) ? null : await readLabels(files, file);
    if (labels !== null) return { names: labels, from: file };
  }
  return null;
}

/** A list of anything, alone or as `labels`; null where there is none. */
const ListSchema = v.pipe(
  v.unknown(),
  v.transform((value) => {
    const list: unknown = typeof value === "object" && value !== null && "labels" in value
      ? value.labels
      : value;
    return Array.isArray(list) ? list as readonly unknown[] : null;
  }),
);

/** A JSON list, Teachable Machine's metadata with the list in it, or a text with a name in each line. */
function parseLabels(file: string, text: string): readonly string[] {
  if (file.endsWith(".txt")) return parseLines(file, text);
  const names = parseJson(file, text, ListSchema);
  if (names === null) {
    throw new Error(
      `Cannot load the model: ${file} must hold a list of the class names, or an object with that list as "labels"`,
    );
  }
  return names.map((name, index) => {
    const read = v.safeParse(Label, name);
    if (read.success) return read.output;
    throw new Error(
      `Cannot load the model: name ${index} of ${file} must be a text of at most 500 characters, got ${
        kindOf(name)
      }`,
    );
  });
}

function kindOf(value: unknown): string {
  if (typeof value === "string") return `${value.length} characters`;
  return value === null ? "null" : Array.isArray(value) ? "a list" : `a ${typeof value}`;
}

/** Names line by line; Teachable Machine's own labels.txt has the class's number before each, which is left out. */
function parseLines(file: string, text: string): readonly string[] {
  const lines = text.replace(/^\uFEFF/u, "").split(/\r?\n/u).map((line) => line.trim());
  while (lines.at(-1) === "") lines.pop();
  const numbered = lines.length > 0 && lines.every((line, index) => line.startsWith(`${index} `));
  return lines.map((line, index) => {
    const name = numbered ? line.slice(`${index} `.length).trim() : line;
    const { success } = v.safeParse(Label, name);
    if (success) return name;
    throw new Error(
      `Cannot load the model: line ${
        index + 1
      } of ${file} must have at most 500 characters, got ${name.length}`,
    );
  });
}
