/** Sizes of the product, and where its kernel finds what it works on. */

/** Columns of a panel. */
export const PANEL = 16;
/** Columns of a last panel where these are enough. */
export const HALF_PANEL = 8;
/** Rows of a tile. */
export const TILE_ROWS = 6;
/** Most steps along the depth that one function writes out. */
export const MAX_STEPS = 128;

const FLOAT_BYTES = 4;

/** Places of the kernel's parameters; addresses and strides in bytes. */
export const GEMM = {
  a: 0,
  aStride: 1,
  b: 2,
  /** `[panels·16]`, padded with zeros. */
  bias: 3,
  c: 4,
  cStride: 5,
  rows: 6,
  depth: 7,
  columns: 8,
  rowsPerBlock: 9,
  columnsPerBlock: 10,
  /** Blocks side by side. */
  columnBlocks: 11,
  steps: 12,
  /** Places in the table of the functions for `steps` and for the rest of the depth, 16 and 8 columns wide. */
  full: 13,
  fullHalf: 14,
  rest: 15,
  restHalf: 16,
  /** Limits of the activation, as float32. */
  low: 17,
  high: 18,
  /** A gate (`gates.ts`) that C has to go through, or 0; the columns are then a multiple of four. */
  gate: 19,
} as const;

/** Offsets in a thread's scratch memory. */
export const SCRATCH = {
  panel: 0,
  /** What the sums begin with, one number for each column. */
  start: MAX_STEPS * PANEL * FLOAT_BYTES,
  /** Limits before the tile is written, and after it was added to what is there; two vectors each. */
  low: MAX_STEPS * PANEL * FLOAT_BYTES + 64,
  high: MAX_STEPS * PANEL * FLOAT_BYTES + 96,
  lowAfter: MAX_STEPS * PANEL * FLOAT_BYTES + 128,
  highAfter: MAX_STEPS * PANEL * FLOAT_BYTES + 144,
  tile: MAX_STEPS * PANEL * FLOAT_BYTES + 192,
} as const;
