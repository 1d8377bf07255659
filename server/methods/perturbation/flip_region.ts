/** A small region that changes the network's answer when it is covered: a counterfactual mask (rule U6). */
import { COVER_CELLS, COVER_SIDE, type CoverFill, coverOf } from "../../../shared/cover.ts";
import type { FrameKey, Probe } from "../../engine/port.ts";
import type { Attribution, GoodRow, MapTile, MethodStep, RawMap } from "../method.ts";
import { targetClass } from "../ranking.ts";
import { wholeTile } from "../rows/sample_groups.ts";

/** Rows of one search at most, that of the whole frame among them. */
export const MAX_FLIP_ROWS = 60;

/** Windows along each side of the picture: 25 of 4 % each leave half of the rows for making the region smaller. */
const WINDOWS = 5;

/** Windows that are measured at a time. */
const GROUP_ROWS = 5;

/** A piece of the region with a side below this is not divided further, in cells. */
const LEAST_SIDE = 2;

/** What a search works with. */
export interface FlipSearch {
  readonly frame: FrameKey;
  /** What the region is filled with. */
  readonly fill: CoverFill;
  /** Receives the logits with a region covered that changes the answer, `[classes]`; the last belong to what is returned. */
  readonly onFlipped?: (logits: Float32Array) => void;
}

/** A rectangle of cells. */
interface Piece {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

type Steps<Result> = Generator<MethodStep, Result, readonly GoodRow[]>;

/**
 * Looks greedily for a region that changes the first class. First each of 25 windows is covered alone. Then those that cost
 * the class the most are covered together, as few of them as change the answer. Last, pieces whose part in it was least
 * become visible again, whole windows first, then their quarters, as long as the answer stays changed.
 *
 * @returns a map of 32×32 cells, 1 covered, of the class that takes over; `silent`, of the first class, where nothing was
 * found. `samples` counts the rows. What is found was measured as it is, and is not the smallest that there is.
 */
export function* flipRegion(search: FlipSearch): Attribution {
  const state = new Search(search);
  const [own] = yield { kind: "probes", lane: "tile", probes: [state.probe([])] };
  if (own === undefined) throw new TypeError("Cannot search: the frame's row is missing");
  state.begin(own);
  yield { kind: "ranking", logits: own.logits };
  const ordered = yield* weakenedBy(state);
  const found = yield* fewest(state, ordered);
  if (found === null) return state.map([], true);
  return state.map(yield* smaller(state, found), false);
}

/** The windows, those that cost the class the most when they are covered alone in front. */
function* weakenedBy(search: Search): Steps<readonly Piece[]> {
  const measured: { readonly piece: Piece; readonly lead: number }[] = [];
  const windows = allWindows();
  for (let first = 0; first < windows.length; first += GROUP_ROWS) {
    const group = windows.slice(first, first + GROUP_ROWS);
    const leads = yield* search.measure(group.map((piece) => [piece]));
    for (const [place, piece] of group.entries()) measured.push({ piece, lead: leads[place] ?? Infinity });
    yield search.progress();
  }
  return measured.sort((a, b) => a.lead - b.lead).map(({ piece }) => piece);
}

/** The fewest of the first windows that change the answer together: doubled until they do, then halved; or null. */
function* fewest(search: Search, ordered: readonly Piece[]): Steps<readonly Piece[] | null> {
  let [enough, tooFew] = [1, 0];
  while (!(yield* search.flips(ordered.slice(0, enough)))) {
    if (enough === ordered.length) return null;
    tooFew = enough;
    enough = Math.min(ordered.length, 2 * enough);
  }
  while (enough - tooFew > 1) {
    const middle = Math.floor((enough + tooFew) / 2);
    if (yield* search.flips(ordered.slice(0, middle))) enough = middle;
    else tooFew = middle;
  }
  return ordered.slice(0, enough);
}

/** Makes pieces visible again while rows are left. */
function* smaller(search: Search, found: readonly Piece[]): Steps<readonly Piece[]> {
  let kept = found;
  // The last windows that were added cost the class the least.
  const queue = found.length === 1 ? found.flatMap(quarters) : [...found].reverse();
  if (found.length === 1) kept = queue;
  for (let piece = queue.shift(); piece !== undefined && search.rowsLeft > 0; piece = queue.shift()) {
    const rest = kept.filter((one) => one !== piece);
    if (rest.length > 0 && (yield* search.flips(rest))) kept = rest;
    else if (Math.min(piece.bottom - piece.top, piece.right - piece.left) >= 2 * LEAST_SIDE) {
      const parts = quarters(piece);
      kept = [...rest, ...parts];
      queue.push(...parts);
    }
  }
  return kept;
}

/** The rows of one search. */
class Search {
  readonly #search: FlipSearch;
  #rows = 0;
  #first = 0;
  #takesOver = 0;

