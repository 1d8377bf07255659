/**
 * C = clamp(A·B + bias): every 1×1 convolution, forwards and backwards, and every other one by way of patches.
 *
 * A is `[rows, depth]`, C `[rows, columns]`, both row by row with a stride. B is packed into panels of 16 columns
 * (the last one of 8 where that is enough), each `[depth, 16]`. A tile is 6 rows by 16 columns: 12 sums of 8 numbers
 * fill the registers of AVX2. B's part of a tile is copied to the thread's scratch memory, where its address is a
 * constant; see `layout.ts` for why. That needs the steps along the depth written out, so there is one function for
 * each number of steps that the model needs.
 */
import {
  clear,
  type Code,
  copy,
  count,
  f32,
  forever,
  Func,
  get,
  i32,
  increase,
  leaveWhen,
  type Local,
  type Module,
  select,
  set,
  smaller,
  v128,
  when,
} from "./assembler.ts";
import { LANE_BITS, throughGate } from "./gates.ts";
import { parameter } from "./job.ts";
import { CONTROL } from "./layout.ts";

/** Columns of a panel. */
export const PANEL = 16;
/** Columns of a last panel where these are enough. */
export const HALF_PANEL = 8;
/** Rows of a tile. */
export const TILE_ROWS = 6;
/** Most steps along the depth that one function writes out. */
export const MAX_STEPS = 128;

