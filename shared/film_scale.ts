/** The display scale of a film of every frame, by the film's own time: plain data, so that it can be kept. Pure. */
import type { DisplayRange } from "./display_range.ts";
import { follow } from "./moving_scale.ts";

/** The scale at a moment of the film. */
export interface FilmScale extends DisplayRange {
  readonly atMs: number;
  /** The class, and the number of cells, of the map that it was last taken from. */
  readonly classIndex: number;
  readonly cells: number;
}

/** What of a map counts for the scale. */
export interface ScaledMap {
  readonly classIndex: number;
  readonly cells: number;
  /** The scale that the map alone would have; null where it has nothing to show. */
  readonly range: DisplayRange | null;
}

/** Follows the next map: one of another class or shape sets the scale, others move it slowly; null before the first evidence. */
export function followFilm(
  scale: FilmScale | null,
  { classIndex, cells, range }: ScaledMap,
  atMs: number,
): FilmScale | null {
  if (range === null) return scale;
  const isNew = scale === null || scale.classIndex !== classIndex || scale.cells !== cells;
  const next = follow(isNew ? null : { ...scale, moving: false }, range, atMs);
  return next === null ? null : { low: next.low, high: next.high, atMs, classIndex, cells };
}
