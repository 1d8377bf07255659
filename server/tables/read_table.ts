/** Makes a table of a CSV file's bytes. */
import { MAX_TABLE_BYTES, MAX_TABLE_COLUMNS } from "../../shared/table_wire.ts";
import { type Delimiter, parseCsv } from "./csv.ts";
import { refused, tooLarge } from "./refused.ts";
import { profileOf } from "./_profile.ts";
import type { Cells, Table } from "./table.ts";

/** Longest name of a column, in characters. */
const MAX_NAME_CHARS = 100;

/** What stands for a value that is missing, in any case. */
const MISSING = new Set(["", "na", "n/a", "#n/a", "<na>", "nan", "null", "none", "?"]);

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const NUMBER_WITH_COMMA = /^[+-]?(?:\d+,?\d*|,\d+)(?:e[+-]?\d+)?$/i;

/** Share of a column's values that are numbers from which on the others are mistakes, and how many numbers that takes. */
const MOSTLY = 0.95;
const MANY_NUMBERS = 20;

/**
 * Reads a table.
 *
 * @throws GradcastError `table-bytes` or `table-refused`
 */
export function readTable(bytes: Uint8Array, name: string): Table {
  if (bytes.byteLength > MAX_TABLE_BYTES) throw tooLarge(bytes.byteLength);
  const { header, rows, delimiter } = parseCsv(textOf(bytes));
  if (header.length > MAX_TABLE_COLUMNS) {
    throw refused(`expected at most ${MAX_TABLE_COLUMNS} columns, got ${header.length}`);
  }
  if (header.length < 2) {
    throw refused(`expected at least two columns, the target and a feature, got ${header.length}`);
  }
  if (rows.length < 2) throw refused(`expected at least two rows below the names, got ${rows.length}`);
  const { names, renamed } = namesOf(header);
  const columns = names.map((own, at) => {
    const cells = cellsOf(own, rows.map((line) => (line[at] ?? "").trim()), delimiter);
    return { ...cells, profile: profileOf(cells, rows.length) };
  });
  return { name, rows: rows.length, columns, renamed };
}

function textOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const encoding = first === 0xff && second === 0xfe
    ? "utf-16le"
    : first === 0xfe && second === 0xff
    ? "utf-16be"
    : "utf-8";
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw refused("expected text in UTF-8, got other bytes; save the table as “CSV UTF-8”");
  }
  if (text.includes("\0")) throw refused("expected a text file with commas (CSV), got another kind of file");
  return text;
}

/** Names of the columns: none is empty, and no two are equal. */
function namesOf(
  header: readonly string[],
): { readonly names: readonly string[]; readonly renamed: Table["renamed"] } {
  const taken = new Set<string>();
  const renamed: { from: string; to: string }[] = [];
  const names = header.map((cell, at) => {
    const wanted = cell.trim().slice(0, MAX_NAME_CHARS) || `column ${at + 1}`;
    let name = wanted;
    for (let number = 2; taken.has(name); number++) name = `${wanted} (${number})`;
    taken.add(name);
    if (name !== wanted) renamed.push({ from: wanted, to: name });
    return name;
  });
  return { names, renamed };
}

function cellsOf(name: string, cells: readonly string[], delimiter: Delimiter): Cells {
  const numbers = new Float64Array(cells.length).fill(NaN);
  let [found, odd] = [0, 0];
  cells.forEach((cell, row) => {
    if (isMissingCell(cell)) return;
    const number = numberOf(cell, delimiter);
    if (number === null) odd++;
    else {
      numbers[row] = number;
      found++;
    }
  });
  if (odd === 0 || (found >= MANY_NUMBERS && found >= MOSTLY * (found + odd))) {
    return { kind: "number", name, numbers, odd };
  }
  const places = new Map<string, number>();
  const list = Int32Array.from(cells, (cell) => {
    if (isMissingCell(cell)) return -1;
    const place = places.get(cell) ?? places.size;
    places.set(cell, place);
    return place;
  });
  return { kind: "words", name, places: list, words: [...places.keys()] };
}

function isMissingCell(cell: string): boolean {
  return cell.length <= 4 && MISSING.has(cell.toLowerCase());
}

/** A cell's number, or null; where semicolons part the cells, a comma may part a number. */
function numberOf(cell: string, delimiter: Delimiter): number | null {
  const plain = NUMBER.test(cell)
    ? cell
    : delimiter === ";" && NUMBER_WITH_COMMA.test(cell)
    ? cell.replace(",", ".")
    : null;
  if (plain === null) return null;
  const number = Number(plain);
  return Number.isFinite(number) ? number : null;
}
