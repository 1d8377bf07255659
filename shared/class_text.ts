/**
 * A class as text: `517:crane` is class 517, whose name is checked, `517:` is class 517 whatever its name, and any other
 * text is a label, one of a label's names, or a bare index. A text that could be several classes is none of them.
 */
import { GradcastError } from "./errors.ts";
import { prepareSearch, searchLabels } from "./label_search.ts";
import { comparable, namesOf, nearNames, prepareNames, shortLabel } from "./labels.ts";
import { MAX_CLASS_TEXT } from "./limits.ts";

/** Classes that an error names at most. */
const MAX_NAMED = 6;

/** Suggestions of an error at most. */
const MAX_SUGGESTIONS = 3;

/** What a text says about the classes of a model. */
export type ClassReading =
  /** One class; `others` have the text among their names too, but not as their whole label. */
  | { readonly kind: "class"; readonly index: number; readonly others: readonly number[] }
  /** Several classes, in ascending order. */
  | { readonly kind: "several"; readonly indexes: readonly number[] }
  /** An index whose class has another name in this model. */
  | { readonly kind: "renamed"; readonly index: number }
  /** An index that the model does not have. */
  | { readonly kind: "outside" }
  | { readonly kind: "unknown" };

/** Writes a class so that `readClass()` reads the same one among the same labels; at most 200 characters. */
export function classText(index: number, label = ""): string {
  const text = `${index}:${shortLabel(label)}`;
  return text.length <= MAX_CLASS_TEXT ? text : `${index}:`;
}

/** Reads a class; names are compared without regard to case, spacing and Unicode composition. */
export function readClass(labels: readonly string[], text: string): ClassReading {
  const marked = /^\s*(\d+)\s*:(.*)$/s.exec(text);
  if (marked !== null) {
    const index = Number(marked[1]);
    const label = labels[index];
    if (label !== undefined && isNameOf(label, marked[2] ?? "")) return { kind: "class", index, others: [] };
  }
  // A label without a name is no reason to take nothing for a class.
  if (wholeKey(text) === "") return { kind: "unknown" };
  const { wholes, names } = tableOf(labels);
  const whole = wholes.get(wholeKey(text)) ?? [];
  const named = (names.get(comparable(text)) ?? []).filter((index) => !whole.includes(index));
  const number = /^\d+$/.test(text.trim()) ? Number(text) : null;
  const bare = number !== null && number < labels.length && !whole.includes(number) ? [number] : [];
  const certain = whole.length === 1 && bare.length === 0;
  const meant = certain ? whole : [...new Set([...whole, ...bare, ...named])].sort((a, b) => a - b);
  const [first] = meant;
  if (first !== undefined) {
    return meant.length === 1
      ? { kind: "class", index: first, others: certain ? named : [] }
      : { kind: "several", indexes: meant };
  }
  if (marked !== null && Number(marked[1]) < labels.length) {
    return { kind: "renamed", index: Number(marked[1]) };
  }
  return marked !== null || /^-?\d+$/.test(text.trim()) ? { kind: "outside" } : { kind: "unknown" };
}

/**
 * Makes the tables in which classes are looked up, which takes tens of ms for a thousand labels; without it the first
 * text that is read waits for them.
 */
export function prepareClasses(labels: readonly string[]): void {
  tableOf(labels);
  prepareSearch(labels);
  prepareNames(labels);
}

/**
 * Looks up the class that a text stands for.
 *
 * @throws GradcastError `ambiguous-class` where it stands for several, otherwise `unknown-class`; both name classes in
 * a form that is read back
 */
export function classOf(labels: readonly string[], text: string): number {
  const reading = readClass(labels, text);
  if (reading.kind === "class") return reading.index;
  const code = reading.kind === "several" ? "ambiguous-class" : "unknown-class";
  throw new GradcastError(code, `Cannot choose the class: ${reasonOf(labels, text, reading)}`);
}

