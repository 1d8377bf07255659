/** CSV as RFC 4180 has it, read in one pass: commas, semicolons or tabs, quotes, any ends of lines; bounded, and strict about quotes. */
import {
  MAX_CELL_CHARS,
  MAX_TABLE_CELLS,
  MAX_TABLE_COLUMNS,
  MAX_TABLE_ROWS,
} from "../../shared/table_wire.ts";
import { grouped } from "./_words.ts";
import { refused } from "./refused.ts";

/** What may stand between two cells. */
const DELIMITERS = [",", ";", "\t"] as const;
export type Delimiter = typeof DELIMITERS[number];

/** A table as text. */
export interface CsvTable {
  readonly header: readonly string[];
  /** Each as long as the header. */
  readonly rows: readonly (readonly string[])[];
  readonly delimiter: Delimiter;
}

/**
 * Reads a table whose first line has the names of the columns. Empty lines are left out.
 *
 * @throws GradcastError `table-refused` where quotes or numbers of cells do not fit, or a bound is passed
 */
export function parseCsv(text: string): CsvTable {
  const delimiter = delimiterOf(text);
  let header: readonly string[] | null = null;
  const rows: (readonly string[])[] = [];
  for (const { cells, line } of linesOf(text, delimiter)) {
    if (cells.length === 1 && cells[0]?.trim() === "") continue;
    if (header === null) {
      header = cells;
      continue;
    }
    if (cells.length !== header.length) {
      throw refused(
        `expected ${header.length} cells in each line as in the first one, got ${cells.length} in line ${line}`,
      );
    }
    if (rows.length === MAX_TABLE_ROWS) {
      throw refused(`expected at most ${grouped(MAX_TABLE_ROWS)} rows, got more; take a sample of them`);
    }
    rows.push(cells);
    if (rows.length * header.length > MAX_TABLE_CELLS) {
      throw refused(
        `expected at most ${
          grouped(MAX_TABLE_CELLS)
        } cells, got more; leave columns out, or take a sample of its rows`,
      );
    }
  }
  if (header === null) {
    throw refused("expected a first line with the names of the columns, got an empty file");
  }
  return { header, rows, delimiter };
}

/** What stands most often in the first line, outside of quotes. */
function delimiterOf(text: string): Delimiter {
  const end = text.search(/[\r\n]/);
  const first = (end < 0 ? text : text.slice(0, end)).replaceAll(/"[^"]*"/g, "");
  const counts = DELIMITERS.map((delimiter) => first.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ",";
}

/** The cells of each line, with the number of the line that it begins in, from 1. */
function* linesOf(
  text: string,
  delimiter: Delimiter,
): Generator<{ readonly cells: readonly string[]; readonly line: number }, void, undefined> {
  let [at, line] = [0, 1];
  while (at < text.length) {
    const cells: string[] = [];
    const first = line;
    for (let ended = false; !ended;) {
      if (cells.length > MAX_TABLE_COLUMNS) {
        throw refused(`expected at most ${MAX_TABLE_COLUMNS} columns, got more in line ${line}`);
      }
      const cell = text[at] === '"' ? quotedCell(text, at, line) : plainCell(text, at, delimiter, line);
      if (cell.text.length > MAX_CELL_CHARS) {
        throw refused(
          `expected at most ${grouped(MAX_CELL_CHARS)} characters in a cell, got more in line ${line}`,
        );
      }
      cells.push(cell.text);
      line += cell.lines;
      at = cell.end;
      if (text[at] === delimiter) at++;
      else if (at >= text.length || text[at] === "\r" || text[at] === "\n") ended = true;
      else throw refused(`expected a comma or the end of the line behind a closing quote, in line ${line}`);
    }
    if (text[at] === "\r" && text[at + 1] === "\n") at++;
    at++;
    line++;
    yield { cells, line: first };
  }
}

interface Cell {
  readonly text: string;
  /** Place behind it. */
  readonly end: number;
  /** Ends of lines in it. */
  readonly lines: number;
}

function plainCell(text: string, from: number, delimiter: Delimiter, line: number): Cell {
  let end = from;
  for (; end < text.length; end++) {
    const char = text[end];
    if (char === delimiter || char === "\r" || char === "\n") break;
    if (char === '"') {
      throw refused(
        `a quote stands inside a cell that does not begin with one, in line ${line}; write it twice in quotes`,
      );
    }
  }
  return { text: text.slice(from, end), end, lines: 0 };
}

function quotedCell(text: string, from: number, line: number): Cell {
  let part = "";
  let begin = from + 1;
  for (;;) {
    const end = text.indexOf('"', begin);
    // A quote that is never closed would make one cell of all the rest.
    if (end < 0 || end - from > 2 * MAX_CELL_CHARS) {
      throw refused(
        `a quote is opened in line ${line} and not closed within ${grouped(2 * MAX_CELL_CHARS)} characters`,
      );
    }
    part += text.slice(begin, end);
    if (text[end + 1] !== '"') {
      return { text: part, end: end + 1, lines: part.split(/\r\n|\r|\n/).length - 1 };
    }
    part += '"';
    begin = end + 2;
  }
}
