/** The class names of a model: in its card, in files beside it, or in its own files. */
import * as v from "valibot";
import { CARD_FILE, Label, type WrittenCard } from "./card.ts";
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
}

/** Where class names may lie. */
export interface LabelPlaces {
  readonly files: ModelFiles;
  readonly card: WrittenCard;
  /** Files beside the model that are looked at where the card names none, the first that is there counts. */
  readonly beside: readonly string[];
  readonly source: SourceModel;
}

/**
 * Finds the names of the classes.
 *
 * @throws Error where they are more or fewer than the classes
 */
export async function findLabels(places: LabelPlaces, classes: number): Promise<Labels> {
  const found = await writtenLabels(places) ?? await labelsBeside(places) ?? places.source.labels;
  if (found === null) {
    return { names: Array.from({ length: classes }, (_, index) => `class ${index}`), from: null };
  }
  if (found.names.length === classes) return found;
  throw new Error(
    `Cannot load the model: ${found.from} must name ${classes} classes, got ${found.names.length}`,
  );
}

/** Reads the class names of a file, a list or Teachable Machine's metadata; null where there is no such file. */
export async function readLabels(files: ModelFiles, file: string): Promise<readonly string[] | null> {
  const bytes = await files.read(file, MOST_BYTES);
  return bytes === null ? null : parseLabels(file, new TextDecoder().decode(bytes));
}

async function writtenLabels({ files, card: { labels } }: LabelPlaces): Promise<Labels | null> {
  if (labels === undefined) return null;
  if (typeof labels === "object") return { names: labels, from: `labels of ${CARD_FILE}` };
  return { names: parseLabels(labels, await files.text(labels, MOST_BYTES)), from: labels };
}

async function labelsBeside({ files, beside }: LabelPlaces): Promise<Labels | null> {
  for (const file of beside) {
    const names = files.lacks(file) ? null : await readLabels(files, file);
    if (names !== null) return { names, from: file };
  }
  return null;
}

function parseLabels(file: string, text: string): readonly string[] {
  const list = v.array(Label);
  return parseJson(
    file,
    text,
    v.union([list, v.pipe(v.object({ labels: list }), v.transform(({ labels }) => labels))]),
  );
}
