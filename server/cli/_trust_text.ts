/** The trust meters in the terminal. */
import { className, sharedNames } from "../../shared/labels.ts";
import type { ExplainedMap } from "../explain/mod.ts";
import { BASELINES, isBlindToClass, type Trust } from "../../shared/trust.ts";
import { BASELINE_NAMES, verdictReason, verdictTitle } from "../../shared/trust_words.ts";
import { formatShare, formatValue } from "../report/mod.ts";
import { tableOf } from "./_table.ts";

const HEAD = ["Trust", "deletion", "insertion", "drop", "random logits", "completeness"];

/** Lays the verdicts out, one sentence for each map, and the meters below them as a table; empty without meters. */
export function trustText(maps: readonly ExplainedMap[]): string[] {
  const rows: string[][] = [];
  const verdicts: string[] = [];
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
      trust.randomLogits === null ? "–" : formatValue(trust.randomLogits),
      trust.completeness === null ? "–" : formatValue(trust.completeness),
    ], ...BASELINES.map((baseline) => baselineRow(trust, baseline)));
    verdicts.push(verdictText(trust, { name, label: className(target.index, target.label, shared) }));
  }
  if (rows.length === 0) return [];
  return [
    "",
    ...verdicts,
    "",
    ...tableOf([HEAD, ...rows]),
    "Deletion: lower is better; insertion: higher.",
  ];
}

function baselineRow({ baselines }: Trust, name: typeof BASELINES[number]): string[] {
  const { deletion, insertion } = baselines[name];
  return [`  ${BASELINE_NAMES[name]}`, deletion.auc.toFixed(3), insertion.auc.toFixed(3)];
}

function verdictText(
  trust: Trust,
  { name, label }: { readonly name: string; readonly label: string },
): string {
  if (isBlindToClass(trust)) {
    return `${name} hardly depends on the class: its map survives random logits.`;
  }
  return `${name} is ${verdictTitle(trust.verdict).toLowerCase()}. ${verdictReason(trust.verdict, label)}`;
}
