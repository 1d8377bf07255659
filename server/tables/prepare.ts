/** Makes rows of features out of a table, for one target. */
import { MAX_HEAD_CLASSES } from "../../shared/head_model.ts";
import {
  type FitTable,
  MAX_TABLE_CELLS,
  MAX_TABLE_COLUMNS,
  type PreparedTable,
  type TableWarning,
} from "../../shared/table_wire.ts";
import type { LabelledRows } from "../heads/mod.ts";
import { counted, grouped } from "./_words.ts";
import { leftOutKind } from "./describe.ts";
import { MAX_COUNTED, mirrors } from "./_profile.ts";
import { refused } from "./refused.ts";
import { cellText, type Column, columnNamed, isMissing, type Table } from "./table.ts";

/** How many columns a refusal names. */
const NAMED = 5;

/** How a table is read for one target. */
export type Preparation = Pick<FitTable, "target" | "missing" | "leaveOut" | "keep" | "folds">;

/** Rows of features, and what was done for them. */
export interface Prepared {
  readonly from: LabelledRows;
  readonly described: PreparedTable;
  /** [rows of the table]: the place in `from`, or −1 where the row is not used. */
  readonly places: Int32Array;
  /** [rows used]: the row of the table. */
  readonly rows: Int32Array;
  /** The features of any row of the table; missing values are filled, whatever was done with rows that had some. */
  readonly valuesOf: (row: number) => Float64Array;
  /** The class of a row of the table, or −1. */
  readonly labelOf: (row: number) => number;
}

/** One number of a row. */
interface Feature {
  readonly name: string;
  /** The number in a row of the table. */
  readonly at: (row: number) => number;
}

/**
 * Prepares a table.
 *
 * @throws GradcastError `table-refused` where the target or the features do not fit, or values are missing and nothing was said
 *   of them
 */
export function prepare(table: Table, how: Preparation): Prepared {
  const made = steps(table, how);
  for (;;) {
    const { done, value } = made.next();
    if (done === true) return value;
  }
}

/** The same on an event loop that others wait for: it has its turn after each column. */
export async function prepareInTurns(table: Table, how: Preparation): Promise<Prepared> {
  const made = steps(table, how);
  let sinceMs = performance.now();
  for (;;) {
    const { done, value } = made.next();
    if (done === true) return value;
    if (performance.now() - sinceMs < MOST_MS) continue;
    await new Promise((resolve) => setTimeout(resolve));
    sinceMs = performance.now();
  }
}

/** Rows that are filled in one step: row by row, as values of one column lie far apart. */
const ROWS_AT_ONCE = 1_000;

/** What the loop is kept for at a time, in ms, beside one step more. */
const MOST_MS = 5;

function* steps(table: Table, how: Preparation): Generator<void, Prepared, undefined> {
  const target = targetOf(table, how.target);
  checkTarget(target, table.rows);
  const columns = featureColumns(table, target, how);
  yield;
  const named = placesWhere(table.rows, (row) => !isMissing(target, row));
  let whole = named;
  for (const column of columns) {
    whole = whole.filter((row) => !isMissing(column, row));
    yield;
  }
  if (how.missing === "refuse" && whole.length < named.length) throw refusedMissing(columns, named);
  const rows = how.missing === "median" ? named : whole;
  if (rows.length < 2) throw refused(`expected at least two rows without missing values, got ${rows.length}`);
  const classes = classesOf(target, rows);
  const order = new Map(classes.map((name, k) => [name, k]));
  const labelOf = (row: number) => order.get(cellText(target, row)) ?? -1;
  const features: Feature[] = [];
  for (const column of columns) {
    features.push(...featuresOf(column, rows));
    yield;
  }
  checkFeatures(features, columns, rows.length);
  const values = new Float64Array(rows.length * features.length);
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    let at = from * features.length;
    for (const row of rows.subarray(from, from + ROWS_AT_ONCE)) {
      for (const feature of features) values[at++] = feature.at(row);
    }
    yield;
  }
  const labels = Int32Array.from(rows, labelOf);
  yield;
  const places = new Int32Array(table.rows).fill(-1);
  rows.forEach((row, place) => places[row] = place);
  const counts = classes.map(() => 0);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  const equal: Column[] = [];
  let filled = 0;
  for (const column of columns) {
    if (mirrors(column, target, table.rows)) equal.push(column);
    if (how.missing === "median") filled += missingIn([column], named);
    yield;
  }
  const ids = Array.from(rows, (row) => `${row}`);
  yield;
  return {
    from: {
      rows: { values, width: features.length },
      labels,
      classes,
      features: features.map(({ name }) => name),
      ids,
    },
    described: {
      target: target.name,
      classes,
      counts,
      features: features.map(({ name }) => name),
      rows: rows.length,
      dropped: named.length - rows.length,
      unnamed: table.rows - named.length,
      filled,
      warnings: warningsOf({ target, equal, classes, counts, folds: how.folds }),
      chance: Math.max(...counts) / rows.length,
    },
    places,
    rows,
    valuesOf: (row) => Float64Array.from(features, ({ at }) => at(row)),
    labelOf,
  };
}

