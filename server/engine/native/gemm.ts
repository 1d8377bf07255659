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
  copy,
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
import { GEMM, HALF_PANEL, MAX_STEPS, PANEL, SCRATCH, TILE_ROWS } from "./gemm_layout.ts";
import { tiles } from "./gemm_tiles.ts";
import { parameter } from "./job.ts";
import { CONTROL } from "./layout.ts";

const VECTOR_BYTES = 16;

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
