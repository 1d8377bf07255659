/** The tiles of the product: 6 rows by 16 columns, all steps of a stretch of the depth written out. */
import {
  type Code,
  count,
  f32,
  forever,
  Func,
  get,
  i32,
  increase,
  leaveWhen,
  type Local,
  select,
  set,
  smaller,
  v128,
  when,
} from "./assembler.ts";
import { LANE_BITS, throughGate } from "./gates.ts";
import { SCRATCH } from "./gemm_layout.ts";

const LANES = 4;
const FLOAT_BYTES = 4;
const VECTOR_BYTES = 16;

/**
 * Writes the function that computes the tiles of some rows for a number of steps.
 *
 * Its parameters: addresses of A and C at the panel's place, first row, end of the rows, rows of A in all less those
 * of a tile, strides of A and C, whether to add to what is there, columns that are written, address of the gate at
 * the panel's place or 0.
 */
export function tiles(steps: number, width: number, tileRows: number, scratch: number): Func {
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
