/**
 * Dense layers: y = x·W for a few rows x, with W as it is.
 *
 * Such a product reads every weight once and does little with it, so memory is what it waits for. Packing W as `gemm.ts`
 * wants it would keep it twice: 411 MB more for VGG16. Columns are shared out among the threads; a block goes down the
 * rows of W, four at a time, and adds to the sums of its columns, which stay in the cache.
 */
import {
  clear,
  type Code,
  count,
  Func,
  get,
  i32,
  type Local,
  type Module,
  set,
  smaller,
  v128,
} from "./assembler.ts";
import { parameter } from "./job.ts";

/** Places of the parameters; addresses and lengths in bytes. */
export const DENSE = {
  /** `[rows, features]`. */
  x: 0,
  /** `[features, units]`. */
  w: 1,
  /** `[rows, sumBytes / 4]`. */
  sums: 2,
  rows: 3,
  /** Bytes of a row of x. */
  xBytes: 4,
  /** Bytes of a row of W. */
  wBytes: 5,
  /** Bytes of a row of sums, a multiple of {@link DENSE_ROUND_BYTES}: what lies behind the units stands for nothing. */
  sumBytes: 6,
  bytesPerBlock: 7,
} as const;

/** Bytes of one round: four vectors. */
export const DENSE_ROUND_BYTES = 64;

const FLOAT_BYTES = 4;
const VECTOR_BYTES = 16;

/** Rows of W that are added at a time. */
const STEPS = 4;

/** Adds the kernel and returns its place in the table. */
export function addDense(module: Module): number {
  const func = new Func("i32");
  const [block] = func.params as readonly [Local];
  const { first, end, at, row, feature, whole, sums } = func.named(
    "first",
    "end",
    "at",
    "row",
    "feature",
    "whole",
    "sums",
  );
  const factors = func.locals("v128", STEPS);
  const lines = func.locals("i32", STEPS);
  const weights = (step: number, vector: number): Code =>
    v128.load(i32.add(get(lines[step] as Local), get(at)), vector * VECTOR_BYTES);

  /** Adds so many rows of W to the sums of every row of x. */
  const add = (steps: number): Code => [
    lines.slice(0, steps).map((line, step) =>
      set(
        line,
        i32.add(
          parameter(DENSE.w),
          i32.mul(i32.add(get(feature), i32.const(step)), parameter(DENSE.wBytes)),
        ),
      )
    ),
    count(row, i32.const(0), parameter(DENSE.rows), i32.const(1), [
      factors.slice(0, steps).map((factor, step) =>
        set(
          factor,
          v128.loadSplat(
            i32.add(
              i32.add(parameter(DENSE.x), i32.mul(get(row), parameter(DENSE.xBytes))),
              i32.shl(get(feature), 2),
            ),
            step * FLOAT_BYTES,
          ),
        )
      ),
      set(sums, i32.add(parameter(DENSE.sums), i32.mul(get(row), parameter(DENSE.sumBytes)))),
      count(
        at,
        get(first),
        get(end),
        i32.const(DENSE_ROUND_BYTES),
        [0, 1, 2, 3].map((vector) =>
          v128.store(
            i32.add(get(sums), get(at)),
            factors.slice(0, steps).reduce<Code>(
              (sum, factor, step) => v128.madd(get(factor), weights(step, vector), sum),
              v128.load(i32.add(get(sums), get(at)), vector * VECTOR_BYTES),
            ),
            vector * VECTOR_BYTES,
          )
        ),
      ),
    ]),
  ];
  const features = i32.shr(parameter(DENSE.xBytes), 2);
  func.body = [
    set(first, i32.mul(get(block), parameter(DENSE.bytesPerBlock))),
    set(end, smaller(i32.add(get(first), parameter(DENSE.bytesPerBlock)), parameter(DENSE.sumBytes))),
    count(
      row,
      i32.const(0),
      parameter(DENSE.rows),
      i32.const(1),
      clear(
        i32.add(
          get(first),
          i32.add(parameter(DENSE.sums), i32.mul(get(row), parameter(DENSE.sumBytes))),
        ),
        i32.sub(get(end), get(first)),
      ),
    ),
    set(whole, i32.sub(features, i32.const(STEPS - 1))),
    count(feature, i32.const(0), get(whole), i32.const(STEPS), add(STEPS)),
    count(feature, get(feature), features, i32.const(1), add(1)),
  ];
  return module.add(func);
}
