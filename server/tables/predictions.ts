/** What every head said of every row while it was not fitted to it, as CSV. */
import { csvField } from "../../shared/csv_field.ts";
import type { FittedTable } from "./fit_table.ts";

/** What the loop is kept for at a time, in ms. */
const TURN_MS = 5;

/** The lines of the file: row, class, and class and probability by each head; empty where a head did not see the row. */
export function* predictionLines({ prepared, heads }: FittedTable): Generator<string, void, undefined> {
  const { from: { classes, labels }, rows } = prepared;
  const columns = [...heads.keys()].flatMap((kind) => [kind, `${kind} probability`]);
  yield line(["row", prepared.described.target, ...columns]);
  const all = [...heads.values()].map(({ sample, validation }) => ({
    validation,
    seen: sample === null ? null : new Map([...sample].map((place, at) => [place, at])),
  }));
  for (const [place, row] of rows.entries()) {
    const said = all.flatMap(({ seen, validation }) => {
      const at = seen === null ? place : seen.get(place) ?? -1;
      const named = classes[validation.predicted[at] ?? -1];
      return named === undefined ? ["", ""] : [named, (validation.probability[at] ?? 0).toFixed(4)];
    });
    yield line([row, classes[labels[place] ?? -1] ?? "", ...said]);
  }
}

/** The file as bytes, made in turns of the event loop. */
export async function* predictionsInTurns(
  table: FittedTable,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  let text = "";
  let sinceMs = performance.now();
  for (const line of predictionLines(table)) {
    text += line;
    if (performance.now() - sinceMs < TURN_MS) continue;
    yield new TextEncoder().encode(text);
    text = "";
    await new Promise((resolve) => setTimeout(resolve));
    sinceMs = performance.now();
  }
  yield new TextEncoder().encode(text);
}

function line(fields: readonly (string | number)[]): string {
  return `${fields.map(csvField).join(",")}\r\n`;
}
