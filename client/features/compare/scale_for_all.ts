/** One scale for several panes: the same colour then means the same number. Pure. */
import type { MapNature } from "../../../shared/map_values.ts";
import type { Scale } from "../../../shared/moving_scale.ts";

/** What the maps have in common that can be drawn on one scale. */
export interface ScaleKind {
  readonly unit: string;
  readonly nature: MapNature;
}

/** A map with the scale that it alone would have, or null. */
export interface ScaledMap extends ScaleKind {
  readonly scale: Scale | null;
}

/** The scale that holds all maps of the kind's unit, with its ends as the kind has them; null where there is none. */
export function scaleForAll(maps: readonly ScaledMap[], { unit, nature }: ScaleKind): Scale | null {
  const scales = maps.flatMap((map) =>
    map.scale !== null && map.unit === unit && map.nature.zero === nature.zero ? [map.scale] : []
  );
  const [first] = scales;
  if (first === undefined) return null;
  const widest = scales.reduce((most, one) => one.high > most.high ? one : most, first);
  const least = scales.reduce((less, one) => Math.min(less, one.low), first.low);
  const low = nature.signed ? -widest.high : nature.zero === "nothing" ? 0 : least;
  return { ...widest, low };
}
