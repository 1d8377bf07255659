/** Kernels over rows of numbers: layer normalisation, forwards and back, and the backward pass of a softmax. */
import {
  type Code,
  count,
  f32,
  firstLane,
  forever,
  Func,
  get,
  i32,
  increase,
  leaveWhen,
  type Local,
  type Module,
  set,
  smaller,
  v128,
} from "./assembler.ts";
import { parameter } from "./job.ts";
import { CONTROL } from "./layout.ts";

/** Places of the parameters; addresses in bytes, what stands behind `float` as float32. */
export const ROWS = {
  /** The input, or of a softmax's gradient its output. */
  x: 0,
  gradient: 1,
  /** Of a normalisation: a factor and a summand for each number of a row. */
  scale: 2,
  shift: 3,
  output: 4,
  rows: 5,
  rowsPerBlock: 6,
  rowBytes: 7,
  /** float: 1 by the numbers of a row. */
  share: 8,
  /** float: what is added to the variance. */
  epsilon: 9,
} as const;

/** Where the kernels are in the table. */
export interface RowPlaces {
  readonly norm: number;
  readonly normBack: number;
  readonly softmaxBack: number;
}

const FLOAT_BYTES = 4;
const VECTOR_BYTES = 16;

/** Adds the kernels. */
export function addRows(module: Module): RowPlaces {
  return {
    norm: module.add(norm()),
    normBack: module.add(normBack()),
    softmaxBack: module.add(softmaxBack()),
  };
}

/** How a number, or four, of a row is read. */
type Read = (place: number) => Code;

/** A kernel while it is written. */
class Row {
  readonly func = new Func("i32");
  readonly #named = this.func.named("row", "end", "start", "at", "whole");
  readonly #rest = this.func.local("f32");
  readonly #sum = this.func.local("v128");

  /** A number for the whole row, in each lane. */
  held(): Local {
    return this.func.local("v128");
  }

  /** Numbers of a row's own, and those that all rows share. */
  #reader(load: typeof v128.load): Read {
    const { start, at } = this.#named;
    return (place) => {
      const shared = place === ROWS.scale || place === ROWS.shift;
      const within = shared ? get(at) : i32.add(get(start), get(at));
      return load(i32.add(parameter(place), within), 0);
    };
  }

  /** Runs over the row: four numbers at a time, then one by one. */
  #across(four: Code, one: Code): Code {
    const { at, whole } = this.#named;
    return [
      set(at, i32.const(0)),
      forever([leaveWhen(i32.gt(get(at), get(whole))), four, increase(at, i32.const(VECTOR_BYTES))]),
      forever([
        leaveWhen(i32.ge(get(at), parameter(ROWS.rowBytes))),
        one,
        increase(at, i32.const(FLOAT_BYTES)),
      ]),
    ];
  }

  /** Writes what is computed of each number. */
  write(compute: (read: Read) => Code): Code {
    const { start, at } = this.#named;
    const output = i32.add(parameter(ROWS.output), i32.add(get(start), get(at)));
    return this.#across(
      v128.store(output, compute(this.#reader(v128.load))),
      f32.store(output, firstLane(compute(this.#reader(v128.loadSplat)))),
    );
  }

  /** Keeps the sum of what is computed of each number in every lane. */
  sum(to: Local, compute: (read: Read) => Code): Code {
    const [sum, rest] = [this.#sum, this.#rest];
    const lanes = [0, 1, 2, 3].map((lane) => v128.lane(get(sum), lane));
    return [
      set(sum, v128.zero),
      set(rest, f32.const(0)),
      this.#across(
        set(sum, v128.add(get(sum), compute(this.#reader(v128.load)))),
        set(rest, f32.add(get(rest), firstLane(compute(this.#reader(v128.loadSplat))))),
      ),
      set(to, v128.splat(lanes.reduce((all, lane) => f32.add(all, lane), get(rest)))),
    ];
  }

  /** A parameter that is a float32, in each lane. */
  float(place: number): Code {
    return v128.splat(f32.load(i32.const(CONTROL.parameters), place * FLOAT_BYTES));
  }

  /** The function: `body` for each row of the block. */
  finish(body: Code): Func {
    const { row, end, start, whole } = this.#named;
    const [block] = this.func.params as readonly [Local];
    this.func.body = [
      set(whole, i32.sub(parameter(ROWS.rowBytes), i32.const(VECTOR_BYTES))),
      set(row, i32.mul(get(block), parameter(ROWS.rowsPerBlock))),
      set(end, smaller(i32.add(get(row), parameter(ROWS.rowsPerBlock)), parameter(ROWS.rows))),
      count(row, get(row), get(end), i32.const(1), [
        set(start, i32.mul(get(row), parameter(ROWS.rowBytes))),
        body,
      ]),
    ];
    return this.func;
  }
}

const { add, sub, mul, div, madd } = v128;
const one = v128.splat(f32.const(1));

/** Mean of the row, and 1/√(variance + epsilon). */
function moments(row: Row, mean: Local, inverse: Local): Code {
  const share = row.float(ROWS.share);
  const centred = (read: Read) => sub(read(ROWS.x), get(mean));
  return [
    row.sum(mean, (read) => read(ROWS.x)),
    set(mean, mul(get(mean), share)),
    row.sum(inverse, (read) => mul(centred(read), centred(read))),
    set(inverse, div(one, v128.sqrt(add(mul(get(inverse), share), row.float(ROWS.epsilon))))),
  ];
}

/** (x − mean)·inverse·scale + shift. */
function norm(): Func {
  const row = new Row();
  const [mean, inverse] = [row.held(), row.held()];
  return row.finish([
    moments(row, mean, inverse),
    row.write((read) =>
      madd(mul(sub(read(ROWS.x), get(mean)), get(inverse)), read(ROWS.scale), read(ROWS.shift))
    ),
  ]);
}

/** With h = g·scale: (h − mean h − (x − mean)·inverse²·mean(h·(x − mean)))·inverse. */
function normBack(): Func {
  const row = new Row();
  const [mean, inverse, meanH, slope] = [row.held(), row.held(), row.held(), row.held()];
  const share = row.float(ROWS.share);
  const h = (read: Read) => mul(read(ROWS.gradient), read(ROWS.scale));
  const centred = (read: Read) => sub(read(ROWS.x), get(mean));
  return row.finish([
    moments(row, mean, inverse),
    row.sum(meanH, h),
    set(meanH, mul(get(meanH), share)),
    row.sum(slope, (read) => mul(h(read), centred(read))),
    set(slope, mul(mul(get(slope), share), mul(get(inverse), get(inverse)))),
    row.write((read) => mul(sub(sub(h(read), get(meanH)), mul(centred(read), get(slope))), get(inverse))),
  ]);
}

/** p·(g − Σ g·p). */
function softmaxBack(): Func {
  const row = new Row();
  const sum = row.held();
  return row.finish([
    row.sum(sum, (read) => mul(read(ROWS.gradient), read(ROWS.x))),
    row.write((read) => mul(read(ROWS.x), sub(read(ROWS.gradient), get(sum)))),
  ]);
}
