/** One self-contained page about a table and the heads that were fitted to it: nothing in it comes from elsewhere, or runs. */
import { HEAD_NAMES, type HeadModel } from "../../shared/head_model.ts";
import type { HeadResult, TableDocument } from "../../shared/table_wire.ts";
import { barTables } from "./_bar_table.ts";
import { explainedRow, litNodes } from "./_explained_row.ts";
import { Html, html } from "./_html.ts";
import { framedHead, framingOf, PAGE_END } from "./_page.ts";
import { colourClass, TABLE_STYLE } from "./_table_style.ts";
import { treeSvg, treeTable } from "./_tree_svg.ts";

/** The page has a style of its own, and no pictures. */
const FRAMING = framingOf(TABLE_STYLE);

/** What the page may do, as a Content-Security-Policy: its own style, and nothing else. */
export const TABLE_REPORT_POLICY = FRAMING.policy;

/** Writes the page. */
export function tableReport(document: TableDocument): string {
  const { table, prepared, results } = document;
  const { length } = prepared.features;
  const lead = html`
    <p>${prepared.classes.length} classes told apart by ${length} feature${length === 1
      ? ""
      : "s"}, on ${prepared.rows} rows.${usedWords(document)}</p>
    ${keyOf(document)}
  `;
  const body = html`
    ${warningsOf(document)}
    ${comparison(document)}
    ${results.map((result) => headSection(result, document))}
    ${columnsOf(document)}
    ${PAGE_END}
  `;
  return framedHead(`${prepared.target} in ${table.name}`, FRAMING, lead, body);
}

function usedWords({ prepared: { dropped, unnamed, filled } }: TableDocument): string {
  return [
    dropped > 0 ? ` ${dropped} rows with missing values were dropped.` : "",
    unnamed > 0 ? ` ${unnamed} rows have no class and were left out.` : "",
    filled > 0 ? ` ${filled} missing values were filled with the median, or the most frequent word.` : "",
  ].join("");
}

function keyOf({ prepared: { classes, counts } }: TableDocument): Html {
  return html`<p class="key">${
    classes.map((name, k) =>
      html`<span>${new Html(
        `<svg viewBox="0 0 12 12" aria-hidden="true"><rect class="${
          colourClass(k)
        }" width="12" height="12"/></svg>`,
      )}${name}: ${counts[k] ?? 0} rows</span>`
    )
  }</p>`;
}

function warningsOf({ table, prepared, warnings }: TableDocument): Html | null {
  const all = [...warnings, ...prepared.warnings, ...table.warnings];
  return all.length === 0
    ? null
    : html`<section class="warnings" aria-label="What to be careful of">${
      all.map(({ words }) => html`<p>${words}</p>`)
    }</section>`;
}

function comparison({ prepared, results }: TableDocument): Html {
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  return html`
    <section class="panel">
      <h2>The heads side by side</h2>
      <div class="wide">
        <table class="numbers">
          <caption>Accuracy on rows that were left out while fitting, mean and standard deviation over ${results[
            0
          ]?.validation.folds.length ?? 0} folds; always naming the most frequent class gives ${percent(
            prepared.chance,
          )}</caption>
          <thead>
            <tr>
              <th scope="col">head</th>
              <th scope="col">accuracy</th>
              <th scope="col">± deviation</th>
              <th scope="col">on fitted rows</th>
              <th scope="col">fitted in</th>
            </tr>
          </thead>
          <tbody>${results.map(({ head, validation, fitted, ms }) =>
            html`
              <tr>
                <th scope="row">${HEAD_NAMES[head.kind]}</th>
                <td>${percent(validation.accuracy)}</td>
                <td>${percent(validation.deviation)}</td>
                <td>${percent(fitted)}</td>
                <td>${Math.round(ms)} ms</td>
              </tr>
            `
          )}</tbody>
        </table>
      </div>
    </section>
  `;
}

