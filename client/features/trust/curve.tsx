/** One of the two curves with both baselines: a drawing, its legend, and the same numbers as a table. */
import type { Trust } from "../../../shared/trust.ts";
import { areasOf, type CurveName, PLOT, type PlotLine, plotOf, rowsOf } from "../../../shared/trust_plot.ts";
import { percent } from "../../ui/format.ts";

/** What the curves are called, and what their axes are. */
const NAMES: Readonly<Record<CurveName, { readonly title: string; readonly across: string }>> = {
  deletion: { title: "Deletion", across: "pixels taken away" },
  insertion: { title: "Insertion", across: "pixels put back" },
};

/** Properties of a curve. */
export interface CurveProps {
  readonly curve: CurveName;
  readonly trust: Trust;
  /** Name of the class. */
  readonly label: string;
  readonly words: string;
}

/** How the probability goes while pixels are taken away or put back. */
export function CurveFigure({ curve, trust, label, words }: CurveProps) {
  const { title } = NAMES[curve];
  const areas = areasOf(trust, curve);
  return (
    <figure class="trust-curve">
      <figcaption>
        <b>
          {title} <span class="number">{trust[curve].auc.toFixed(2)}</span>
        </b>{" "}
        {words}
      </figcaption>
      <p class="trust-axis muted">Probability of {label}</p>
      <Drawing curve={curve} trust={trust} label={label} />
      <ul class="trust-legend" aria-label="Areas under the lines">
        <li data-line="map">this map {areas.map.toFixed(2)}</li>
        <li data-line="random">random maps {areas.random.toFixed(2)}</li>
        <li data-line="centre">from the centre {areas.centre.toFixed(2)}</li>
      </ul>
      <Numbers curve={curve} trust={trust} label={label} />
    </figure>
  );
}

function Drawing({ curve, trust, label }: Omit<CurveProps, "words">) {
  const { lines, across, up } = plotOf(trust, curve);
  const { title, across: axis } = NAMES[curve];
  const { width, height, left, right, top, bottom } = PLOT;
  const { auc, probabilities } = trust[curve];
  const [from = 0] = probabilities;
  const ends = `from ${percent(from)} to ${percent(probabilities.at(-1) ?? 0)}`;
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={`${title}: the probability of ${label} goes ${ends}, area ${auc.toFixed(2)}`}
    >
      {up.map(({ at, text }) => (
        <g key={text}>
          <path class="trust-grid" d={`M${left} ${at}H${right}`} />
          <text x={left - 6} y={at + 4} text-anchor="end">{text}</text>
        </g>
      ))}
      {across.map(({ at, text }) => (
        <g key={text}>
          <path d={`M${at} ${bottom}v4`} />
          <text x={at} y={bottom + 17} text-anchor="middle">{text}</text>
        </g>
      ))}
      <path d={`M${left} ${top}V${bottom}H${right}`} />
      {lines.map(({ name, points }: PlotLine) => <polyline key={name} data-line={name} points={points} />)}
      <text x={(left + right) / 2} y={bottom + 36} text-anchor="middle">{axis}</text>
    </svg>
  );
}

function Numbers({ curve, trust, label }: Omit<CurveProps, "words">) {
  const { title, across } = NAMES[curve];
  return (
    <details>
      <summary>{title} in numbers</summary>
      <table>
        <caption class="visually-hidden">{title}: probability of {label} by {across}</caption>
        <thead>
          <tr>
            <th scope="col">{across}</th>
            <th scope="col">this map</th>
            <th scope="col">random maps</th>
            <th scope="col">from the centre</th>
          </tr>
        </thead>
        <tbody>
          {rowsOf(trust, curve).map(({ share, map, random, centre }) => (
            <tr key={share}>
              <th scope="row">{percent(share)}</th>
              {[map, random, centre].map((value, at) => <td key={at} class="number">{percent(value)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
