/** What follows the finished maps of a page, such as a recording. */
import type { CellMap } from "./cell_map.ts";

/** Follows finished maps. */
export interface MapObserver {
  /** A frame's map has grown as far as it will before the next frame. */
  explained?(frame: number, map: CellMap): void;
}

/** All who follow the maps, in the order in which they came. */
export class MapObservers implements Required<MapObserver> {
  readonly #all = new Set<MapObserver>();

  /** Lets somebody follow until the returned function is called. */
  add(observer: MapObserver): () => void {
    this.#all.add(observer);
    return () => void this.#all.delete(observer);
  }

  explained(frame: number, map: CellMap): void {
    for (const observer of this.#all) observer.explained?.(frame, map);
  }
}
