import type { Trust } from "../../../shared/trust.ts";
import { percent } from "../../ui/format.ts";

/** Sides of the drawing; both axes go from 0 to 1. */
const WIDTH = 160;
const HEIGHT = 80;

/** How the probability goes while pixels are taken away or put back. */
export function Curve(
  { name, curve: { auc, probabilities }, words }: {
    readonly name: string;
    readonly curve: Trust["deletion"];
    readonly words: string;
  },
) {
  const last = Math.max(1, probabilities.length - 1);
  const points = probabilities
    .map((probability, step) => `${WIDTH * step / last},${HEIGHT * (1 - probability)}`)
    .join(" ");
  const [from = 0] = probabilities;
  const to = probabilities.at(-1) ?? 0;
  return (
    <figure class="trust-curve">
      <svg
        viewBox={`-1 -1 ${WIDTH + 2} ${HEIGHT + 2}`}
        role="img"
        aria-label={`${name}: the probability goes from ${percent(from)} to ${percent(to)}, area ${
          auc.toFixed(2)
        }`}
      >
        <polygon points={`0,${HEIGHT} ${points} ${WIDTH},${HEIGHT}`} />
        <path d={`M0 0V${HEIGHT}H${WIDTH}`} />
        <polyline points={points} />
      </svg>
      <figcaption>
        <b>
          {name} <span class="number">{auc.toFixed(2)}</span>
        </b>{" "}
        {words}
      </figcaption>
    </figure>
  );
}
