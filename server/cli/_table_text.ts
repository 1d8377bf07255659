/** What is printed of a table that was explained. */
import { featureName, HEAD_NAMES, type HeadModel, type Tree } from "../../shared/head_model.ts";
import type { Bars, ExplainedRow, HeadResult, TableDocument } from "../../shared/table_wire.ts";
import { tableOf } from "./_table.ts";

/** Bars of each head that are printed. */
const BARS = 10;

/** Length of the longest bar, in characters. */
const BAR_WIDTH = 24;

/** Levels of a tree that are printed. */
const LEVELS = 4;

/** The text of a document. */
export function tableText(document: TableDocument): string {
  const { table, prepared, results, importance, explained, warnings } = document;
  const classes = prepared.classes.map((name, k) => `${name} ${prepared.counts[k] ?? 0}`).join(", ");
  const words = [...warnings, ...prepared.warnings, ...table.warnings].map((warning) => `! ${warning.words}`);
  return [
    `${table.name}: ${prepared.target} told by ${prepared.features.length} features, on ${prepared.rows} rows (${classes})`,
    ...words,
    "",
    ...comparison(results),
    `Always naming the most frequent class: ${percent(prepared.chance)}`,
    ...results.flatMap((result) => {
      const { kind } = result.head;
      const bars = importance.find(({ head }) => head === kind)?.bars ?? null;
      const row = explained.find(({ head }) => head === kind)?.row ?? null;
      return ["", ...headText(result), ...barsText(bars), ...(row === null ? [] : rowText(result.head, row))];
    }),
    "",
  ].join("\n");
}

function comparison(results: readonly HeadResult[]): readonly string[] {
  return tableOf([
    ["head", "accuracy", "±", "on fitted rows", "fitted in"],
    ...results.map(({ head, validation, fitted, ms }) => [
      HEAD_NAMES[head.kind],
      percent(validation.accuracy),
      percent(validation.deviation),
      percent(fitted),
      `${Math.round(ms)} ms`,
    ]),
  ]);
}

function headText({ head, words, bars }: HeadResult): readonly string[] {
  const tree = head.kind === "tree" ? treeText(head.tree, head) : [];
  return [`${HEAD_NAMES[head.kind]}. ${words}`, ...tree, ...barsText(bars)];
}

function barsText(bars: Bars | null): readonly string[] {
  if (bars === null) return [];
  return bars.series.flatMap(({ name, bars: own }) => {
    const most = Math.max(1e-300, ...own.map(({ value }) => Math.abs(value)));
    const lines = own.slice(0, BARS).map(({ name: feature, value }) => {
      const sign = value < 0 ? "−" : bars.signed ? "+" : "";
      return [
        `  ${feature}`,
        `${sign}${Math.abs(value).toFixed(4)}`,
        (value < 0 ? "░" : "█").repeat(Math.round((Math.abs(value) / most) * BAR_WIDTH)),
      ];
    });
    const more = own.length > BARS ? [`  … and ${own.length - BARS} more`] : [];
    const which = bars.signed ? ` (${name})` : "";
    return [`${bars.title}${which}:`, ...padded(lines), ...more];
  });
}

/** Columns as wide as what they hold, the bar last and as long as it is. */
function padded(lines: readonly (readonly string[])[]): readonly string[] {
  const rows = tableOf(lines.map(([name = "", value = ""]) => [name, value]));
  return rows.map((row, at) => `${row}  ${lines[at]?.[2] ?? ""}`.trimEnd());
}

function treeText({ nodes }: Tree, head: HeadModel): readonly string[] {
  const below = (place: number, level: number): readonly string[] => {
    const node = nodes[place];
    if (node === undefined) return [];
    const indent = "  ".repeat(level + 1);
    const counts = node.counts.map((count, k) => `${head.classes[k]} ${count}`).join(", ");
    if (node.feature < 0) return [`${indent}→ ${counts}`];
    const question = `${featureName(head, node.feature)} ≤ ${Number(node.threshold.toPrecision(4))}`;
    if (level === LEVELS) return [`${indent}${question}? … (${counts})`];
    return [
      `${indent}${question}? yes:`,
      ...below(node.left, level + 1),
      `${indent}no:`,
      ...below(node.right, level + 1),
    ];
  };
  return below(0, 0);
}

function rowText(head: HeadModel, row: ExplainedRow): readonly string[] {
  const name = (label: number | null) => label === null ? "unknown" : head.classes[label] ?? "";
  const first = `Row ${row.row} is ${name(row.actual)}, named ${name(row.predicted)} with ${
    percent(row.probability)
  }:`;
  return [first, ...whyText(head, row).map((line) => `  ${line}`)];
}

function whyText(head: HeadModel, { explanation: why, predicted, values }: ExplainedRow): readonly string[] {
  const short = (value: number) => String(Number(value.toPrecision(4)));
  switch (why.kind) {
    case "contributions": {
      const other = head.classes.length === 2 ? why.contributions[1 - predicted] ?? [] : [];
      const all = (why.contributions[predicted] ?? []).map((value, i) => ({
        i,
        value: value - (other[i] ?? 0),
      }));
      return all.sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, BARS).map(({ i, value }) =>
        `${featureName(head, i)} (${short(values[i] ?? 0)}) adds ${value < 0 ? "−" : "+"}${
          Math.abs(value).toFixed(3)
        }`
      );
    }
    case "path":
      return why.path.steps.map(({ feature, value, threshold, side }) =>
        `${featureName(head, feature)} ${short(value)} ${side === "left" ? "≤" : ">"} ${short(threshold)}`
      );
    case "votes":
      return why.votes.map((count, k) => `${count} trees name ${head.classes[k] ?? ""}`);
    case "neighbours":
      return why.neighbours.map(({ id, label, distance }) =>
        `row ${id}, ${head.classes[label] ?? ""}, at a distance of ${distance.toFixed(4)}`
      );
    default: {
      const never: never = why;
      throw new TypeError(`Cannot print the explanation: ${never} is unknown`);
    }
  }
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
