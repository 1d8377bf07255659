/** The trust meters of one map: the verdict, two curves with their baselines, and a plain sentence each. */
import { scoreUnit } from "../../shared/map_values.ts";
import type { OptionValues } from "../../shared/protocol.ts";
import { isBlindToClass, type Trust, type TrustCurve } from "../../shared/trust.ts";
import { areasOf, type CurveName, PLOT, type PlotLine, plotOf, rowsOf } from "../../shared/trust_plot.ts";
import { verdictReason, verdictTitle } from "../../shared/trust_words.ts";
import { type Html, html } from "./_html.ts";
import { formatShare, formatValue } from "./words.ts";

/** Writes the meters; `name`: of the class. */
export function trustOf(trust: Trust, name: string, options: OptionValues): Html {
  const { deletion, insertion, averageDrop, increased, completeness } = trust;
  const lines = [
    increased
      ? `With only the marked pixels left, ${name} gets more probable.`
      : `With only the marked pixels left, ${name} loses ${formatShare(averageDrop)} of its probability.`,
    randomLogitsWords(trust),
    ...(completeness === null
      ? []
      : [`The map adds up to the score but for ${formatValue(completeness)} ${scoreUnit(options)}.`]),
  ];
  return html`<div class="trust">
${verdict(trust)}
<p>${verdictReason(trust.verdict, name)}</p>
<div class="curves">
${
    curveOf(trust, "deletion", {
      name,
      title: "Deletion",
      across: "pixels taken away",
      words: `Taking the brightest pixels away first: ${ends(deletion)}. Lower is better.`,
    })
  }
${
    curveOf(trust, "insertion", {
      name,
      title: "Insertion",
      across: "pixels put back",
      words: `Putting the brightest pixels back first: ${ends(insertion)}. Higher is better.`,
    })
  }
</div>
${lines.map((line) => html`<p>${line}</p>`)}
</div>`;
}

function verdict({ verdict }: Trust): Html {
  const title = verdictTitle(verdict);
  return verdict.kind === "class-independent"
    ? html`<p class="badge">${title}</p>`
    : html`<p class="verdict" data-kind="${verdict.kind}">${title}</p>`;
}

function randomLogitsWords(trust: Trust): string {
  if (trust.randomLogits === null) {
    return "No dense layer yields the logits, so that there are no weights to draw at random.";
  }
  return `With random weights in the last layer the map keeps a rank correlation of ${
    formatValue(trust.randomLogits)
  }: ${isBlindToClass(trust) ? "it hardly depends on the class" : "it depends on the class"}.`;
}

function ends({ probabilities }: TrustCurve): string {
  return `from ${formatShare(probabilities[0] ?? 0)} to ${formatShare(probabilities.at(-1) ?? 0)}`;
}

interface CurveWords {
  /** Name of the class. */
  readonly name: string;
  readonly title: string;
  readonly across: string;
  readonly words: string;
}

function curveOf(trust: Trust, curve: CurveName, { name, title, across, words }: CurveWords): Html {
  const { lines, across: columns, up } = plotOf(trust, curve);
  const { width, height, left, right, top, bottom } = PLOT;
  return html`
    <div>
      <p class="axis">Probability of ${name}</p>
      <svg class="curve" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}: ${words}">
        ${up.map(({ at, text }) =>
          html`
            <path class="grid" d="M${left} ${at}H${right}" />
            <text x="${left - 6}" y="${at + 4}" text-anchor="end">${text}</text>
          `
        )} ${columns.map(({ at, text }) =>
          html`
            <path d="M${at} ${bottom}v4" />
            <text x="${at}" y="${bottom + 17}" text-anchor="middle">${text}</text>
          `
        )}
        <path d="M${left} ${top}V${bottom}H${right}" />
        ${lines.map(lineOf)}
        <text x="${(left + right) / 2}" y="${bottom + 36}" text-anchor="middle">${across}</text>
      </svg>
      ${legend}
      <p><b>${title} ${trust[curve].auc.toFixed(3)}</b> ${words}</p>
      ${numbers(trust, curve, `${title}: probability by ${across}`)}
    </div>
  `;
}

/** The baselines are paths, dashed, so that no colour has to be told apart. */
function lineOf({ name, points }: PlotLine): Html {
  return name === "map"
    ? html`<polyline points="${points}" />`
    : html`<path class="line ${name}" d="M${points.replaceAll(" ", "L")}" />`;
}

const legend = html`
  <p class="lines"><span class="line map">this map</span> <span class="line random">random maps</span> <span
      class="line centre"
    >from the centre</span></p>
`;

function numbers(trust: Trust, curve: CurveName, caption: string): Html {
  const areas = areasOf(trust, curve);
  return html`
    <details>
      <summary>Numbers</summary>
      <table class="figures">
        <caption>${caption}</caption>
        <thead>
          <tr>
            <th scope="col">Pixels</th>
            <th scope="col">This map</th>
            <th scope="col">Random maps</th>
            <th scope="col">From the centre</th>
          </tr>
        </thead>
        <tbody>
          ${rowsOf(trust, curve).map(({ share, map, random, centre }) =>
            html`
              <tr>
                <th scope="row">${formatShare(share)}</th>
                <td>${formatShare(map)}</td>
                <td>${formatShare(
                  random,
                )}</td>
                <td>${formatShare(centre)}</td>
              </tr>
            `
          )}
          <tr>
            <th scope="row">Area by these steps</th>
            <td>${areas.map.toFixed(3)}</td>
            <td>${areas.random.toFixed(3)}</td>
            <td>${areas.centre.toFixed(3)}</td>
          </tr>
        </tbody>
      </table>
    </details>
  `;
}
