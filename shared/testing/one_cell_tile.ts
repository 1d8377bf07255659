/** A tile for tests: the whole of a map of one cell. */
import type { Tile } from "../codec.ts";

/** Makes the tile of frame 1, with what is to be different. */
export function oneCellTile(changes: Partial<Tile> = {}): Tile {
  return {
    pane: 0,
    frame: 1,
    revision: 1,
    classIndex: 1,
    mapHeight: 1,
    mapWidth: 1,
    row: 0,
    column: 0,
    rows: 1,
    columns: 1,
    progress: 1,
    complete: true,
    costMs: 1,
    samples: null,
    values: new Float32Array([1]),
    ...changes,
  };
}