function targetOf(table: Table, name: string): Column {
  const target = columnNamed(table, name);
  if (target !== null) return target;
  const names = table.columns.slice(0, NAMED).map((column) => `“${column.name}”`).join(", ");
  const more = table.columns.length > NAMED ? `, … (${table.columns.length} in all)` : "";
  throw refused(`no column is called “${name}”; there are ${names}${more}`);
}

function checkTarget(target: Column, rows: number): void {
  const { missing, distinct, usual } = target.profile;
  if (missing === rows) throw refused(`the target “${target.name}” has no value in any row`);
  if (distinct < 2) {
    throw refused(
      `the target “${target.name}” has the same value in every row, “${
        usual[0]?.value
      }”: there is nothing to tell apart`,
    );
  }
  if (distinct <= MAX_HEAD_CLASSES) return;
  const many = distinct < MAX_COUNTED ? `${distinct}` : `${grouped(MAX_COUNTED)} or more`;
  throw refused(
    `the target “${target.name}” has ${many} different values: expected 2 to ${MAX_HEAD_CLASSES} classes; ` +
      "numbers have to be put into groups first",
  );
}

/** The target's values in the rows that are used, numbers by size and words by the alphabet. */
function classesOf(target: Column, rows: Int32Array): readonly string[] {
  const values = [...new Set(Array.from(rows, (row) => cellText(target, row)))];
  if (values.length < 2) {
    throw refused(
      `expected rows of at least two classes, but all ${grouped(rows.length)} without missing values are “${
        values[0]
      }”`,
    );
  }
  return target.kind === "number"
    ? values.sort((a, b) => Number(a) - Number(b))
    : values.sort((a, b) => a < b ? -1 : a > b ? 1 : 0);
}

/** The columns that become features, in the table's order. */
function featureColumns(table: Table, target: Column, { leaveOut, keep }: Preparation): readonly Column[] {
  for (const name of [...leaveOut, ...keep]) {
    if (columnNamed(table, name) === null) throw refused(`no column is called “${name}”`);
  }
  const columns = table.columns.filter((column) => {
    if (column === target || leaveOut.includes(column.name)) return false;
    const kind = leftOutKind(column, table.rows);
    if (kind === "empty" || kind === "constant") return false;
    if (kind === "too-many-values" && keep.includes(column.name)) {
      throw refused(`“${column.name}” has too many different words to become features`);
    }
    return kind === null || (keep.includes(column.name) && column.kind === "number");
  });
  if (columns.length > 0) return columns;
  throw refused(
    "no column is left to tell the classes by: the others are constant, empty, numbers of rows, or left out",
  );
}

function placesWhere(rows: number, fits: (row: number) => boolean): Int32Array {
  return Int32Array.from(Int32Array.from({ length: rows }, (_, row) => row).filter(fits));
}

