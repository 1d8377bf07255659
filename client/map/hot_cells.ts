/** What a cover hides where a map is hottest. Pure. */
import { COVER_SIDE } from "../../shared/cover.ts";
import { hottest } from "../../shared/region.ts";
import { resizeBilinear } from "../../shared/resize.ts";
import type { CellMap } from "./cell_map.ts";

/**
 * The cells of a cover where a map is largest, beside those that are covered already; null where it marks nothing.
 *
 * @param covered `[32, 32]`, 1 is covered: evidence that is interpolated into covered cells means nothing
 * @param share of the picture's area to be added, 0…1
 * @returns `[32, 32]`
 */
export function withHottest(
  map: CellMap | null,
  covered: Uint8Array<ArrayBuffer>,
  share: number,
): Uint8Array<ArrayBuffer> | null {
  if (map === null || map.rgb !== null) return null;
  const sides = { height: COVER_SIDE, width: COVER_SIDE };
  const values = resizeBilinear(map, sides).map((value, cell) => covered[cell] === 1 ? 0 : value);
  const hot = hottest({ ...sides, values }, share);
  if (hot.every((cell) => cell === 0)) return null;
  return covered.map((cell, at) => cell === 1 || hot[at] === 1 ? 1 : 0);
}
