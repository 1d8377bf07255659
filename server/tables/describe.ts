/** What is said of a table before anything is fitted: its columns, which can be the target, and what to be careful of. */
import { MAX_HEAD_CLASSES } from "../../shared/head_model.ts";
import { MAX_ONE_HOT, type TableColumn, type TableInfo, type TableWarning } from "../../shared/table_wire.ts";
import { counted, grouped } from "./_words.ts";
import { MAX_COUNTED } from "./_profile.ts";
import type { Column, Table } from "./table.ts";

/** Longest value that is listed, in characters. */
const LISTED_CHARS = 60;

/** Names that targets often have. */
const TARGET_NAMES = /^(?:target|class|label|species|diagnosis|outcome|category|type|y)$/i;

/** Share of a column's values that may be missing before it is pointed out as mostly missing. */
const HALF = 0.5;

/** Columns, warnings and the column that looks most like a target. */
export function describeTable(table: Table): Pick<TableInfo, "rows" | "columns" | "suggested" | "warnings"> {
  const columns = table.columns.map((column) => ({ column, described: columnInfo(column, table.rows) }));
  return {
    rows: table.rows,
    columns: columns.map(({ described }) => described),
    suggested: suggestedTarget(columns.map(({ described }) => described)),
    warnings: [
      ...table.renamed.map(({ from, to }): TableWarning => ({
        kind: "renamed",
        column: to,
        words: `Two columns are called “${from}”: the later one is “${to}” here.`,
      })),
      ...columns.flatMap(({ column, described }) => warningsOf(column, described, table.rows)),
    ],
  };
}

/** Why a column is no feature unless it is asked for, as a kind of warning; null: it is one. */
export function leftOutKind(
  column: Column,
  rows: number,
): Extract<TableWarning["kind"], "empty" | "constant" | "identifier" | "too-many-values"> | null {
  const { distinct, missing, identifier } = column.profile;
  if (missing === rows) return "empty";
  if (distinct < 2) return "constant";
  if (identifier) return "identifier";
  return column.kind === "words" && distinct > MAX_ONE_HOT ? "too-many-values" : null;
}

function columnInfo(column: Column, rows: number): TableColumn {
  const { missing, distinct, usual } = column.profile;
  const leftOut = leftOutKind(column, rows);
  return {
    name: column.name,
    kind: missing === rows
      ? "empty"
      : column.kind === "number"
      ? "number"
      : distinct <= MAX_ONE_HOT
      ? "category"
      : "text",
    missing,
    distinct,
    range: column.kind === "number" && missing < rows ? rangeOf(column.numbers) : null,
    values: usual.map(({ value, rows }) => ({ value: value.slice(0, LISTED_CHARS), rows })),
    target: distinct >= 2 && distinct <= MAX_HEAD_CLASSES,
    leftOut: leftOut === null ? null : leftOutWords(leftOut, column),
  };
}

function rangeOf(numbers: Float64Array): NonNullable<TableColumn["range"]> {
  let [low, high, sum, count] = [Infinity, -Infinity, 0, 0];
  for (const number of numbers) {
    if (Number.isNaN(number)) continue;
    low = Math.min(low, number);
    high = Math.max(high, number);
    sum += number;
    count++;
  }
  return { low, mean: sum / count, high };
}

function leftOutWords(
  kind: NonNullable<ReturnType<typeof leftOutKind>>,
  { name, profile: { distinct } }: Column,
): string {
  switch (kind) {
    case "empty":
      return `“${name}” has no value in any row: it is left out.`;
    case "constant":
      return `“${name}” has the same value in every row: it is left out.`;
    case "identifier":
      return `“${name}” has another value in every row, as numbers and names of rows have: it is left out.`;
    case "too-many-values": {
      const many = distinct >= MAX_COUNTED ? `${grouped(MAX_COUNTED)} or more` : `${distinct}`;
      return `“${name}” has ${many} different words, more than the ${MAX_ONE_HOT} that become features: it is left out.`;
    }
    default: {
      const never: never = kind;
      throw new TypeError(`Cannot say why a column is left out: ${never} is unknown`);
    }
  }
}

function warningsOf(column: Column, { leftOut }: TableColumn, rows: number): TableWarning[] {
  const { name, profile } = column;
  const kind = leftOutKind(column, rows);
  const warnings: TableWarning[] = [];
  if (kind !== null && leftOut !== null) warnings.push({ kind, column: name, words: leftOut });
  if (column.kind === "number" && column.odd > 0) {
    warnings.push({
      kind: "mixed",
      column: name,
      words: `“${name}” has ${counted(column.odd, "word")} among its numbers, which count as missing.`,
    });
  }
  if (profile.missing > 0 && kind !== "empty") {
    const mostly = profile.missing > HALF * rows ? ", more than half: think of leaving it out" : "";
    warnings.push({
      kind: "missing",
      column: name,
      words: `“${name}” lacks ${counted(profile.missing, "value")}${mostly}.`,
    });
  }
  return warnings;
}

/** A column that is called like a target, or the last one with few different words or numbers. */
function suggestedTarget(columns: readonly TableColumn[]): string | null {
  const fit = columns.filter(({ target, leftOut }) => target && leftOut === null);
  const last = columns.at(-1);
  return (fit.find(({ name }) => TARGET_NAMES.test(name)) ??
    fit.find((column) => column === last && (column.kind === "category" || column.distinct <= 20)) ??
    fit.findLast(({ kind }) => kind === "category") ??
    fit.findLast(({ distinct }) => distinct <= 20))?.name ?? null;
}
