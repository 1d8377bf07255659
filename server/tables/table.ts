/** A table in memory, column by column. */

/** Numbers; NaN where the value is missing. */
export interface NumberColumn {
  readonly kind: "number";
  readonly name: string;
  readonly numbers: Float64Array<ArrayBuffer>;
  /** Words among the numbers, which count as missing. */
  readonly odd: number;
}

/** Words: each row has a place in `words`, −1 where the value is missing. */
export interface WordColumn {
  readonly kind: "words";
  readonly name: string;
  readonly places: Int32Array<ArrayBuffer>;
  readonly words: readonly string[];
}

/** A column's name and values. */
export type Cells = NumberColumn | WordColumn;

/** What a column looks like. */
export interface Profile {
  readonly missing: number;
  /** Different values; beyond `MAX_COUNTED` they are not counted. */
  readonly distinct: number;
  /** The most frequent values, as text. */
  readonly usual: readonly { readonly value: string; readonly rows: number }[];
  /** Whether it looks like numbers or names of the rows. */
  readonly identifier: boolean;
}

/** A column with what it looks like. */
export type Column = Cells & { readonly profile: Profile };

/** A table. */
export interface Table {
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly Column[];
  /** Columns whose name an earlier one has, and the names that they got. */
  readonly renamed: readonly { readonly from: string; readonly to: string }[];
}

/** A cell as text; empty where the value is missing. */
export function cellText(column: Cells, row: number): string {
  if (column.kind === "words") return column.words[column.places[row] ?? -1] ?? "";
  const value = column.numbers[row] ?? NaN;
  return Number.isNaN(value) ? "" : String(value);
}

/** Whether a value is missing. */
export function isMissing(column: Cells, row: number): boolean {
  return column.kind === "words" ? (column.places[row] ?? -1) < 0 : Number.isNaN(column.numbers[row] ?? NaN);
}

/** The column of a name, or null. */
export function columnNamed({ columns }: Pick<Table, "columns">, name: string): Column | null {
  return columns.find((column) => column.name === name) ?? null;
}
