/** What the methods share that take many samples of one frame and show the mean as it grows. */
import { extentProperty } from "../../../shared/map_extent.ts";
import { MAX_BATCH_ROWS } from "../../engine/port.ts";
import type { MapTile, MethodContext, RawMap } from "../method.ts";

/**
 * Cuts samples into groups: as few batches as can be on a still picture, as even as can be, since a small one costs
 * more for each of its rows; single rows on a moving one, to give way at once.
 */
export function groupsOf<Sample>(
  samples: readonly Sample[],
  { still }: Pick<MethodContext, "still">,
): Sample[][] {
  const count = still ? Math.ceil(samples.length / MAX_BATCH_ROWS) : samples.length;
  const firstOf = (group: number) => Math.ceil(group * samples.length / count);
  return Array.from({ length: count }, (_, group) => samples.slice(firstOf(group), firstOf(group + 1)));
}

/** A whole map as it stands, with the share of the samples that it is made of. */
export function wholeTile(
  { classIndex, height, width, extent, values, rgb, silent, samples }: RawMap,
  progress: number,
): MapTile {
  return {
    classIndex,
    mapHeight: height,
    mapWidth: width,
    ...extentProperty(extent),
    row: 0,
    column: 0,
    rows: height,
    columns: width,
    progress,
    values,
    ...(rgb === undefined ? {} : { rgb }),
    ...(silent === undefined ? {} : { silent }),
    ...(samples === undefined ? {} : { samples }),
  };
}
