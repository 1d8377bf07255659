import type { ColormapName } from "../../shared/colormaps.ts";
import { gradientOf } from "../map/gradient.ts";
import type { Scale } from "../../shared/moving_scale.ts";
import { scaleEnds } from "../ui/format.ts";

/** What the colours of a map mean. */
export interface LegendFacts {
  /** Whether the map has values below zero; then its colours are diverging, whatever is chosen. */
  readonly signed: boolean;
  readonly colormap: ColormapName;
  /** Null before the first map. */
  readonly scale: Scale | null;
  readonly unit: string;
  readonly title: string;
}

/** A colour bar with the numbers at its ends. */
export function Legend({ signed, colormap, scale, unit, title }: LegendFacts) {
  const name = signed ? "diverging" : colormap;
  const [low, high] = scale === null ? ["–", "–"] : scaleEnds(scale, signed);
  return (
    <div class="legend" title={title}>
      <span class="number">{low}</span>
      <span class="gradient" style={{ backgroundImage: gradientOf(name, !signed && name === "diverging") }} />
      <span class="number">{high}</span>
      <span class="muted">{unit}</span>
      {scale?.moving === true && <span class="muted small">scale is adapting</span>}
    </div>
  );
}
