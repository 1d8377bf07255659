/** The trust meters in the terminal. */
import { className, sharedNames } from "../../shared/labels.ts";
import type { ExplainedMap } from "../explain/mod.ts";
import { isBlindToClass } from "../../shared/trust.ts";
import { formatShare, formatValue } from "../report/mod.ts";
import { tableOf } from "./_table.ts";

const HEAD = ["Trust", "deletion", "insertion", "drop", "random logits", "completeness"];

/** Lays the meters out as a table, with a sentence for each map that does not depend on its class; empty without meters. */
export function trustText(maps: readonly ExplainedMap[]): string[] {
  const rows: string[][] = [];
  const notes: string[] = [];
  const targets = [...new Map(maps.map(({ target }) => [target.index, target])).values()];
  const shared = sharedNames(targets.map(({ label }) => label)).flatMap((at) => targets[at]?.index ?? []);
  for (const { method, target, trust } of maps) {
    if (trust === null) continue;
    const name = `${method.id} of ${className(target.index, target.label, shared)}`;
    rows.push([
      name,
      trust.deletion.auc.toFixed(3),
      trust.insertion.auc.toFixed(3),
      trust.increased ? "rises" : formatShare(trust.averageDrop),
      formatValue(trust.randomLogits),
      trust.completeness === null ? "–" : formatValue(trust.completeness),
    ]);
    if (isBlindToClass(trust)) {
      notes.push(`${name} hardly depends on the class: its map survives random logits.`);
    }
  }
  if (rows.length === 0) return [];
  return ["", ...tableOf([HEAD, ...rows]), "Deletion: lower is better; insertion: higher.", ...notes];
}
