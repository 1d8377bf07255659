/** How the report of a table looks beside what every report has; part of the page, so that it is one file. */
import { CLASS_COLOURS } from "../../shared/class_colours.ts";
import { REPORT_STYLE } from "./_style.ts";

/** The CSS class of a class's colour. */
export function colourClass(index: number): string {
  return `c${index % CLASS_COLOURS.length}`;
}

export const TABLE_STYLE = `${REPORT_STYLE}
${CLASS_COLOURS.map(({ light, dark }, at) => `.c${at} { fill: light-dark(${light}, ${dark}); }`).join("\n")}
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
