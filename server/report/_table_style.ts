/** How the report of a table looks beside what every report has; part of the page, so that it is one file. */
import { REPORT_STYLE } from "./_style.ts";

/** Colours of classes, told apart by every kind of colour vision, in light and in dark; further classes begin again. */
const CLASS_COLOURS: readonly (readonly [light: string, dark: string])[] = [
  ["#0072b2", "#56b4e9"],
  ["#d55e00", "#ff9a4d"],
  ["#009e73", "#3fd0a2"],
  ["#cc79a7", "#e8a3c9"],
  ["#8a6d00", "#f0e442"],
  ["#5b4a9e", "#b6a5f5"],
  ["#666666", "#bdbdbd"],
  ["#7a2e2e", "#e08a8a"],
];

/** The CSS class of a class's colour. */
export function colourClass(index: number): string {
  return `c${index % CLASS_COLOURS.length}`;
}

export const TABLE_STYLE = `${REPORT_STYLE}
${CLASS_COLOURS.map(([light, dark], at) => `.c${at} { fill: light-dark(${light}, ${dark}); }`).join("\n")}
.warnings { margin: 16px 0 0; padding: 12px 16px; border-left: 4px solid var(--badge-line); background: var(--surface); }
.warnings p:first-child { margin-top: 0; }
.key svg { display: inline-block; width: 12px; height: 12px; border-radius: 3px; margin-right: 6px; vertical-align: -1px; }
.key { display: flex; flex-wrap: wrap; gap: 4px 16px; margin-top: 12px; font-size: 14px; }
.numbers td, .numbers thead th:not(:first-child) { text-align: right; white-space: nowrap; }
.bars td.bar { width: 45%; vertical-align: middle; text-align: left; }
.bars th { overflow-wrap: anywhere; }
.bars svg { display: block; width: 100%; height: 12px; }
.bars .above { fill: var(--accent); }
.bars .below { fill: var(--soft); }
.bars .zero { stroke: var(--soft); stroke-width: 1; vector-effect: non-scaling-stroke; }
.bars .spread { stroke: var(--text); stroke-width: 1; vector-effect: non-scaling-stroke; }
.tree { overflow-x: auto; margin-top: 12px; border: 1px solid var(--line); border-radius: 8px; padding: 8px; }
.tree svg { display: block; }
.tree text { font-size: 11px; fill: var(--text); text-anchor: middle; }
.tree .node { stroke: var(--line); }
.tree .paper { fill: var(--surface); }
.tree .edge { fill: none; stroke: var(--soft); }
.tree .lit { stroke: var(--accent); stroke-width: 3; }
.panel h3 { margin-top: 24px; }
details { margin-top: 12px; }
summary { cursor: pointer; color: var(--soft); min-height: 24px; }
.right-cell { font-weight: 600; }
@media print {
  .tree { overflow: visible; border: 0; }
  .tree svg { max-width: 100%; height: auto; }
}
`;