  constructor(search: FlipSearch) {
    this.#search = search;
  }

  get rowsLeft(): number {
    return MAX_FLIP_ROWS - this.#rows;
  }

  /** Takes the row of the whole frame. */
  begin({ logits }: GoodRow): void {
    this.#rows++;
    this.#first = targetClass(logits, { kind: "rank", rank: 1 });
  }

  probe(pieces: readonly Piece[]): Probe {
    const { frame, fill } = this.#search;
    const picture = pieces.length === 0 ? { frame } : { frame, cover: coverOf(cellsOf(pieces), fill) };
    return { ...picture, variation: { kind: "none" }, want: { kind: "logits" } };
  }

  /** How far the first class stays before all others with each of these regions covered, in logits. */
  *measure(regions: readonly (readonly Piece[])[]): Steps<readonly number[]> {
    const probes = regions.map((pieces) => this.probe(pieces));
    const rows = yield { kind: "probes", lane: "tile", probes };
    this.#rows += probes.length;
    return rows.map(({ logits }) => leadOf(logits, this.#first));
  }

  /** Whether another class is first with these pieces covered; it is remembered. */
  *flips(pieces: readonly Piece[]): Steps<boolean> {
    const [row] = yield { kind: "probes", lane: "tile", probes: [this.probe(pieces)] };
    this.#rows++;
    yield this.progress();
    if (row === undefined) return false;
    const now = targetClass(row.logits, { kind: "rank", rank: 1 });
    if (now === this.#first) return false;
    this.#takesOver = now;
    this.#search.onFlipped?.(row.logits);
    return true;
  }

  progress(): { readonly kind: "tile"; readonly tile: MapTile } {
    return { kind: "tile", tile: wholeTile(this.map([], true), this.#rows / MAX_FLIP_ROWS) };
  }

  map(pieces: readonly Piece[], silent: boolean): RawMap {
    return {
      classIndex: silent ? this.#first : this.#takesOver,
      layer: null,
      height: COVER_SIDE,
      width: COVER_SIDE,
      values: Float32Array.from(cellsOf(pieces)),
      samples: { count: this.#rows, of: MAX_FLIP_ROWS, error: null },
      ...(silent && { silent }),
    };
  }
}

function allWindows(): readonly Piece[] {
  const edge = (place: number) => Math.round(place * COVER_SIDE / WINDOWS);
  return Array.from({ length: WINDOWS ** 2 }, (_, place) => {
    const [row, column] = [Math.floor(place / WINDOWS), place % WINDOWS];
    return { top: edge(row), left: edge(column), bottom: edge(row + 1), right: edge(column + 1) };
  });
}

function quarters({ top, left, bottom, right }: Piece): readonly Piece[] {
  const [row, column] = [Math.floor((top + bottom) / 2), Math.floor((left + right) / 2)];
  return [
    { top, left, bottom: row, right: column },
    { top, left: column, bottom: row, right },
    { top: row, left, bottom, right: column },
    { top: row, left: column, bottom, right },
  ];
}

function cellsOf(pieces: readonly Piece[]): Uint8Array {
  const cells = new Uint8Array(COVER_CELLS);
  for (const { top, left, bottom, right } of pieces) {
    for (let row = top; row < bottom; row++) cells.fill(1, row * COVER_SIDE + left, row * COVER_SIDE + right);
  }
  return cells;
}

function leadOf(logits: Float32Array, index: number): number {
  let other = -Infinity;
  for (const [place, logit] of logits.entries()) if (place !== index && logit > other) other = logit;
  return (logits[index] ?? NaN) - other;
}
