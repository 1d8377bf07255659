/** Class labels: "goldfish, Carassius auratus" is a list of names, of which the first is the common one. */

import { editsFrom, MAX_EDITED_CHARS } from "./edits.ts";

/** Names in an error at most. */
const MAX_SUGGESTIONS = 3;

/** A name this many edits away, relative to the longer text, still counts as a near miss. */
const MAX_EDIT_SHARE = 0.4;

/** Returns the form in which texts are compared: Unicode NFC, lower case, single spaces. */
export function comparable(text: string): string {
  return text.toWellFormed().toLowerCase().normalize("NFC").trim().replace(/\s+/g, " ");
}

/** Returns the names of a label, in their order and as they are written. */
export function namesOf(label: string): string[] {
  return label.split(",").map((name) => name.trim()).filter((name) => name !== "");
}

/** Returns the first name of a label; "" for a label without any. */
export function shortLabel(label: string): string {
  return namesOf(label)[0] ?? "";
}

/** Returns the classes whose first name another class has as well, in ascending order. */
export function sharedNames(labels: readonly string[]): number[] {
  const classes = Map.groupBy(labels.keys(), (index) => comparable(shortLabel(labels[index] ?? "")));
  return [...classes.values()].filter(({ length }) => length > 1).flat().sort((a, b) => a - b);
}

/**
 * Returns a class's name for people: the first of its label, with the index behind it where the name alone does not
 * say which class is meant.
 */
export function className(index: number, label: string, shared: readonly number[]): string {
  const name = shortLabel(label);
  if (name === "") return `class ${index}`;
  return shared.includes(index) ? `${name} (${index})` : name;
}

/** Letters that are written from right to left: Hebrew, Arabic and their kin. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** A name as it stands in a sentence: one that is written from right to left leaves the words and numbers around it in their order. */
export function inSentence(name: string): string {
  return RIGHT_TO_LEFT.test(name) ? `\u2068${name}\u2069` : name;
}

/**
 * Names that contain the text or are a few edits away from it, the nearest first. Of a text of more than 31 characters
 * only names that contain it, or that it contains, are near.
 */
export function nearNames(labels: readonly string[], text: string, count = MAX_SUGGESTIONS): string[] {
  const wanted = comparable(text);
  if (wanted === "") return [];
  const edits = wanted.length <= MAX_EDITED_CHARS ? editsFrom(wanted) : null;
  const scored = new Map<string, number>();
  for (const { name, key } of namesToCompare(labels)) {
    const score = distance(key, wanted, edits);
    if (score <= MAX_EDIT_SHARE) scored.set(name, score);
  }
  return [...scored].sort((a, b) => a[1] - b[1]).slice(0, count).map(([name]) => name);
}

/** Makes what `nearNames()` needs of these labels; later calls find it. */
export function prepareNames(labels: readonly string[]): void {
  namesToCompare(labels);
}

interface ComparedName {
  readonly name: string;
  readonly key: string;
}

/** Names of the models in use; labels never change. */
const compared = new WeakMap<readonly string[], readonly ComparedName[]>();

function namesToCompare(labels: readonly string[]): readonly ComparedName[] {
  const known = compared.get(labels);
  if (known !== undefined) return known;
  const made = labels.flatMap(namesOf).map((name) => ({ name, key: comparable(name) }));
  compared.set(labels, made);
  return made;
}

/** How far apart two texts are, 0…1; one that contains the other is nearer than any with edits inside. */
function distance(name: string, wanted: string, edits: ((other: string) => number) | null): number {
  const [long, short] = name.length > wanted.length ? [name, wanted] : [wanted, name];
  if (short.length >= 3 && long.includes(short)) return (long.length - short.length) / (long.length * 100);
  if (edits === null || (long.length - short.length) / long.length > MAX_EDIT_SHARE) return 1;
  return edits(name) / long.length;
}
