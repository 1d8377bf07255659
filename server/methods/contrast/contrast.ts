/** Why one class rather than another: the difference of two maps of one method. */
import { extentProperty } from "../../../shared/map_extent.ts";
import { explainFrame, type FollowedList } from "../explain.ts";
import {
  type Attribution,
  type Carry,
  endEarly,
  type GoodRow,
  type MapTile,
  type Method,
  type MethodContext,
  type MethodStep,
  type RawMap,
} from "../method.ts";

type Asking = Extract<MethodStep, { kind: "probes" }>;
type Ranking = Extract<MethodStep, { kind: "ranking" }>;

/** Where a stream keeps what each side has learnt, by the side's place. */
const CARRY_KEYS = ["contrast-for", "contrast-against"] as const;

/**
 * Explains a frame's target and another one side by side and yields the first map less the second, in their unit:
 * what speaks for the first class and not for the second is positive. Of a method that is linear in the score, such as
 * Grad-CAM with its sign, HiResCAM, gradient × input and occlusion, it is the map of the difference of the scores.
 *
 * The probes of both are asked for together, so that they share passes and batches.
 */
export function* contrastFrame(
  method: Method,
  context: MethodContext,
  against: MethodContext["target"],
  list?: FollowedList,
): Attribution {
  const sides = [context.target, against].map((target, place) => {
    const { carry, cells } = memoryOf(context.carry, place);
    return new Side(explainFrame(method, { ...context, target, carry }, list), cells);
  }) as [Side, Side];
  const [a, b] = sides;
  try {
    for (;;) {
      const ranking = a.run();
      b.run();
      if (ranking !== null) yield ranking;
      for (const tile of [...a.takeTiles(), ...b.takeTiles()]) {
        const difference = differenceAt({ ...tile, classIndex: a.classIndex ?? tile.classIndex }, a, b);
        if (difference !== null) yield { kind: "tile", tile: difference };
      }
      if (a.map !== null && b.map !== null) return differenceOfMaps(a.map, b.map);
      yield* askTogether(sides);
    }
  } finally {
    a.end();
    b.end();
  }
}

/** The values that one side has shown, cell by cell. */
interface Cells {
  shape: string;
  /** `[height, width]` of the map; NaN where nothing was shown yet. */
  values: Float32Array;
}

/** One of the two explanations, as far as it has come. */
class Side {
  readonly #attribution: Attribution;
  readonly #cells: Cells;
  #rows: readonly GoodRow[] = [];
  #tiles: MapTile[] = [];
  #asking: Asking | null = null;
  #map: RawMap | null = null;
  #classIndex: number | null = null;

  constructor(attribution: Attribution, cells: Cells) {
    this.#attribution = attribution;
    this.#cells = cells;
  }

  /** The finished map, or null. */
  get map(): RawMap | null {
    return this.#map;
  }

  /** The class that it explains, as far as a tile or the map has named it. */
  get classIndex(): number | null {
    return this.#map?.classIndex ?? this.#classIndex;
  }

  /** The probes that it waits for, or null. */
  get asking(): Asking | null {
    return this.#asking;
  }

  /** Continues until rows are needed or the map is there; returns the ranking where it was met on the way. */
  run(): Ranking | null {
    let ranking: Ranking | null = null;
    while (this.#map === null && this.#asking === null) {
      const next = this.#attribution.next(this.#rows);
      this.#rows = [];
      if (next.done === true) this.#map = next.value;
      else if (next.value.kind === "probes") this.#asking = next.value;
      else if (next.value.kind === "tile") this.#show(next.value.tile);
      else ranking = next.value;
    }
    return ranking;
  }

  /** The tiles since they were last taken. */
  takeTiles(): readonly MapTile[] {
    return this.#tiles.splice(0);
  }

  /** The value that was shown of a cell last, or NaN. */
  at(row: number, column: number, mapWidth: number): number {
    return this.#cells.values[row * mapWidth + column] ?? NaN;
  }

  /** Takes the rows that it waits for. */
  answer(rows: readonly GoodRow[]): void {
    this.#rows = rows;
    this.#asking = null;
  }

  end(): void {
    endEarly(this.#attribution);
  }

  #show(tile: MapTile): void {
    this.#tiles.push(tile);
    this.#classIndex = tile.classIndex;
    const cells = this.#cells;
    const shape = `${tile.mapHeight}×${tile.mapWidth}`;
    if (cells.shape !== shape) {
      cells.shape = shape;
      cells.values = new Float32Array(tile.mapHeight * tile.mapWidth).fill(NaN);
    }
    for (let row = 0; row < tile.rows; row++) {
      const from = tile.values.subarray(row * tile.columns, (row + 1) * tile.columns);
      cells.values.set(from, (tile.row + row) * tile.mapWidth + tile.column);
    }
  }
}

/** What a side remembers from frame to frame: its own method's, and the cells that it has shown. */
function memoryOf(carry: Carry, place: number): { readonly carry: Carry; readonly cells: Cells } {
  const key = CARRY_KEYS[place] ?? "contrast";
  const known = carry.get(key);
  if (known instanceof SideMemory) return known;
  const memory = new SideMemory();
  carry.set(key, memory);
  return memory;
}

class SideMemory {
  readonly carry: Carry = new Map();
  readonly cells: Cells = { shape: "", values: new Float32Array(0) };
}

function* askTogether(sides: readonly Side[]): Generator<MethodStep, void, readonly GoodRow[]> {
  const probes = sides.flatMap(({ asking }) => asking?.probes ?? []);
  const lane = sides.some(({ asking }) => asking?.lane === "frame") ? "frame" : "tile";
  const rows = yield { kind: "probes", lane, probes };
  let taken = 0;
  for (const side of sides) {
    if (side.asking === null) continue;
    const count = side.asking.probes.length;
    side.answer(rows.slice(taken, taken + count));
    taken += count;
  }
}

/**
 * The difference in a tile's rectangle, NaN where one of the two knows nothing; null where that is so everywhere, unless
 * the tile is a whole map, which says that nothing is known any more.
 */
function differenceAt({ rgb: _rgb, ...tile }: MapTile, a: Side, b: Side): MapTile | null {
  const values = Float32Array.from(tile.values, (_, at) => {
    const [row, column] = [tile.row + Math.floor(at / tile.columns), tile.column + at % tile.columns];
    return a.at(row, column, tile.mapWidth) - b.at(row, column, tile.mapWidth);
  });
  const whole = tile.rows === tile.mapHeight && tile.columns === tile.mapWidth;
  return !whole && values.every(Number.isNaN) ? null : { ...tile, ...withoutError(tile), values };
}

function differenceOfMaps(a: RawMap, b: RawMap): RawMap {
  if (a.height !== b.height || a.width !== b.width) {
    throw new RangeError(
      `Cannot contrast the maps: both must be ${a.height}×${a.width} cells, got ${b.height}×${b.width}`,
    );
  }
  const { classIndex, layer, height, width, extent } = a;
  return {
    classIndex,
    layer,
    height,
    width,
    ...extentProperty(extent),
    values: a.values.map((value, at) => value - (b.values[at] ?? NaN)),
    ...withoutError(a),
  };
}

/** What a difference is made of: the two share their samples, so that its error is neither of theirs nor their sum. */
function withoutError({ samples }: Pick<RawMap, "samples">): Pick<RawMap, "samples"> {
  return samples === undefined ? {} : { samples: { ...samples, error: null } };
}