/** Names a class in full, with its neighbours in the list where another one has the very same label. */
export function fullClassText(labels: readonly string[], index: number): string {
  const beside = neighboursOf(labels, index);
  const place = beside.length > 0 ? ` (listed beside ${beside.join(" and ")})` : "";
  return `${index}:${namesOf(labels[index] ?? "").join(", ")}${place}`;
}

/**
 * Returns the names of the classes before and after one whose whole label another class has too; nothing for a class
 * whose label says which it is.
 */
export function neighboursOf(labels: readonly string[], index: number): string[] {
  const same = tableOf(labels).wholes.get(wholeKey(labels[index] ?? "")) ?? [];
  if (same.length < 2) return [];
  return [index - 1, index + 1].map((at) => shortLabel(labels[at] ?? "")).filter((name) => name !== "");
}

function reasonOf(
  labels: readonly string[],
  text: string,
  reading: Exclude<ClassReading, { kind: "class" }>,
): string {
  switch (reading.kind) {
    case "several": {
      const named = reading.indexes.slice(0, MAX_NAMED).map((index) => fullClassText(labels, index));
      const left = reading.indexes.length - named.length;
      const list = `${named.join(" or ")}${left === 0 ? "" : ` or ${left} more`}`;
      const [first = 0] = reading.indexes;
      return `'${text.trim()}' may be ${list}; write the index first, as in '${
        classText(first, labels[first])
      }'`;
    }
    case "renamed":
      return `expected a name of class ${fullClassText(labels, reading.index)}, got '${text.trim()}'; ` +
        `write '${reading.index}:' for this class whatever its name`;
    case "outside":
      return `expected an index from 0 to ${labels.length - 1}, got '${text.trim()}'`;
    case "unknown": {
      const near = suggestions(labels, text);
      const hint = near.length === 0
        ? `use a label of the model or an index from 0 to ${labels.length - 1}`
        : `did you mean ${near.map((one) => `'${one}'`).join(", ")}`;
      return `no label is '${text.trim()}'; ${hint}`;
    }
    default: {
      const never: never = reading;
      return never;
    }
  }
}

/** Classes that were perhaps meant, as texts: what a search finds, otherwise names that are a few edits away. */
function suggestions(labels: readonly string[], text: string): readonly string[] {
  const found = searchLabels(labels, text, MAX_SUGGESTIONS);
  if (found.length > 0) return found.map(({ index, label }) => classText(index, label));
  const { names } = tableOf(labels);
  return nearNames(labels, text, MAX_SUGGESTIONS)
    .flatMap((name) => (names.get(comparable(name)) ?? []).map((index) => classText(index, name)))
    .slice(0, MAX_SUGGESTIONS);
}

/** Whether a text that stands behind an index fits the label; an empty one does. */
function isNameOf(label: string, text: string): boolean {
  const name = comparable(text);
  return name === "" || wholeKey(label) === wholeKey(text) ||
    namesOf(label).some((one) => comparable(one) === name);
}

interface NameTable {
  /** Classes by their whole label. */
  readonly wholes: ReadonlyMap<string, readonly number[]>;
  /** Classes by each of their names. */
  readonly names: ReadonlyMap<string, readonly number[]>;
}

/** Tables of the models in use; labels never change. */
const tables = new WeakMap<readonly string[], NameTable>();

function tableOf(labels: readonly string[]): NameTable {
  const known = tables.get(labels);
  if (known !== undefined) return known;
  const pairs = labels.flatMap((label, index) =>
    [...new Set(namesOf(label).map(comparable))].map((name) => ({ name, index }))
  );
  const made: NameTable = {
    wholes: Map.groupBy(labels.keys(), (index) => wholeKey(labels[index] ?? "")),
    names: new Map(
      [...Map.groupBy(pairs, ({ name }) => name)].map(([name, all]) => [name, all.map(({ index }) => index)]),
    ),
  };
  tables.set(labels, made);
  return made;
}

/** A whole label in the form in which it is compared; spaces around its commas do not count. */
function wholeKey(label: string): string {
  return namesOf(label).map(comparable).join(", ");
}