const LANES = 4;
const FLOAT_BYTES = 4;
const VECTOR_BYTES = 16;

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
const SCRATCH = {
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

/** How the depth is cut: `full` times `steps`, then `rest`. */
export interface Cut {
  readonly steps: number;
  readonly full: number;
  readonly rest: number;
}

/** Cuts a depth into as few parts as can be, of one length where that is possible. */
export function cutDepth(depth: number): Cut {
  const parts = Math.ceil(depth / MAX_STEPS);
  for (let more = parts; more <= parts + 2; more++) {
    if (depth % more === 0) return { steps: depth / more, full: more, rest: 0 };
  }
  const steps = MAX_STEPS;
  return { steps, full: Math.floor(depth / steps), rest: depth % steps };
}

/**
 * Writes the function that computes the tiles of some rows for a number of steps.
 *
 * Its parameters: addresses of A and C at the panel's place, first row, end of the rows, rows of A in all less those
 * of a tile, strides of A and C, whether to add to what is there, columns that are written, address of the gate at
 * the panel's place or 0.
 */
function tiles(steps: number, width: number, tileRows: number, scratch: number): Func {
  const func = new Func("i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32");
  const [a, c, from, to, last, aStride, cStride, add, columns, gate] = func.params as readonly [
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
  ];
  const vectors = width / LANES;
  const row = func.local("i32");
  const start = func.local("i32");
  const source = func.local("i32");
  const target = func.local("i32");
  const column = func.local("i32");
  const end = func.local("i32");
  const gateRow = func.local("i32");
  const place = func.local("i32");
  const laneBits = func.local("v128");
  const pointers = func.locals("i32", tileRows);
  const sums = Array.from({ length: tileRows }, () => func.locals("v128", vectors));
  const b = func.locals("v128", vectors);
  const x = func.local("v128");
  const fixed = (offset: number) => i32.const(scratch + offset);

  const step = (k: number): Code => [
    b.map((local, j) =>
      set(local, v128.load(fixed(SCRATCH.panel), k * width * FLOAT_BYTES + j * VECTOR_BYTES))
    ),
    pointers.map((pointer, i) => [
      set(x, v128.loadSplat(get(pointer), k * FLOAT_BYTES)),
      (sums[i] ?? []).map((sum, j) => set(sum, v128.madd(get(x), get(b[j] as Local), get(sum)))),
    ]),
  ];
  const clamped = (sum: Local, j: number): Code => {
    const half = (j % 2) * VECTOR_BYTES;
    return v128.min(
      v128.load(fixed(SCRATCH.high), half),
      v128.max(v128.load(fixed(SCRATCH.low), half), get(sum)),
    );
  };
  const vectorsOf = (write: (j: number) => Code) => Array.from({ length: vectors }, (_, j) => write(j));
  const fromTile = (j: number) => v128.load(get(source), SCRATCH.tile + j * VECTOR_BYTES);
  const added = (j: number) =>
    v128.min(
      v128.load(fixed(SCRATCH.highAfter)),
      v128.max(
        v128.load(fixed(SCRATCH.lowAfter)),
        v128.add(fromTile(j), v128.load(get(target), j * VECTOR_BYTES)),
      ),
    );
  const one = (address: Code) => f32.load(address, SCRATCH.tile);
  /** What the gate at `gateRow` lets through of the j-th four numbers of a row. */
  const gated = (numbers: Code, j: number) => throughGate(numbers, get(gateRow), laneBits, j);
  const gateStride = i32.shr(get(cStride), 4);

  /** All rows of the tile are wanted, as wide as they are, and nothing has to be added. */
  const whole = i32.and(
    i32.and(i32.eq(get(start), get(row)), i32.le(i32.add(get(row), i32.const(tileRows)), get(to))),
    i32.and(i32.eq(get(columns), i32.const(width)), i32.eqz(get(add))),
  );
  const rowByRow: Code = [
    // Rows below `row` were written by the tile before, rows from `to` on belong to another block.
    set(
      source,
      i32.add(i32.const(scratch), i32.mul(i32.sub(get(row), get(start)), i32.const(width * FLOAT_BYTES))),
    ),
    set(
      end,
      i32.add(
        i32.const(scratch),
        i32.mul(
          i32.sub(smaller(get(to), i32.add(get(start), i32.const(tileRows))), get(start)),
          i32.const(width * FLOAT_BYTES),
        ),
      ),
    ),
    forever([
      leaveWhen(i32.ge(i32.sub(get(source), get(end)), i32.const(0))),
      when(
        i32.eq(get(columns), i32.const(width)),
        when(
          get(add),
          vectorsOf((j) => v128.store(get(target), added(j), j * VECTOR_BYTES)),
          vectorsOf((j) => v128.store(get(target), fromTile(j), j * VECTOR_BYTES)),
        ),
        count(column, i32.const(0), i32.shl(get(columns), 2), i32.const(FLOAT_BYTES), [
          f32.store(
            i32.add(get(target), get(column)),
            f32.min(
              f32.load(fixed(SCRATCH.highAfter)),
              f32.max(
                f32.load(fixed(SCRATCH.lowAfter)),
                f32.add(
                  one(i32.add(get(source), get(column))),
                  select(f32.load(i32.add(get(target), get(column))), f32.const(0), get(add)),
                ),
              ),
            ),
          ),
        ]),
      ),
      when(get(gate), [
        count(column, i32.const(0), i32.shl(get(columns), 2), i32.const(VECTOR_BYTES), [
          set(place, i32.add(get(target), get(column))),
          v128.store(
            get(place),
            throughGate(v128.load(get(place)), i32.add(get(gateRow), i32.shr(get(column), 4)), laneBits),
          ),
        ]),
        increase(gateRow, gateStride),
      ]),
      increase(source, i32.const(width * FLOAT_BYTES)),
      increase(target, get(cStride)),
    ]),
  ];

  func.body = count(row, get(from), get(to), i32.const(tileRows), [
    set(start, smaller(get(row), get(last))),
    pointers.map((pointer, i) =>
      set(
        pointer,
        i === 0
          ? i32.add(get(a), i32.mul(get(start), get(aStride)))
          : i32.add(get(pointers[i - 1] as Local), get(aStride)),
      )
    ),
    sums.map((row) => row.map((sum, j) => set(sum, v128.load(fixed(SCRATCH.start), j * VECTOR_BYTES)))),
    Array.from({ length: steps }, (_, k) => step(k)),
    // All reads before the first write: V8 joins two writes only where nothing is read between them.
    sums.map((row) => row.map((sum, j) => set(sum, clamped(sum, j)))),
    sums.map((row, i) =>
      row.map((sum, j) => v128.store(fixed(SCRATCH.tile), get(sum), (i * vectors + j) * VECTOR_BYTES))
    ),
    set(target, i32.add(get(c), i32.mul(get(row), get(cStride)))),
    set(gateRow, i32.add(get(gate), i32.mul(get(row), gateStride))),
    set(laneBits, LANE_BITS),
    when(
      whole,
      [
        pointers.map((pointer, i) =>
          set(pointer, i === 0 ? get(target) : i32.add(get(pointers[i - 1] as Local), get(cStride)))
        ),
        when(
          get(gate),
          sums.map((row) => [
            row.map((sum, j) => set(sum, gated(get(sum), j))),
            increase(gateRow, gateStride),
          ]),
        ),
        pointers.map((pointer, i) =>
          vectorsOf((j) => v128.store(get(pointer), get((sums[i] ?? [])[j] as Local), j * VECTOR_BYTES))
        ),
      ],
      rowByRow,
    ),
  ]);
  return func;
}

/** The kernel: one block of the result. */
function kernel(module: Module, scratch: number): Func {
  const func = new Func("i32");
  const [block] = func.params as readonly [Local];
  const { row, rowEnd, column, columnEnd, width, depth, k, steps, place, last, bytes } = func.named(
    "row",
    "rowEnd",
    "column",
    "columnEnd",
    "width",
    "depth",
    "k",
    "steps",
    "place",
    "last",
    "bytes",
  );
  const fixed = (offset: number) => i32.const(scratch + offset);
  const limit = (place: number) => f32.load(i32.const(CONTROL.parameters), place * 4);
  const isLast = i32.ge(i32.add(get(k), get(steps)), get(depth));
  const infinity = f32.const(Infinity);
  const minusInfinity = f32.const(-Infinity);

  func.body = [
    set(row, i32.mul(i32.div(get(block), parameter(GEMM.columnBlocks)), parameter(GEMM.rowsPerBlock))),
    set(rowEnd, smaller(i32.add(get(row), parameter(GEMM.rowsPerBlock)), parameter(GEMM.rows))),
    set(column, i32.mul(i32.rem(get(block), parameter(GEMM.columnBlocks)), parameter(GEMM.columnsPerBlock))),
    set(columnEnd, smaller(i32.add(get(column), parameter(GEMM.columnsPerBlock)), parameter(GEMM.columns))),
    set(depth, parameter(GEMM.depth)),
    set(last, i32.sub(parameter(GEMM.rows), i32.const(TILE_ROWS))),
    forever([
      leaveWhen(i32.ge(get(column), get(columnEnd))),
      set(
        width,
        select(
          i32.const(HALF_PANEL),
          i32.const(PANEL),
          i32.le(i32.sub(parameter(GEMM.columns), get(column)), i32.const(HALF_PANEL)),
        ),
      ),
      set(k, i32.const(0)),
      forever([
        leaveWhen(i32.ge(get(k), get(depth))),
        when(
          i32.le(i32.add(get(k), parameter(GEMM.steps)), get(depth)),
          [
            set(steps, parameter(GEMM.steps)),
            set(
              place,
              select(
                parameter(GEMM.fullHalf),
                parameter(GEMM.full),
                i32.eq(get(width), i32.const(HALF_PANEL)),
              ),
            ),
          ],
          [
            set(steps, i32.sub(get(depth), get(k))),
            set(
              place,
              select(
                parameter(GEMM.restHalf),
                parameter(GEMM.rest),
                i32.eq(get(width), i32.const(HALF_PANEL)),
              ),
            ),
          ],
        ),
        set(bytes, i32.shl(get(width), 2)),
        copy(
          fixed(SCRATCH.panel),
          i32.add(
            i32.add(parameter(GEMM.b), i32.shl(i32.mul(get(column), get(depth)), 2)),
            i32.mul(get(k), get(bytes)),
          ),
          i32.mul(get(steps), get(bytes)),
        ),
        when(
          i32.eqz(get(k)),
          copy(fixed(SCRATCH.start), i32.add(parameter(GEMM.bias), i32.shl(get(column), 2)), get(bytes)),
          clear(fixed(SCRATCH.start), get(bytes)),
        ),
        // A sum that is complete at once is clamped in its registers, any other one after the last addition.
        [0, VECTOR_BYTES].map((half) => {
          const once = i32.and(i32.eqz(get(k)), isLast);
          return [
            v128.store(fixed(SCRATCH.low), v128.splat(select(limit(GEMM.low), minusInfinity, once)), half),
            v128.store(fixed(SCRATCH.high), v128.splat(select(limit(GEMM.high), infinity, once)), half),
          ];
        }),
        v128.store(fixed(SCRATCH.lowAfter), v128.splat(select(limit(GEMM.low), minusInfinity, isLast))),
        v128.store(fixed(SCRATCH.highAfter), v128.splat(select(limit(GEMM.high), infinity, isLast))),
        module.callAt(get(place), [
          i32.add(parameter(GEMM.a), i32.shl(get(k), 2)),
          i32.add(parameter(GEMM.c), i32.shl(get(column), 2)),
          get(row),
          get(rowEnd),
          get(last),
          parameter(GEMM.aStride),
          parameter(GEMM.cStride),
          i32.gt(get(k), i32.const(0)),
          smaller(get(width), i32.sub(parameter(GEMM.columns), get(column))),
          // A sum that is not complete yet passes no gate.
          select(
            i32.add(parameter(GEMM.gate), i32.shr(get(column), 2)),
            i32.const(0),
            i32.and(i32.ne(parameter(GEMM.gate), i32.const(0)), isLast),
          ),
        ]),
        increase(k, get(steps)),
      ]),
      increase(column, get(width)),
    ]),
  ];
  return func;
}

/** Where the functions of the product went in the table. */
export interface GemmPlaces {
  readonly kernel: number;
  /** By number of steps: 16 and 8 columns wide. */
  readonly tiles: ReadonlyMap<number, { readonly full: number; readonly half: number }>;
}

/** Adds the product to a module, for the numbers of steps that are needed. */
export function addGemm(module: Module, steps: Iterable<number>, scratch: number): GemmPlaces {
  const tilesBySteps = new Map<number, { readonly full: number; readonly half: number }>();
  for (const number of new Set(steps)) {
    tilesBySteps.set(number, {
      full: module.add(tiles(number, PANEL, TILE_ROWS, scratch)),
      half: module.add(tiles(number, HALF_PANEL, TILE_ROWS, scratch)),
    });
  }
  return { kernel: module.add(kernel(module, scratch)), tiles: tilesBySteps };
}
