/** The display scale of one heatmap over its stream: when it starts again, and how it follows. */
import { type DisplayRange, displayRange } from "../../shared/display_range.ts";
import type { MapNature } from "../../shared/map_values.ts";
import type { CellMap } from "./cell_map.ts";
import { distance, follow, type Scale } from "../../shared/moving_scale.ts";

/** Shortest time between two cuts that both start a scale again, in ms: more would be a scale for each picture. */
const SHORTEST_SCENE_MS = 1_000;

/** Distance at which the scale counts as arrived, as a share of its width. */
const SETTLED_SHARE = 0.01;

/** Takes the maps of a stream as they are shown; times in ms of one clock. */
export class StreamScale {
  #scale: Scale | null = null;
  #map: CellMap | null = null;
  /** Where the scale is going; null where the map has nothing to show. */
  #range: DisplayRange | null = null;
  /** Whether the next map that has something to show sets the scale, and when the last one did. */
  #starting = false;
  #startedMs = -Infinity;

  /** Null before the first evidence. */
  get scale(): Scale | null {
    return this.#scale;
  }

  /**
   * Takes the newest map. One of another class or shape has values of another size: it sets the scale. Until such a map
   * has something to show, the scale stays.
   */
  take(map: CellMap, nature: MapNature, nowMs: number): void {
    if (isNewKind(this.#map, map)) this.#starting = true;
    this.#map = map;
    this.#range = displayRange(map.values, nature);
    if (this.#starting && this.#range !== null) {
      this.#scale = null;
      this.#starting = false;
      this.#startedMs = nowMs;
    }
    this.#scale = follow(this.#scale, this.#range, nowMs, knownShare(map));
  }

  /** Lets the scale move on where no later map takes it along; returns whether it is still moving. */
  settle(nowMs: number): boolean {
    if (this.#scale === null || this.#range === null || this.#map === null) return false;
    if (distance(this.#scale, this.#range) <= SETTLED_SHARE) return false;
    const before = this.#scale;
    this.#scale = follow(before, this.#range, nowMs, knownShare(this.#map));
    return this.#scale?.high !== before.high || this.#scale.low !== before.low || this.#scale.moving;
  }

  /** Another scene begins: its first map sets the scale. */
  cut(nowMs: number): void {
    if (nowMs - this.#startedMs >= SHORTEST_SCENE_MS) this.#starting = true;
  }

  /** Another method or option begins: values of the old one say nothing about the scale. */
  forget(): void {
    this.#scale = null;
  }

  /** Another picture begins. */
  clear(): void {
    this.#scale = null;
    this.#map = null;
    this.#range = null;
    this.#starting = false;
  }
}

function isNewKind(before: CellMap | null, after: CellMap): boolean {
  return before === null || before.classIndex !== after.classIndex || before.height !== after.height ||
    before.width !== after.width;
}

/** Share of a map's cells that are known, 0…1. */
function knownShare({ values }: CellMap): number {
  return values.reduce((known, value) => Number.isNaN(value) ? known : known + 1, 0) / values.length;
}
