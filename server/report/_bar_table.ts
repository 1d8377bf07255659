/** Bars of features as a table: the name, the bar and the number in one row, so that nobody needs to see the bar. */
import type { BarOfFeature, Bars } from "../../shared/table_wire.ts";
import { Html, html } from "./_html.ts";
import { colourClass } from "./_table_style.ts";

/** Bars that stand open; the others are folded away. */
const OPEN = 15;

/** CSS classes of bars above 0 and below. */
export interface BarColours {
  readonly above: string;
  readonly below: string;
}

/** Colours of bars that are not about one of two classes. */
export const PLAIN_BARS: BarColours = { above: "above", below: "below" };

/** Everything of one kind of bars; of two classes `against` is the one that speaks below 0. */
export function barTables({ title, signed, series }: Bars, against: string | null): Html {
  const colours = signed && against !== null ? { above: colourClass(1), below: colourClass(0) } : PLAIN_BARS;
  return html`${
    series.map(({ name, bars }) => {
      const caption = !signed || series.length > 1 || against === null
        ? series.length > 1 ? `${title}: ${name}` : title
        : `${title}; above 0 speaks for ${name}, below for ${against}`;
      return barTable(caption, bars, { signed, colours });
    })
  }`;
}

/** One table of bars. */
export function barTable(
  caption: string,
  bars: readonly BarOfFeature[],
  look: { readonly signed: boolean; readonly colours: BarColours },
): Html {
  const most = Math.max(1e-300, ...bars.map(({ value, deviation }) => Math.abs(value) + (deviation ?? 0)));
  const scale = { most, ...look };
  const [open, folded] = [bars.slice(0, OPEN), bars.slice(OPEN)];
  return html`
    ${rowsOf(caption, open, scale)}
    ${folded.length === 0
      ? null
      : html`<details><summary>${folded.length} more</summary>${
        rowsOf(`${caption} (the others)`, folded, scale)
      }</details>`}
  `;
}

interface Scale {
  readonly most: number;
  readonly colours: BarColours;
  readonly signed: boolean;
}

function rowsOf(caption: string, bars: readonly BarOfFeature[], scale: Scale): Html {
  const spread = bars.some(({ deviation }) => deviation !== null);
  return html`
    <div class="wide">
      <table class="bars numbers">
        <caption>${caption}</caption>
        <thead>
          <tr><th scope="col">feature</th><td></td><th scope="col">value</th>${spread
            ? html`<th scope="col">± deviation</th>`
            : null}</tr>
        </thead>
        <tbody>${bars.map((bar) =>
          html`<tr><th scope="row">${bar.name}</th><td class="bar">${barSvg(bar, scale)}</td><td>${
            signedNumber(bar.value, scale.signed)
          }</td>${spread ? html`<td>${(bar.deviation ?? 0).toFixed(4)}</td>` : null}</tr>`
        )}</tbody>
      </table>
    </div>
  `;
}

/** A number with its sign and a real minus. */
export function signedNumber(value: number, signed: boolean): string {
  const text = Math.abs(value).toFixed(4);
  const sign = value < 0 ? "−" : signed ? "+" : "";
  return `${sign}${text}`;
}

function barSvg({ value, deviation }: BarOfFeature, { most, signed, colours }: Scale): Html {
  const zero = signed ? 100 : 0;
  const factor = (signed ? 100 : 200) / most;
  const at = (number: number) => (zero + number * factor).toFixed(2);
  const [from, to] = value < 0 ? [value, 0] : [0, value];
  const width = ((to - from) * factor).toFixed(2);
  const line = deviation === null || deviation === 0
    ? ""
    : `<line class="spread" x1="${at(Math.max(signed ? -most : 0, value - deviation))}" x2="${
      at(value + deviation)
    }" y1="6" y2="6"/>`;
  return new Html(
    `<svg viewBox="0 0 200 12" preserveAspectRatio="none" aria-hidden="true"><rect class="${
      value < 0 ? colours.below : colours.above
    }" x="${
      at(from)
    }" y="1" width="${width}" height="10"/><line class="zero" x1="${zero}" x2="${zero}" y1="0" y2="12"/>${line}</svg>`,
  );
}
