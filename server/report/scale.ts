/** From raw values to what is seen: one scale for all maps of a method, so that they can be compared. */
import { colormap, COLORMAP_ENTRIES, type ColormapName } from "../../shared/colormaps.ts";
import {
  type DisplayRange,
  displayRange,
  isWithoutEvidence,
  placeOn as placeOnRange,
  strengthOn as strengthOnRange,
  union,
} from "../../shared/display_range.ts";
import { type MapNature, natureOf, unitOf } from "../../shared/map_values.ts";
import type { ExplainedMap } from "../explain/mod.ts";

/** How the maps of one method are shown; both ends are 0 where nothing is to be seen. */
export interface Scale extends DisplayRange {
  /** True where values below zero mean something, and zero lies in the middle. */
  readonly signed: boolean;
  readonly colours: ColormapName;
  /** What the numbers are. */
  readonly unit: string;
  /** True where single values lie beyond the ends. */
  readonly cut: boolean;
}

/** The scale that holds what each of some maps of one method would be shown on: little evidence never looks like much. */
export function scaleOf(maps: readonly ExplainedMap[]): Scale {
  const [first] = maps;
  const signed = first !== undefined && natureOfMap(first).signed;
  const { low, high } = maps.map((one) => displayRange(one.map.values, natureOfMap(one)))
    .filter((range) => range !== null)
    .reduce<DisplayRange | null>((all, range) => all === null ? range : union(all, range), null) ??
    { low: 0, high: 0 };
  return {
    low,
    high,
    signed,
    colours: signed ? "diverging" : "viridis",
    unit: first === undefined ? "" : unitOf(first.method, first.options),
    cut: maps.some(({ map }) => map.values.some((value) => (signed ? Math.abs(value) : value) > high)),
  };
}

/** The scale of every method among the maps of a run, by its id. */
export function scalesOf(maps: readonly ExplainedMap[]): ReadonlyMap<string, Scale> {
  const families = Map.groupBy(maps, ({ method }) => method.id);
  return new Map([...families].map(([id, family]) => [id, scaleOf(family)]));
}

/** True where a map of the picture says that nothing speaks for its class. */
export function isEmpty(explained: ExplainedMap): boolean {
  return explained.subject === "picture" && isWithoutEvidence(explained.map.values, natureOfMap(explained));
}

/** Place of a value on the scale, 0…1. */
export function placeOn(scale: Scale, value: number): number {
  return placeOnRange(scale, value);
}

/** How much a value counts, 0…1, whichever its sign. */
export function strengthOn(scale: Scale, value: number): number {
  return strengthOnRange(scale, scale.signed, value);
}

/** Colour of a value, 0…255 each. */
export function colourOn(scale: Scale, value: number): readonly [number, number, number] {
  const table = colormap(scale.colours);
  const at = 3 * Math.round(placeOn(scale, value) * (COLORMAP_ENTRIES - 1));
  return [table[at] ?? 0, table[at + 1] ?? 0, table[at + 2] ?? 0];
}

function natureOfMap({ method, options }: Pick<ExplainedMap, "method" | "options">): MapNature {
  return natureOf(method, options);
}
