/** How a report looks, on a screen in either theme and on A4; part of the page, so that it is one file. */
export const REPORT_STYLE = `
:root { color-scheme: light dark;
  --page: light-dark(#f4f5f7, #101114); --surface: light-dark(#ffffff, #1a1c20); --line: light-dark(#d8dade, #33363c);
  --text: light-dark(#16181d, #eceef1); --soft: light-dark(#59606a, #a3aab4); --accent: light-dark(#1a5fd0, #7db1ff);
  --badge: light-dark(#8a3b00, #ffb27a); --badge-line: light-dark(#d98c4a, #8a5a2e); }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body { margin: 0; font: 16px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; font-variant-numeric: tabular-nums;
  background: var(--page); color: var(--text); }
main { max-width: 1200px; margin: 0 auto; padding: 32px 24px 48px; }
h1, h2, h3, h4 { line-height: 1.25; margin: 0; overflow-wrap: anywhere; }
h1 { font-size: 32px; letter-spacing: -0.01em; }
h2 { font-size: 22px; margin-bottom: 16px; }
h3 { font-size: 17px; }
h4 { font-size: 16px; }
p { margin: 8px 0 0; }
code { font: 0.85em ui-monospace, Menlo, Consolas, monospace; color: var(--soft); }
a { color: inherit; text-underline-offset: 3px; }
a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 8px; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 2px 12px; margin: 12px 0 0; font-size: 14px; }
dt, .soft, caption { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
.held { position: absolute; width: 0; height: 0; overflow: hidden; }
.brand { margin: 0 0 8px; color: var(--soft); font-size: 14px; font-weight: 600; }
.hint { display: none; color: var(--soft); }
article, .panel { margin-top: 24px; padding: 24px; border: 1px solid var(--line); border-radius: 12px;
  background: var(--surface); }
nav ol { list-style: none; margin: 24px 0 0; padding: 0; display: grid; gap: 12px;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 230px), 1fr)); }
nav a { display: flex; gap: 12px; align-items: center; text-decoration: none; padding: 8px; border-radius: 10px;
  border: 1px solid var(--line); background: var(--surface); min-height: 44px; }
nav .photo { width: 48px; flex: none; border-radius: 6px; }
nav a > span { display: grid; min-width: 0; }
nav b { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
nav a span span { font-size: 14px; }
.compared { margin-top: 32px; }
.compared > h2 { margin-bottom: 0; }
.models { display: grid; gap: 0 24px; align-items: start; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr)); }
.models > div { min-width: 0; }
.models .top { grid-template-columns: minmax(0, 160px) minmax(0, 1fr); }
.models .predictions .bar { display: none; }
figure { margin: 0; min-width: 0; }
.photo { display: block; width: 100%; height: auto; border-radius: 8px; overflow: hidden; }
.top { display: grid; gap: 24px; align-items: start; grid-template-columns: minmax(0, 256px) minmax(0, 1fr); }
.top figcaption { font-size: 14px; margin-top: 8px; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; font-size: 14px; padding-bottom: 4px; }
th { text-align: left; font-weight: inherit; }
thead th, thead td { font-size: 14px; color: var(--soft); }
td, th { padding: 6px 0; vertical-align: baseline; border-bottom: 1px solid var(--line); }
td + td, th + td, td + th, th + th { padding-left: 16px; }
tbody tr:last-child > * { border-bottom: 0; }
.predictions td:not(.bar), .predictions thead th:not(:first-child), .figures td, .figures thead th:not(:first-child) {
  text-align: right; white-space: nowrap; }
.predictions tbody th { overflow-wrap: anywhere; }
.predictions .bar { width: 30%; vertical-align: middle; }
.predictions .bar svg { display: block; width: 100%; height: 8px; border-radius: 4px; }
.track { fill: var(--line); }
.fill { fill: var(--soft); }
.target th, .target td:not(.soft) { color: var(--accent); font-weight: 600; }
.target .soft { font-weight: 400; }
.target .fill { fill: var(--accent); }
.wide { overflow-x: auto; margin-top: 12px; }
.figures thead th { vertical-align: bottom; }
.figures thead .soft { display: block; font-size: 12px; }
h3 .soft, h4 .soft { display: block; font-size: 14px; font-weight: 400; }
.families, .maps { display: flex; flex-wrap: wrap; }
.families { gap: 32px 32px; margin-top: 32px; }
.maps { gap: 32px 24px; align-items: start; }
.family .maps { margin-top: 8px; }
.map { width: 254px; }
.map .photo { margin-top: 8px; }
.veil { transition: opacity 0.12s; }
.own { image-rendering: pixelated; }
.legend svg { display: block; width: 100%; height: 10px; border-radius: 5px; margin-top: 10px; }
.legend p { display: flex; justify-content: space-between; gap: 8px; margin: 4px 0 0; font-size: 14px; color: var(--soft); }
.none { font-weight: 600; }
.map dl { margin-top: 8px; }
.trust { margin-top: 12px; padding-top: 12px; border-top: 1px solid var(--line); font-size: 14px; }
.curves { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 260px), 1fr)); gap: 12px; }
.curves p { color: var(--soft); font-size: 13px; margin-top: 4px; }
.curves b { display: block; color: var(--text); white-space: nowrap; }
.curve { display: block; width: 100%; height: auto; overflow: visible; }
.curve polyline { fill: none; stroke: var(--accent); stroke-width: 2.5; vector-effect: non-scaling-stroke; }
.curve path { fill: none; stroke: var(--soft); stroke-width: 1; vector-effect: non-scaling-stroke; }
.curve .grid { stroke: var(--line); }
.curve .line { stroke: var(--text); stroke-width: 1.5; }
.curve .random { stroke-dasharray: 7 4; }
.curve .centre { stroke-dasharray: 2 3; }
.curve text { fill: var(--soft); font-size: 12px; }
.curves .lines { display: flex; flex-wrap: wrap; gap: 0 16px; color: var(--text); }
.lines .line::before { content: ""; display: inline-block; width: 24px; margin-right: 6px; vertical-align: middle;
  border-top: 1.5px dashed var(--text); }
.lines .map::before { border-top: 2.5px solid var(--accent); }
.lines .centre::before { border-top-style: dotted; }
.curves details { font-size: 13px; }
.verdict { margin: 0; font-size: 17px; font-weight: 600; }
.verdict::before { content: "● "; color: var(--accent); }
.verdict[data-kind="doubtful"]::before { content: "○ "; color: var(--badge); }
.badge { display: inline-block; margin: 0 0 12px; padding: 2px 10px; border: 1px solid var(--badge-line); border-radius: 999px;
  color: var(--badge); font-size: 13px; font-weight: 600; white-space: nowrap; }
td .badge, th .badge { margin: 0 0 0 8px; }
.methods { display: grid; gap: 24px 32px; grid-template-columns: repeat(auto-fill, minmax(min(100%, 400px), 1fr)); }
@media (hover: hover) {
  .hint { display: inline; }
  .map .photo:hover .veil { opacity: 0; }
}
@media (max-width: 640px) {
  main { padding: 20px 12px 32px; }
  h1 { font-size: 26px; }
  article, .panel { padding: 16px; border-radius: 10px; }
  .top { grid-template-columns: minmax(0, 1fr); }
  .predictions .bar { display: none; }
  .family, .map { width: 100%; }
}
@media (prefers-reduced-motion: reduce) {
  html { scroll-behavior: auto; }
  .veil { transition: none; }
}
@media print {
  @page { size: A4; margin: 14mm; }
  :root { color-scheme: light; --page: #fff; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { font-size: 9.5pt; }
  h1 { font-size: 20pt; }
  h2 { font-size: 14pt; margin-bottom: 3mm; }
  h3 { font-size: 11pt; }
  h4 { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  article, .panel { border: 0; padding: 0; margin-top: 9mm; }
  nav, .hint { display: none; }
  h2, h3, h4, caption { break-after: avoid; }
  .map, .top, tr, .methods > section, .panel > dl { break-inside: avoid; }
  td, th { padding: 1mm 0; }
  .wide { overflow: visible; }
  .top { grid-template-columns: 42mm minmax(0, 1fr); gap: 6mm; }
  .families { gap: 6mm; margin-top: 5mm; }
  .maps { gap: 6mm 4mm; }
  .family { width: auto; }
  .map { width: 42mm; }
  .methods { grid-template-columns: 1fr 1fr; gap: 5mm 8mm; }
  dl, caption, thead th, .legend p, .trust, .top figcaption, h3 .soft, h4 .soft { font-size: 8pt; }
  .curves { gap: 3mm; }
  .curves p, .curves b, .badge { font-size: 7pt; }
  .curves b { white-space: normal; }
  .badge { white-space: normal; border-radius: 3mm; padding: 0 2mm; margin-bottom: 2mm; }
}
`;
