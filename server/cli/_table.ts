/** Tables in the terminal: columns as wide as what they hold. */
import { printable } from "../../shared/printable.ts";

/** Space between two columns. */
const GAP = "  ";

/** Lays out rows of texts, the head first; the first `left` columns begin at the left, the others end at the right. */
export function tableOf(texts: readonly (readonly string[])[], left = 1): string[] {
  const rows = texts.map((row) => row.map(printable));
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from(
    { length: columns },
    (_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row.map((text, column) =>
      column < left ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0)
    ).join(GAP).trimEnd()
  );
}
