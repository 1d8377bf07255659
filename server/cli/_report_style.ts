/** How a report looks; part of the page, so that it is one file. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d8dade, #33363c); --soft: light-dark(#5a6069, #9aa1ab);
  --surface: light-dark(#ffffff, #1a1c20); --accent: light-dark(#1f6feb, #6ea8fe); }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, "Segoe UI", sans-serif; font-variant-numeric: tabular-nums;
  background: light-dark(#f4f5f7, #101114); color: light-dark(#16181d, #eceef1); }
main { max-width: 1040px; margin: 0 auto; padding: 32px 16px; }
h1 { font-size: 24px; margin: 0; }
h2 { font-size: 20px; margin: 0 0 16px; overflow-wrap: anywhere; }
p { margin: 4px 0 0; }
.soft, figcaption, dt { color: var(--soft); }
section { margin-top: 24px; padding: 24px; border: 1px solid var(--line); border-radius: 12px; background: var(--surface); }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 280px), 1fr)); gap: 24px; }
figure { margin: 0; }
figure img { display: block; width: 100%; aspect-ratio: 1; border-radius: 8px; image-rendering: auto; }
figcaption { font-size: 14px; margin-top: 8px; }
.legend { height: 12px; border-radius: 6px; margin-top: 8px; }
.ends { display: flex; justify-content: space-between; font-size: 14px; color: var(--soft); }
ol { list-style: none; margin: 0 0 16px; padding: 0; }
li { margin-bottom: 8px; }
li > div:first-child { display: flex; justify-content: space-between; gap: 16px; }
li > div:first-child > :last-child { white-space: nowrap; }
li.target > div:first-child { font-weight: 600; color: var(--accent); }
.bar { height: 6px; border-radius: 3px; background: var(--line); }
.bar > div { height: 100%; border-radius: 3px; background: currentColor; min-width: 2px; }
li.target .bar > div { background: var(--accent); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 0; font-size: 14px; }
dd { margin: 0; overflow-wrap: anywhere; }
`;
