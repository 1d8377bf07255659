/** The raw map on screen: cells of several tiles and frames, each with the time at which it came (T4). */
import type { Samples, Tile } from "../../shared/codec.ts";
import { extentProperty, type MapExtent } from "../../shared/map_extent.ts";
import { RGB } from "../../shared/luminance.ts";

/** A raw map that grows tile by tile; cells that have not come yet hold NaN. */
export interface CellMap {
  readonly revision: number;
  readonly classIndex: number;
  /** In cells. */
  readonly height: number;
  readonly width: number;
  /** Where the cells lie on the input; absent: they tile it. */
  readonly extent?: MapExtent;
  /** `[height, width]` raw values, in the method's unit. */
  readonly values: Float32Array<ArrayBuffer>;
  /** `[height, width, 3]` of a map that is a picture in colours (T6), drawn as it is; black where none came yet. */
  readonly rgb: Uint8Array<ArrayBuffer> | null;
  /** Whether what was to be raised never answered (T7). */
  readonly silent: boolean;
  /** When each cell came, in ms; −Infinity where none did. */
  readonly arrivedMs: Float64Array<ArrayBuffer>;
  /** The frame that each cell explains. */
  readonly frames: Uint32Array<ArrayBuffer>;
  /** The newest frame that any cell explains. */
  readonly frame: number;
  /** Share of the method's work on that frame, 0…1. */
  readonly progress: number;
  /** True when every cell is what the method defines for that frame (T3). */
  readonly complete: boolean;
  /** What a sampling method's map of that frame is made of; null of any other method. */
  readonly samples: Samples | null;
}

/** Adds a tile; one of an older view, or of an older frame than a cell already shows, changes nothing there. */
export function addTile(map: CellMap | null, tile: Tile, nowMs: number): CellMap | null {
  if (map !== null && tile.revision < map.revision) return map;
  const fits = map !== null && tile.revision === map.revision && tile.classIndex === map.classIndex &&
    tile.mapHeight === map.height && tile.mapWidth === map.width;
  // Cells of two classes cannot stand side by side: the newer frame's class decides.
  if (!fits && map !== null && tile.revision === map.revision && tile.frame < map.frame) return map;
  const cells = tile.mapHeight * tile.mapWidth;
  const values = fits ? map.values.slice() : new Float32Array(cells).fill(Number.NaN);
  const arrivedMs = fits ? map.arrivedMs.slice() : new Float64Array(cells).fill(-Infinity);
  const frames = fits ? map.frames.slice() : new Uint32Array(cells);
  const rgb = tile.rgb === undefined
    ? null
    : fits && map.rgb !== null
    ? map.rgb.slice()
    : new Uint8Array(RGB * cells);
  for (let row = 0; row < tile.rows; row++) {
    for (let column = 0; column < tile.columns; column++) {
      const at = (tile.row + row) * tile.mapWidth + tile.column + column;
      if ((frames[at] ?? 0) > tile.frame) continue;
      const from = row * tile.columns + column;
      values[at] = tile.values[from] ?? Number.NaN;
      if (tile.rgb !== undefined) rgb?.set(tile.rgb.subarray(RGB * from, RGB * (from + 1)), RGB * at);
      arrivedMs[at] = nowMs;
      frames[at] = tile.frame;
    }
  }
  const newest = !fits || tile.frame >= map.frame;
  return {
    revision: tile.revision,
    classIndex: tile.classIndex,
    height: tile.mapHeight,
    width: tile.mapWidth,
    ...extentProperty(tile.extent),
    values,
    rgb,
    silent: tile.silent === true,
    arrivedMs,
    frames,
    frame: newest ? tile.frame : map.frame,
    progress: newest ? tile.progress : map.progress,
    complete: newest ? tile.complete : map.complete,
    samples: newest ? tile.samples : map.samples,
  };
}

/** Makes a map ready for a new connection, whose frame ids begin at 1 again. */
export function forgetFrames(map: CellMap | null): CellMap | null {
  return map === null ? null : { ...map, frames: new Uint32Array(map.frames.length), frame: 0 };
}

/** Where ageing begins and ends, in ms; kept long enough for a sweep of coarse windows. */
export const FADE_FROM_MS = 1_200;
export const FADE_TO_MS = 4_000;

/** Weight of a cell that explains an earlier picture than the one that is held still. */
const EARLIER_WEIGHT = 0.35;

/**
 * Shares of a map between which it fades in while the picture moves. A few windows are no map: drawn by themselves they
 * are squares that say more than is known, wherever they happen to be measured first.
 */
const FEW_KNOWN = 0.06;
const ENOUGH_KNOWN = 0.25;

/** Weight from which on a cell counts as known. */
const KNOWN_WEIGHT = 0.5;

/** Share of the map's cells that are known and not yet half faded, 0…1; parameters as for {@link cellWeights}. */
export function knownShare(map: CellMap, newestFrame: number, nowMs: number, still: boolean): number {
  return shareOf(agedWeights(map, newestFrame, nowMs, still));
}

/**
 * Gives each cell's weight, 0…1: cells of older frames fade while the picture moves on, and a map of which little is
 * known is drawn faintly or not at all.
 *
 * @param newestFrame id of the newest frame on screen
 * @param still true where the picture is held: its cells do not age
 */
export function cellWeights(map: CellMap, newestFrame: number, nowMs: number, still: boolean): Float32Array {
  const weights = agedWeights(map, newestFrame, nowMs, still);
  if (still || !map.values.some(Number.isNaN)) return weights;
  const ramp = (shareOf(weights) - FEW_KNOWN) / (ENOUGH_KNOWN - FEW_KNOWN);
  return ramp >= 1 ? weights : weights.map((weight) => weight * Math.max(0, ramp));
}

function shareOf(weights: Float32Array): number {
  return weights.reduce((known, weight) => weight >= KNOWN_WEIGHT ? known + 1 : known, 0) / weights.length;
}

function agedWeights(map: CellMap, newestFrame: number, nowMs: number, still: boolean): Float32Array {
  const weights = new Float32Array(map.values.length);
  for (let at = 0; at < weights.length; at++) {
    if (Number.isNaN(map.values[at])) continue;
    const current = (map.frames[at] ?? 0) >= newestFrame;
    if (current) weights[at] = 1;
    else if (still) weights[at] = EARLIER_WEIGHT;
    else {
      const age = nowMs - (map.arrivedMs[at] ?? -Infinity);
      weights[at] = Math.min(1, Math.max(0, 1 - (age - FADE_FROM_MS) / (FADE_TO_MS - FADE_FROM_MS)));
    }
  }
  return weights;
}
