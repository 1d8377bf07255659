/** The trust meters of one map: two small curves and a plain sentence each. */
import { scoreUnit } from "../../shared/map_values.ts";
import type { OptionValues } from "../../shared/protocol.ts";
import type { Curve, TrustReport } from "../methods/mod.ts";
import { type Html, html } from "./_html.ts";
import { formatShare, formatValue } from "./words.ts";
import { isBlindToClass } from "../../shared/trust.ts";

/** Sides of a curve's drawing; its axes run from 0 to 1. */
const WIDTH = 120;
const HEIGHT = 60;

/** Writes the meters. */
export function trustOf(trust: TrustReport, name: string, options: OptionValues): Html {
  const { deletion, insertion, averageDrop, increased, randomLogits, completeness } = trust;
  const lines = [
    increased
      ? `With only the marked pixels left, ${name} gets more probable.`
      : `With only the marked pixels left, ${name} loses ${formatShare(averageDrop)} of its probability.`,
    `With random weights in the last layer the map keeps a rank correlation of ${
      formatValue(randomLogits)
    }: ${isBlindToClass(trust) ? "it hardly depends on the class" : "it depends on the class"}.`,
    ...(completeness === null
      ? []
      : [`The map adds up to the score but for ${formatValue(completeness)} ${scoreUnit(options)}.`]),
  ];
  return html`<div class="trust">
${isBlindToClass(trust) ? html`<p class="badge">Does not depend on the class</p>` : null}
<div class="curves">
${
    curveOf(
      "Deletion",
      deletion,
      `Taking the brightest pixels away first: ${ends(deletion)}. Lower is better.`,
    )
  }
${
    curveOf(
      "Insertion",
      insertion,
      `Putting the brightest pixels back first: ${ends(insertion)}. Higher is better.`,
    )
  }
</div>
${lines.map((line) => html`<p>${line}</p>`)}
</div>`;
}

function ends({ probabilities }: Curve): string {
  return `from ${formatShare(probabilities[0] ?? 0)} to ${formatShare(probabilities.at(-1) ?? 0)}`;
}

function curveOf(name: string, { auc, probabilities }: Curve, words: string): Html {
  const last = Math.max(1, probabilities.length - 1);
  const points = probabilities.map((probability, step) =>
    `${(WIDTH * step / last).toFixed(1)},${(HEIGHT * (1 - probability)).toFixed(1)}`
  );
  return html`
    <div>
      <svg class="curve" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${name}: ${words}">
        <polygon points="0,${HEIGHT} ${points.join(" ")} ${WIDTH},${HEIGHT}" />
        <polyline points="${points.join(" ")}" />
        <path d="M0 0V${HEIGHT}H${WIDTH}" />
      </svg>
      <p><b>${name} ${auc.toFixed(3)}</b> ${words}</p>
    </div>
  `;
}
