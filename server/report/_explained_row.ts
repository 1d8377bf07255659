/** One row of a table, explained by a head. */
import { featureName, type HeadModel } from "../../shared/head_model.ts";
import type { ExplainedRow } from "../../shared/table_wire.ts";
import { barTable, PLAIN_BARS } from "./_bar_table.ts";
import { Html, html } from "./_html.ts";
import { colourClass } from "./_table_style.ts";
import { shortNumber } from "./_tree_svg.ts";

/** The places of the nodes that the row passes in the head's own tree; empty for other heads. */
export function litNodes(row: ExplainedRow | null): ReadonlySet<number> {
  if (row === null || row.explanation.kind !== "path") return new Set();
  const { steps, leaf } = row.explanation.path;
  return new Set([...steps.map(({ node }) => node), leaf]);
}

/** What the head says of the row, and why. */
export function explainedRow(head: HeadModel, row: ExplainedRow): Html {
  const { classes } = head;
  const named = classes[row.predicted] ?? "";
  const actual = row.actual === null ? "of no known class" : classes[row.actual] ?? "";
  const unseen = row.validated === null
    ? ""
    : ` While it was not seen, it was named ${classes[row.validated] ?? ""}.`;
  return html`
    <h3>Row ${row.row} explained</h3>
    <p>Named ${named} with ${(row.probability * 100).toFixed(1)} %; it is ${actual}.${unseen}</p>
    ${whyOf(head, row)}
  `;
}

function whyOf(head: HeadModel, { explanation: why, predicted, values }: ExplainedRow): Html {
  switch (why.kind) {
    case "contributions": {
      const two = head.classes.length === 2;
      const other = why.contributions[1 - predicted] ?? [];
      const bars = (why.contributions[predicted] ?? []).map((value, feature) => ({
        feature,
        name: `${featureName(head, feature)} (${shortNumber(values[feature] ?? 0)})`,
        value: two ? value - (other[feature] ?? 0) : value,
        deviation: null,
      })).sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
      return barTable(`What each value adds for ${head.classes[predicted]}`, bars, {
        signed: true,
        colours: two ? { above: colourClass(predicted), below: colourClass(1 - predicted) } : PLAIN_BARS,
      });
    }
    case "path":
      return html`<ol>${
        why.path.steps.map(({ feature, value, threshold, side }) =>
          html`<li>${featureName(head, feature)} is ${shortNumber(value)}, ${
            side === "left" ? "at most" : "more than"
          } ${shortNumber(threshold)}</li>`
        )
      }<li>In this leaf: ${
        why.path.counts.map((count, k) => `${head.classes[k]} ${count}`).join(", ")
      }</li></ol>`;
    case "votes":
      return html`
        <div class="wide">
          <table class="numbers">
            <caption>Votes of the trees</caption>
            <thead>
              <tr>
                <th scope="col">class</th>
                <th scope="col">trees</th>
                <th scope="col">probability</th>
              </tr>
            </thead>
            <tbody>${why.votes.map((count, k) =>
              html`
                <tr>
                  <th scope="row">${head.classes[k] ?? ""}</th>
                  <td>${count}</td>
                  <td>${((why.probabilities[k] ?? 0) * 100).toFixed(1)} %</td>
                </tr>
              `
            )}</tbody>
          </table>
        </div>
      `;
    case "neighbours":
      return html`
        <div class="wide">
          <table class="numbers">
            <caption>The rows that are most alike</caption>
            <thead>
              <tr>
                <th scope="col">row</th>
                <th scope="col">class</th>
                <th scope="col">cosine distance</th>
              </tr>
            </thead>
            <tbody>${why.neighbours.map(({ id, label, distance }) =>
              html`
                <tr>
                  <th scope="row">${id}</th>
                  <td>${head.classes[label] ?? ""}</td>
                  <td>${distance.toFixed(4)}</td>
                </tr>
              `
            )}</tbody>
          </table>
        </div>
      `;
    default: {
      const never: never = why;
      throw new TypeError(`Cannot write the explanation: ${never} is unknown`);
    }
  }
}
