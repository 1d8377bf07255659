/** What the colours of a map mean, in numbers. */
import { type Html, html } from "./_html.ts";
import { colourOn, type Scale } from "./scale.ts";
import { formatValue } from "./words.ts";

/** Colours named in a legend's gradient. */
const STOPS = 17;

/** Steps of colour of every colour map among the scales, for the legends to fill their bars with. */
export function gradientsOf(scales: Iterable<Scale>): Html[] {
  const byColours = new Map([...scales].map((scale) => [gradientId(scale), scale]));
  return [...byColours].map(([id, scale]) => {
    const stops = Array.from({ length: STOPS }, (_, stop) => {
      const share = stop / (STOPS - 1);
      const value = scale.low + (scale.high - scale.low) * share;
      return html`
        <stop offset="${share}" stop-color="rgb(${colourOn(scale, value).join(",")})" />
      `;
    });
    return html`<linearGradient id="${id}">${stops}</linearGradient>`;
  });
}

function gradientId({ colours }: Scale): string {
  return `colours-${colours}`;
}

/** A bar in the scale's colours with the numbers of its ends. */
export function legendOf(scale: Scale): Html {
  const { low, high, signed, unit, cut } = scale;
  const middle = signed ? html`<span>0</span>` : null;
  return html`
    <div class="legend">
      <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        <rect width="100" height="4" fill="url(#${gradientId(scale)})" />
      </svg>
      <p><span>${cut && low !== 0 ? "≤ " : ""}${formatValue(low)}</span>${middle}<span>${cut
        ? "≥ "
        : ""}${formatValue(high)} ${unit}</span></p>
    </div>
  `;
}
