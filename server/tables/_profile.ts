/** What a column looks like: how many values it has, which ones, and whether it numbers the rows. */
import { type Cells, cellText, type Column, isMissing, type Profile } from "./table.ts";

/** Different values that are counted; of more it is only known that there are that many. */
export const MAX_COUNTED = 1_000;

/** Most frequent values that are remembered. */
const REMEMBERED = 10;

/** Share of different values from which on words are taken for names of rows, and rows that this takes. */
const NEARLY_ALL = 0.9;
const SOME_ROWS = 20;

const NAMES_ROWS =
  /^(?:id|ids|index|idx|no|nr|number|row|key|uuid|guid|unnamed: ?\d+|column 1)$|[ _-]id$|^id[ _-]/i;

/** Looks at a column. */
export function profileOf(column: Cells, rows: number): Profile {
  const counts = new Map<string | number, number>();
  let missing = 0;
  for (let row = 0; row < rows; row++) {
    if (isMissing(column, row)) {
      missing++;
      continue;
    }
    const key = (column.kind === "words" ? column.places[row] : column.numbers[row]) ?? 0;
    const before = counts.get(key);
    if (before !== undefined || counts.size < MAX_COUNTED) counts.set(key, (before ?? 0) + 1);
  }
  const textOf = (key: string | number) =>
    column.kind === "words" ? column.words[Number(key)] ?? "" : String(key);
  return {
    missing,
    distinct: counts.size,
    usual: [...counts].sort((a, b) => b[1] - a[1]).slice(0, REMEMBERED)
      .map(([key, count]) => ({ value: textOf(key), rows: count })),
    identifier: numbersRows(column, rows, missing),
  };
}

function numbersRows(column: Cells, rows: number, missing: number): boolean {
  if (missing === rows) return false;
  if (column.kind === "words") {
    return column.words.length >= NEARLY_ALL * (rows - missing) && rows - missing > SOME_ROWS;
  }
  const { numbers } = column;
  if (missing > 0 || !numbers.every(Number.isSafeInteger) || new Set(numbers).size < rows) return false;
  if (rows <= SOME_ROWS && !NAMES_ROWS.test(column.name)) return false;
  const [low, high] = [numbers.reduce((a, b) => Math.min(a, b)), numbers.reduce((a, b) => Math.max(a, b))];
  return high - low === rows - 1 || NAMES_ROWS.test(column.name);
}

/** Whether each value of a column goes with one value of another, and the other way round. */
export function mirrors(column: Column, other: Column, rows: number): boolean {
  const there = new Map<string, string>();
  const back = new Map<string, string>();
  for (let row = 0; row < rows; row++) {
    if (isMissing(column, row) || isMissing(other, row)) continue;
    const [own, its] = [cellText(column, row), cellText(other, row)];
    if ((there.get(own) ?? its) !== its || (back.get(its) ?? own) !== own) return false;
    there.set(own, its);
    back.set(its, own);
    if (there.size > MAX_COUNTED) return false;
  }
  return there.size > 1;
}
