/** The timeline as CSV: a line for each moment and class. Pure. */
import { csvField } from "../../../shared/csv_field.ts";
import { saidOf } from "./lines.ts";
import type { Moment } from "./moment.ts";

const COLUMNS = [
  "time",
  "seconds",
  "rank",
  "class",
  "label",
  "probability",
  "unsure",
  "explained",
  "method",
  "layer",
  "model",
] as const;

/**
 * Writes moments as CSV (RFC 4180).
 *
 * @param zeroMs time since 1970 at which the page's clock was 0, in ms
 * @returns `seconds` count from the first moment; `rank` is 0 of a class that is explained and not among the first
 */
export function timelineCsv(moments: readonly Moment[], zeroMs: number): string {
  const firstMs = moments[0]?.atMs ?? 0;
  const lines = moments.flatMap((moment) => {
    const { result, seen, atMs, capturedMs } = moment;
    return saidOf(moment).map((row) => {
      const fields: Readonly<Record<typeof COLUMNS[number], string | number>> = {
        time: new Date(zeroMs + capturedMs).toISOString(),
        seconds: ((atMs - firstMs) / 1_000).toFixed(3),
        rank: result.ranking.rows.indexOf(row) + 1,
        class: row.index,
        label: row.label,
        probability: row.probability.toFixed(4),
        unsure: result.ranking.unsure ? 1 : 0,
        explained: row.index === result.target.index ? 1 : 0,
        method: seen.view.method,
        layer: seen.view.layer ?? "",
        model: result.model,
      };
      return COLUMNS.map((column) => csvField(fields[column])).join(",");
    });
  });
  return [COLUMNS.join(","), ...lines, ""].join("\r\n");
}
