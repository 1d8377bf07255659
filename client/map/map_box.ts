/** The box around the strongest region of a map that is shown. Pure. */
import type { MapNature } from "../../shared/map_values.ts";
import { type Box, strongestRegion } from "../../shared/region.ts";
import type { CellMap } from "./cell_map.ts";

/** The box, or null where there is no map, no evidence, or a picture in its own colours. */
export function boxOfMap(
  map: CellMap | null,
  { zero }: Pick<MapNature, "zero">,
  threshold: number,
): Box | null {
  if (map === null || map.rgb !== null) return null;
  return strongestRegion(map, { threshold, zero })?.box ?? null;
}