function missingIn(columns: readonly Column[], rows: Int32Array): number {
  return columns.reduce(
    (sum, column) => sum + rows.reduce((own, row) => own + (isMissing(column, row) ? 1 : 0), 0),
    0,
  );
}

function refusedMissing(columns: readonly Column[], rows: Int32Array): Error {
  const lacking = columns.map((column) => ({ column, missing: missingIn([column], rows) }))
    .filter(({ missing }) => missing > 0).sort((a, b) => b.missing - a.missing);
  const list = lacking.slice(0, NAMED).map(({ column, missing }) => `“${column.name}” ${missing}`).join(", ");
  const more = lacking.length > NAMED ? " and others" : "";
  const all = lacking.reduce((sum, { missing }) => sum + missing, 0);
  return refused(
    `${counted(all, "value")} ${
      all === 1 ? "is" : "are"
    } missing (${list}${more}); fill them with the median, drop their rows, or leave the columns out`,
  );
}

/** A number as it is; a word as 0 or 1 for each word, of two words for the second alone. What is missing is filled. */
function featuresOf(column: Column, rows: Int32Array): readonly Feature[] {
  if (column.kind === "number") {
    const middle = medianOf(Float64Array.from(rows, (row) => column.numbers[row] ?? NaN));
    const at = (row: number) => {
      const number = column.numbers[row] ?? NaN;
      return Number.isNaN(number) ? middle : number;
    };
    return [{ name: column.name, at }];
  }
  const counts = new Map<number, number>();
  for (const row of rows) {
    const place = column.places[row] ?? -1;
    if (place >= 0) counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  if (counts.size < 2) return [];
  const words = [...counts.keys()].sort((a, b) => (column.words[a] ?? "") < (column.words[b] ?? "") ? -1 : 1);
  const usual = [...counts].reduce((best, entry) => entry[1] > best[1] ? entry : best, [-1, 0])[0];
  return words.slice(words.length === 2 ? 1 : 0).map((word) => ({
    name: `${column.name} = ${column.words[word]}`,
    at(row) {
      const place = column.places[row] ?? -1;
      return (place < 0 ? usual : place) === word ? 1 : 0;
    },
  }));
}

function medianOf(values: Float64Array): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

function checkFeatures(features: readonly Feature[], columns: readonly Column[], rows: number): void {
  if (features.length === 0) {
    throw refused("no feature is left: every column is constant in the rows that are used");
  }
  if (features.length > MAX_TABLE_COLUMNS) {
    const wide = columns.filter(({ kind }) => kind === "words").map(({ name }) => `“${name}”`);
    throw refused(
      `expected at most ${MAX_TABLE_COLUMNS} features, got ${features.length} as words become one each; ` +
        `leave some of ${wide.slice(0, NAMED).join(", ")} out`,
    );
  }
  if (features.length * rows > MAX_TABLE_CELLS) {
    throw refused(
      `expected at most ${grouped(MAX_TABLE_CELLS)} numbers, got ${
        grouped(rows)
      } rows × ${features.length} features; leave columns out`,
    );
  }
}

function warningsOf({ target, equal, classes, counts, folds }: {
  readonly target: Column;
  /** Columns that say the same as the target. */
  readonly equal: readonly Column[];
  readonly classes: readonly string[];
  readonly counts: readonly number[];
  readonly folds: number;
}): TableWarning[] {
  const mirrored = equal.map((column): TableWarning => ({
    kind: "equals-target",
    column: column.name,
    words:
      `“${column.name}” says the same as the target “${target.name}” in other words: whatever is fitted will only ` +
      "read it off. Leave it out.",
  }));
  const rare = classes.flatMap((name, k): TableWarning[] => {
    const count = counts[k] ?? 0;
    return count >= folds ? [] : [{
      kind: "rare-class",
      column: target.name,
      words: `The class “${name}” has ${
        counted(count, "row")
      }: too few for each of the ${folds} folds to hold one.`,
    }];
  });
  return [...mirrored, ...rare];
}
