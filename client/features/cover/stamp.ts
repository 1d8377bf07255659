/** What a brush, a rectangle or a block covers, in cells. Pure. */
import { COVER_CELLS, COVER_SIDE } from "../../../shared/cover.ts";

/** A place on the picture as the network sees it, as shares of its sides; outside of 0…1 it lies beside the picture. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Cells, `[32, 32]`: 1 is covered. What is handed out is never changed. */
export type Cells = Uint8Array<ArrayBuffer>;

/** No cell is covered. */
export const NOTHING: Cells = new Uint8Array(COVER_CELLS);

/** How a stroke changes cells. */
export interface Brush {
  /** Width of the brush, in cells. */
  readonly size: number;
  /** Width over height of the picture: a brush is round as it is seen. */
  readonly aspect: number;
  /** 1 covers, 0 makes visible. */
  readonly value: 0 | 1;
}

/** The cells after a stroke of a round brush from one place to another; what lies beside the picture changes nothing. */
export function strokeCells(cells: Cells, from: Place, to: Place, { size, aspect, value }: Brush): Cells {
  // In cells along the shorter side of the picture.
  const [across, down] = [COVER_SIDE * Math.max(1, aspect), COVER_SIDE * Math.max(1, 1 / aspect)];
  const [start, end] = [scaled(from, across, down), scaled(to, across, down)];
  const radius = size / 2;
  const next = cells.slice();
  for (let cell = 0; cell < COVER_CELLS; cell++) {
    const centre = scaled(centreOf(cell), across, down);
    if (distance(centre, start, end) <= radius) next[cell] = value;
  }
  // However small the brush is, the cell below its tip is covered.
  const tip = cellAt(to);
  if (tip !== null) next[tip] = value;
  return next;
}

/** The cells after a rectangle between two corners: all that it touches. */
export function rectangleCells(cells: Cells, from: Place, to: Place, value: 0 | 1): Cells {
  const [left, right] = reach(from.x, to.x);
  const [top, bottom] = reach(from.y, to.y);
  return blockCells(cells, { top, left, bottom, right }, value);
}

/** Rows and columns, the ends left out. */
export interface Block {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** The cells after a block of them was covered or made visible. */
export function blockCells(cells: Cells, { top, left, bottom, right }: Block, value: 0 | 1): Cells {
  const next = cells.slice();
  for (let row = top; row < bottom; row++) {
    next.fill(value, row * COVER_SIDE + left, row * COVER_SIDE + right);
  }
  return next;
}

/** Covers what is visible, and the other way round. */
export function invertCells(cells: Cells): Cells {
  return cells.map((cell) => 1 - cell);
}

/** Whether two sets of cells are the same. */
export function sameCells(a: Cells, b: Cells): boolean {
  return a === b || a.every((cell, at) => cell === b[at]);
}

/** The cell at a place, or null beside the picture. */
export function cellAt({ x, y }: Place): number | null {
  if (!(x >= 0 && x < 1 && y >= 0 && y < 1)) return null;
  return Math.floor(y * COVER_SIDE) * COVER_SIDE + Math.floor(x * COVER_SIDE);
}

function centreOf(cell: number): Place {
  return { x: (cell % COVER_SIDE + 0.5) / COVER_SIDE, y: (Math.floor(cell / COVER_SIDE) + 0.5) / COVER_SIDE };
}

function scaled({ x, y }: Place, across: number, down: number): Place {
  return { x: x * across, y: y * down };
}

/** Distance of a place from the line between two others. */
function distance(at: Place, from: Place, to: Place): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((at.x - from.x) * dx + (at.y - from.y) * dy) / length;
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(at.x - from.x - share * dx, at.y - from.y - share * dy);
}

/** First cell and end of those between two shares of a side. */
function reach(a: number, b: number): readonly [number, number] {
  const first = Math.floor(Math.min(a, b) * COVER_SIDE);
  const end = Math.ceil(Math.max(a, b) * COVER_SIDE);
  const clamp = (cell: number) => Math.min(COVER_SIDE, Math.max(0, cell));
  return [clamp(first), clamp(Math.max(end, first + 1))];
}
