/** From raw values to what is seen: one scale for all maps of a method, so that they can be compared. */
import { colormap, COLORMAP_ENTRIES, type ColormapName } from "../../shared/colormaps.ts";
import { type ExplainedMap, extent } from "../explain/mod.ts";
import { isLifted, unitOf } from "./_numbers.ts";

/** A map of more cells than this is fine: single px of it may lie beyond the ends of the scale. */
const FINE_CELLS = 1_000;

/** Share of a fine map's values that the scale has to hold. */
const HELD_SHARE = 0.98;

/** How the maps of one method are shown. */
export interface Scale {
  /** Value at the low end of the colour map: 0, −high for a signed map, the least value where zero means nothing. */
  readonly low: number;
  /** Value at its high end; 0 where nothing is to be seen. */
  readonly high: number;
  readonly colours: ColormapName;
  /** What the numbers are. */
  readonly unit: string;
  /** True where single values lie beyond the ends. */
  readonly cut: boolean;
}

/** The scale of some maps of one method; zero always has the same colour, and little evidence never looks like much. */
export function scaleOf(maps: readonly ExplainedMap[]): Scale {
  const [first] = maps;
  const signed = first !== undefined && isSigned(first);
  const sizes = maps.map(({ map }) =>
    map.values.map((value) => signed ? Math.abs(value) : Math.max(0, value))
  );
  const high = maps.reduce((most, { subject }, index) => {
    const values = sizes[index] ?? new Float32Array();
    return Math.max(most, subject === "network" ? largest(values) : held(values));
  }, 0);
  const lifted = first !== undefined && isLifted(first.method.id);
  const least = lifted ? maps.reduce((less, { map }) => Math.min(less, extent(map.values).min), high) : 0;
  return {
    low: signed ? 0 - high : least,
    high,
    colours: signed ? "diverging" : "viridis",
    unit: first === undefined ? "" : unitOf(first.method.id, first.options),
    cut: sizes.some((values) => values.some((value) => value > high)),
  };
}

/** The scale of every method among the maps of a run, by its id. */
export function scalesOf(maps: readonly ExplainedMap[]): ReadonlyMap<string, Scale> {
  const families = Map.groupBy(maps, ({ method }) => method.id);
  return new Map([...families].map(([id, family]) => [id, scaleOf(family)]));
}

/** True where a map shows both signs. */
export function isSigned({ method, options }: Pick<ExplainedMap, "method" | "options">): boolean {
  return method.signed || options["signed"] === true;
}

/** True where a map has nothing to show on its scale. */
export function isEmpty({ map, subject }: ExplainedMap, { low }: Scale): boolean {
  return subject === "picture" && !map.values.some((value) => low < 0 ? value !== 0 : value > 0);
}

/** Place of a value on the scale, 0…1. */
export function placeOn({ low, high }: Scale, value: number): number {
  return high === low ? 0 : Math.min(1, Math.max(0, (value - low) / (high - low)));
}

/** How much a value counts, 0…1, whichever its sign. */
export function strengthOn(scale: Scale, value: number): number {
  const place = placeOn(scale, value);
  return scale.low < 0 ? Math.abs(2 * place - 1) : place;
}

/** Colour of a value, 0…255 each. */
export function colourOn(scale: Scale, value: number): readonly [number, number, number] {
  const table = colormap(scale.colours);
  const at = 3 * Math.round(placeOn(scale, value) * (COLORMAP_ENTRIES - 1));
  return [table[at] ?? 0, table[at + 1] ?? 0, table[at + 2] ?? 0];
}

/** The largest value of a coarse map; of a fine one that below which nearly all lie, unless they are zero. */
function held(values: Float32Array): number {
  if (values.length <= FINE_CELLS) return largest(values);
  const most = values.toSorted()[Math.ceil(HELD_SHARE * values.length) - 1] ?? 0;
  return most > 0 ? most : largest(values);
}

function largest(values: Float32Array): number {
  return extent(values).max;
}
