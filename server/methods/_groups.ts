/** What the methods share that take many samples of one frame and show the mean as it grows. */
import { MAX_BATCH_ROWS } from "../engine/port.ts";
import type { MapTile, MethodContext, RawMap } from "./method.ts";

/** Cuts samples into groups: whole batches on a still picture, single rows on a moving one, to give way at once. */
export function groupsOf<Sample>(
  samples: readonly Sample[],
  { still }: Pick<MethodContext, "still">,
): Sample[][] {
  const rows = still ? MAX_BATCH_ROWS : 1;
  return Array.from(
    { length: Math.ceil(samples.length / rows) },
    (_, group) => samples.slice(group * rows, (group + 1) * rows),
  );
}

/** A whole map as it stands, with the share of the samples that it is made of. */
export function wholeTile({ classIndex, height, width, values, rgb }: RawMap, progress: number): MapTile {
  return {
    classIndex,
    mapHeight: height,
    mapWidth: width,
    row: 0,
    column: 0,
    rows: height,
    columns: width,
    progress,
    values,
    ...(rgb === undefined ? {} : { rgb }),
  };
}
