/** A table in memory, column by column. */

/** Numbers; NaN where the value is missing. */
export interface NumberColumn {
  readonly kind: "number";
  readonly name: string;
  readonly numbers: Float64Array;
  /** Words among the numbers, which count as missing. */
  readonly odd: number;
}

/** Words: each row has a place in `words`, −1 where the value is missing. */
export interface WordColumn {
  readonly kind: "words";
  readonly name: string;
  readonly places: Int32Array;
  readonly words: readonly string[];
}

export type Column = NumberColumn | WordColumn;

/** A table. */
export interface Table {
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly Column[];
  /** Columns whose name an earlier one has, and the names that they got. */
  readonly renamed: readonly { readonly from: string; readonly to: string }[];
}

/** A cell as text; empty where the value is missing. */
export function cellText(column: Column, row: number): string {
  if (column.kind === "words") return column.words[column.places[row] ?? -1] ?? "";
  const value = column.numbers[row] ?? NaN;
  return Number.isNaN(value) ? "" : String(value);
}

/** Whether a value is missing. */
export function isMissing(column: Column, row: number): boolean {
  return column.kind === "words" ? (column.places[row] ?? -1) < 0 : Number.isNaN(column.numbers[row] ?? NaN);
}

/** The column of a name, or null. */
export function columnNamed({ columns }: Pick<Table, "columns">, name: string): Column | null {
  return columns.find((column) => column.name === name) ?? null;
}
