/**
 * Functions of one value that are no rectifiers, and gradients times their slopes.
 *
 * Each is written for four numbers at a time out of sums, products and e^x, which is a power of two times a polynomial
 * (Cephes' expf, to 2e-7).
 */
import {
  type Code,
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

/** Functions that there are kernels for. */
export const CURVES = ["clip", "swish", "hard-swish", "gelu", "gelu-tanh", "erf"] as const;
export type CurveName = typeof CURVES[number];

/** Places of the parameters; addresses and lengths in bytes, what `clip` is made of as float32. */
export const CURVE = {
  /** What is read: the input, for the slope of `clip` the output. */
  x: 0,
  /** Of a slope's kernel. */
  gradient: 1,
  output: 2,
  bytes: 3,
  bytesPerBlock: 4,
  scale: 5,
  shift: 6,
  low: 7,
  high: 8,
} as const;

/** Where a function's kernels are in the table. */
export interface CurvePlaces {
  readonly value: number;
  readonly slope: number;
}

const VECTOR_BYTES = 16;
const FLOAT_BYTES = 4;
/** Bytes of one round: two vectors, which V8 joins. */
const ROUND_BYTES = 32;

/** Statements that name what they compute, so that it is computed once. */
class Steps {
  readonly #func: Func;
  readonly #locals: Local[] = [];
  #used = 0;
  #code: Code[] = [];

  constructor(func: Func) {
    this.#func = func;
  }

  keep(value: Code): Code {
    const local = this.#locals[this.#used] ?? this.#func.local("v128");
    this.#locals[this.#used++] = local;
    this.#code.push(set(local, value));
    return get(local);
  }

  /** The statements so far; the next ones begin again. */
  take(): Code {
    const code = this.#code;
    this.#code = [];
    return code;
  }

  /** Lets the names be given again. */
  reuse(): void {
    this.#used = 0;
  }
}

/** What `clip` is made of, in registers. */
interface Clip {
  readonly scale: Code;
  readonly shift: Code;
  readonly low: Code;
  readonly high: Code;
}

const constant = (value: number): Code => v128.splat(f32.const(value));
const { add, sub, mul, div, min, max, madd } = v128;
const one = constant(1);
const half = constant(0.5);

/** Where a polynomial's highest coefficient comes first. */
function polynomial(steps: Steps, x: Code, coefficients: readonly number[]): Code {
  const [first = 0, ...rest] = coefficients;
  return rest.reduce<Code>((sum, factor) => steps.keep(madd(sum, x, constant(factor))), constant(first));
}

/** e^x, x being held between −87 and 88. */
function exponential(steps: Steps, power: Code): Code {
  const x = steps.keep(max(constant(-87), min(constant(88), power)));
  const n = steps.keep(v128.nearest(mul(x, constant(Math.LOG2E))));
  // ln 2 in two parts, the first of which times n is exact.
  const r = steps.keep(madd(n, constant(2.12194440e-4), madd(n, constant(-0.693359375), x)));
  const p = polynomial(steps, r, [
    1.9875691500e-4,
    1.3981999507e-3,
    8.3334519073e-3,
    4.1665795894e-2,
    1.6666665459e-1,
    5.0000001201e-1,
  ]);
  const fraction = steps.keep(madd(mul(p, r), r, add(r, one)));
  return steps.keep(mul(fraction, v128.powerOfTwo(n)));
}

function sigmoid(steps: Steps, x: Code): Code {
  return steps.keep(div(one, add(one, exponential(steps, sub(v128.zero, x)))));
}

/** Density of the normal distribution at x, and its share below x: Abramowitz and Stegun 26.2.17. */
function normal(steps: Steps, x: Code): { readonly density: Code; readonly share: Code } {
  const density = steps.keep(
    mul(exponential(steps, mul(mul(x, x), constant(-0.5))), constant(1 / Math.sqrt(2 * Math.PI))),
  );
  const t = steps.keep(div(one, madd(v128.abs(x), constant(0.2316419), one)));
  const sum = polynomial(steps, t, [1.330274429, -1.821255978, 1.781477937, -0.356563782, 0.319381530]);
  const tail = steps.keep(mul(mul(density, t), sum));
  return { density, share: steps.keep(v128.choose(sub(one, tail), tail, v128.gt(x, v128.zero))) };
}

/** tanh of gelu's inner polynomial. */
function geluBent(steps: Steps, x: Code): Code {
  const squared = steps.keep(mul(x, x));
  const inner = mul(mul(x, constant(2 * GELU.factor)), madd(squared, constant(GELU.cubic), one));
  const power = exponential(steps, inner);
  return steps.keep(sub(one, div(constant(2), add(one, power))));
}

const GELU = { factor: Math.sqrt(2 / Math.PI), cubic: 0.044715 } as const;

function value(name: CurveName, steps: Steps, x: Code, clip: Clip): Code {
  switch (name) {
    case "clip":
      return min(clip.high, max(clip.low, madd(x, clip.scale, clip.shift)));
    case "swish":
      return mul(x, sigmoid(steps, x));
    case "hard-swish":
      return mul(x, mul(min(constant(6), max(v128.zero, add(x, constant(3)))), constant(1 / 6)));
    case "gelu":
      return mul(x, normal(steps, x).share);
    case "gelu-tanh":
      return mul(mul(x, half), add(one, geluBent(steps, x)));
    case "erf":
      return sub(mul(normal(steps, steps.keep(mul(x, constant(Math.SQRT2)))).share, constant(2)), one);
    default:
      throw new Error(`Cannot write the function: expected a known one, got ${name satisfies never}`);
  }
}

/** At x; that of `clip` at the function's value. */
function slope(name: CurveName, steps: Steps, x: Code, clip: Clip): Code {
  switch (name) {
    case "clip":
      return v128.and(clip.scale, v128.and(v128.gt(x, clip.low), v128.lt(x, clip.high)));
    case "swish": {
      const share = sigmoid(steps, x);
      return mul(share, madd(x, sub(one, share), one));
    }
    case "hard-swish": {
      const middle = steps.keep(mul(madd(x, constant(2), constant(3)), constant(1 / 6)));
      const bent = steps.keep(v128.choose(middle, one, v128.lt(x, constant(3))));
      return v128.and(bent, v128.gt(x, constant(-3)));
    }
    case "gelu": {
      const { density, share } = normal(steps, x);
      return madd(x, density, share);
    }
    case "gelu-tanh": {
      const bent = geluBent(steps, x);
      const inner = mul(constant(GELU.factor), madd(mul(x, x), constant(3 * GELU.cubic), one));
      const across = mul(mul(x, half), mul(sub(one, mul(bent, bent)), inner));
      return madd(half, add(one, bent), across);
    }
    case "erf":
      return mul(constant(2 / Math.sqrt(Math.PI)), exponential(steps, sub(v128.zero, mul(x, x))));
    default:
      throw new Error(`Cannot write the function: expected a known one, got ${name satisfies never}`);
  }
}

/** Adds the kernels of a function. */
export function addCurve(module: Module, name: CurveName): CurvePlaces {
  return {
    value: module.add(kernel((steps, x, _gradient, clip) => value(name, steps, x, clip))),
    slope: module.add(kernel((steps, x, gradient, clip) => mul(gradient, slope(name, steps, x, clip)))),
  };
}

function kernel(compute: (steps: Steps, x: Code, gradient: Code, clip: Clip) => Code): Func {
  const func = new Func("i32");
  const [block] = func.params as readonly [Local];
  const { at, end, whole } = func.named("at", "end", "whole");
  const limits = { scale: CURVE.scale, shift: CURVE.shift, low: CURVE.low, high: CURVE.high };
  const held = Object.entries(limits).map(([name, place]) => ({ name, place, local: func.local("v128") }));
  const clip = Object.fromEntries(held.map(({ name, local }) => [name, get(local)])) as unknown as Clip;
  const steps = new Steps(func);
  const output = i32.add(parameter(CURVE.output), get(at));
  const computed = (load: typeof v128.load, offset: number) => {
    const read = (place: number) => load(i32.add(parameter(place), get(at)), offset);
    return compute(steps, steps.keep(read(CURVE.x)), read(CURVE.gradient), clip);
  };
  const round = (): Code => {
    const results = [0, VECTOR_BYTES].map((offset) => ({
      offset,
      result: steps.keep(computed(v128.load, offset)),
    }));
    return [steps.take(), results.map(({ offset, result }) => v128.store(output, result, offset))];
  };
  const single = (): Code => {
    const result = computed(v128.loadSplat, 0);
    return [steps.take(), f32.store(output, firstLane(result))];
  };
  const rounds = round();
  steps.reuse();
  func.body = [
    held.map(({ place, local }) =>
      set(local, v128.splat(f32.load(i32.const(CONTROL.parameters), place * FLOAT_BYTES)))
    ),
    set(at, i32.mul(get(block), parameter(CURVE.bytesPerBlock))),
    set(end, smaller(i32.add(get(at), parameter(CURVE.bytesPerBlock)), parameter(CURVE.bytes))),
    set(whole, i32.sub(get(end), i32.const(ROUND_BYTES))),
    forever([leaveWhen(i32.gt(get(at), get(whole))), rounds, increase(at, i32.const(ROUND_BYTES))]),
    forever([leaveWhen(i32.ge(get(at), get(end))), single(), increase(at, i32.const(FLOAT_BYTES))]),
  ];
  return func;
}