function headSection(result: HeadResult, document: TableDocument): Html {
  const { head, words, bars } = result;
  const against = head.classes.length === 2 ? head.classes[0] ?? null : null;
  const row = document.explained.find((one) => one.head === head.kind)?.row ?? null;
  const permuted = document.importance.find((one) => one.head === head.kind)?.bars ?? null;
  return html`<section class="panel"><h2>${HEAD_NAMES[head.kind]}</h2>
    <p>${words}</p>
    ${drawingOf(head, litNodes(row))}
    ${row === null ? null : explainedRow(head, row)}
    ${bars === null ? null : html`<h3>Which columns count</h3>${barTables(bars, against)}`}
    ${permuted === null ? null : html`<h3>Permutation importance</h3>${barTables(permuted, null)}`}
    ${componentsOf(head)}
    ${confusionOf(result)}
  </section>`;
}

function drawingOf(head: HeadModel, lit: ReadonlySet<number>): Html | null {
  if (head.kind === "tree") return html`${treeSvg(head.tree, head, lit)}${treeTable(head.tree, head)}`;
  const [first] = head.kind === "forest" ? head.trees : [];
  return first === undefined
    ? null
    : html`<details><summary>The first of its trees</summary>${treeSvg(first, head, lit)}</details>`;
}

function componentsOf(head: HeadModel): Html | null {
  if (head.kind !== "pca-linear") return null;
  let sum = 0;
  return html`
    <details>
      <summary>Principal components</summary>
      <div class="wide">
        <table class="numbers">
          <caption>Share of the variance along each</caption>
          <thead>
            <tr>
              <th scope="col">component</th>
              <th scope="col">share</th>
              <th scope="col">together</th>
            </tr>
          </thead>
          <tbody>${head.explained.map((share, k) => {
            sum += share;
            return html`
              <tr>
                <th scope="row">${k + 1}</th>
                <td>${(share * 100).toFixed(2)} %</td>
                <td>${(sum * 100).toFixed(2)} %</td>
              </tr>
            `;
          })}</tbody>
        </table>
      </div>
    </details>
  `;
}

function confusionOf({ head: { classes }, validation: { confusion } }: HeadResult): Html {
  return html`
    <h3>What is taken for what</h3>
    <div class="wide">
      <table class="numbers">
        <caption>Rows by their class (downwards) and the class that they were given while they were left out (across)</caption>
        <thead>
          <tr><td></td>${classes.map((name) => html`<th scope="col">${name}</th>`)}</tr>
        </thead>
        <tbody>${classes.map((name, k) =>
          html`<tr><th scope="row">${name}</th>${
            classes.map((_, other) =>
              html`<td class="${k === other ? "right-cell" : ""}">${confusion[k]?.[other] ?? 0}</td>`
            )
          }</tr>`
        )}</tbody>
      </table>
    </div>
  `;
}

function columnsOf({ table }: TableDocument): Html {
  return html`<section class="panel"><h2>The table</h2>
    ${table.source === null ? null : html`<p>Source: ${table.source}.</p>`}
    <div class="wide"><table class="numbers"><caption>${table.rows} rows, ${table.columns.length} columns</caption>
    <thead><tr><th scope="col">column</th><th scope="col">kind</th><th scope="col">missing</th><th scope="col">different values</th><th scope="col">smallest</th><th scope="col">mean</th><th scope="col">largest</th></tr></thead><tbody>${
    table.columns.map(({ name, kind, missing, distinct, range }) =>
      html`<tr><th scope="row">${name}</th><td>${kind}</td><td>${missing}</td><td>${distinct}</td>${
        (range === null
          ? ["", "", ""]
          : [range.low, range.mean, range.high].map((value) => String(Number(value.toPrecision(5)))))
          .map((text) => html`<td>${text}</td>`)
      }</tr>`
    )
  }</tbody></table></div></section>`;
}
