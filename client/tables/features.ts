/** Features of heads and the columns that they were made of: numbers as they are, words one-hot. Pure. */
import type { TableColumn } from "../../shared/table_wire.ts";
import { type Ask, columnValue } from "../plots/mod.ts";

/** What stands between column and word in the name of a one-hot feature. */
const BETWEEN = " = ";

/** A one-hot feature is 1 for its word and 0 for the others. */
const HALF = 0.5;

/** The column of a feature, and the word that a one-hot one stands for; null: a number. */
export interface FeaturePart {
  readonly column: string;
  readonly word: string | null;
}

/** A column with the places of its features. */
export interface FeatureColumn {
  readonly name: string;
  /** Words with their places; null: a column of numbers. */
  readonly words: readonly { readonly word: string; readonly place: number }[] | null;
  /** Place of the first feature. */
  readonly place: number;
}

/** Finds what each feature was made of. */
export function partsOf(
  features: readonly string[],
  columns: readonly TableColumn[],
): readonly FeaturePart[] {
  // The longest name first: another column's name may be the beginning of it.
  const prefixes = columns.filter(({ kind }) => kind !== "number").map(({ name }) => name)
    .toSorted((a, b) => b.length - a.length);
  const numbers = new Set(columns.filter(({ kind }) => kind === "number").map(({ name }) => name));
  return features.map((feature) => {
    const column = numbers.has(feature)
      ? undefined
      : prefixes.find((name) => feature.startsWith(name + BETWEEN));
    return column === undefined
      ? { column: feature, word: null }
      : { column, word: feature.slice(column.length + BETWEEN.length) };
  });
}

/** Puts the features of one column together, in their order. */
export function featureColumns(parts: readonly FeaturePart[]): readonly FeatureColumn[] {
  const columns = new Map<
    string,
    { name: string; words: { word: string; place: number }[] | null; place: number }
  >();
  for (const [place, { column, word }] of parts.entries()) {
    const known = columns.get(column);
    if (known === undefined) {
      columns.set(column, { name: column, words: word === null ? null : [{ word, place }], place });
    } else if (word !== null) known.words?.push({ word, place });
  }
  return [...columns.values()];
}

/** Questions about numbers, and about words where a feature is one-hot: "colour “red”?", where yes leads right. */
export function askOf(parts: readonly FeaturePart[]): Ask {
  return (feature, threshold) => {
    const { column, word } = parts[feature] ?? { column: `column ${feature}`, word: null };
    return word === null
      ? { subject: column, test: `≤ ${columnValue(threshold)}`, yes: "left" }
      : { subject: column, test: `“${word}”`, yes: "right" };
  };
}

/** Writes the value of a feature in a row: a number, or for a one-hot one the column's word. */
export function valueWords(
  parts: readonly FeaturePart[],
  values: readonly number[],
  feature: number,
): string {
  const part = parts[feature];
  const value = values[feature] ?? Number.NaN;
  return part === undefined || part.word === null
    ? columnValue(value)
    : wordOf(parts, values, part.column) ?? "another";
}

/** What a feature's value is, beside the column's name: a number, or "is red" and "is not red". */
export function noteWords(parts: readonly FeaturePart[], values: readonly number[], feature: number): string {
  const word = parts[feature]?.word ?? null;
  if (word === null) return valueWords(parts, values, feature);
  return `${(values[feature] ?? 0) > HALF ? "is" : "is not"} ${word}`;
}

/** The word of a column in a row, or null where it is none of those that heads know. */
export function wordOf(
  parts: readonly FeaturePart[],
  values: readonly number[],
  column: string,
): string | null {
  const place = parts.findIndex((part, at) => part.column === column && (values[at] ?? 0) > HALF);
  return parts[place]?.word ?? null;
}

/** The numbers of a row after a column has got another value: a number, or one of its words. */
export function changed(
  values: readonly number[],
  column: FeatureColumn,
  value: number | string,
): readonly number[] {
  const next = [...values];
  if (column.words === null) next[column.place] = Number(value);
  for (const { word, place } of column.words ?? []) next[place] = word === value ? 1 : 0;
  return next;
}
