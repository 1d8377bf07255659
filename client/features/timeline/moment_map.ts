/** Small maps of the timeline: made of finished maps, and drawn again as maps of cells. Pure. */
import { largeMap, smallMap, smallMapJson } from "../../../shared/small_map.ts";
import type { CellMap } from "../../map/cell_map.ts";
import type { Moment, MomentMap } from "./moment.ts";

/** How long a map of the same view lies over the pictures after its own, in ms. */
const LASTS_MS = 4_000;

/** Makes a finished map small; null of a picture in colours, which would take as much memory as a photo. */
export function momentMap(map: CellMap): MomentMap | null {
  return map.rgb === null ? { small: smallMap(map), classIndex: map.classIndex } : null;
}

/** The map that lay over a moment's picture: its own, or that of a moment shortly before it. */
export function mapOf(moments: readonly Moment[], moment: Moment): MomentMap | null {
  const owner = moments.findLast(({ id, map }) => id <= moment.id && map !== null);
  if (owner === undefined) return null;
  const fits = owner.piece === moment.piece && moment.atMs - owner.atMs <= LASTS_MS &&
    owner.seen.view.revision === moment.seen.view.revision;
  return fits ? owner.map : null;
}

/** Makes a map of cells of a small one; cells whose value is not known hold NaN. */
export function cellMapOf({ small, classIndex }: MomentMap, { name: { frame }, seen }: Moment): CellMap {
  const plane = largeMap(smallMapJson(small));
  const cells = plane.values.length;
  return {
    ...plane,
    revision: seen.view.revision,
    classIndex,
    rgb: null,
    silent: false,
    arrivedMs: new Float64Array(cells),
    frames: new Uint32Array(cells).fill(frame),
    frame,
    progress: 1,
    complete: true,
    samples: null,
  };
}
