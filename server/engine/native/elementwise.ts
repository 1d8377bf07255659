/** Kernels over values of one length: sums, and the masks of activations in the backward pass. */
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

/** Places of the parameters; addresses and lengths in bytes, limits as float32. */
export const ELEMENTWISE = { a: 0, b: 1, output: 2, bytes: 3, bytesPerBlock: 4, low: 5, high: 6 } as const;

/** Bytes of one round: four vectors. */
const ROUND_BYTES = 64;
const VECTOR_BYTES = 16;

const FLOAT_BYTES = 4;

/** What a kernel does to a vector of each input. */
export type Combine = (a: Code, b: Code, low: Code, high: Code) => Code;

/** a + b. */
export const sum: Combine = (a, b) => v128.add(a, b);

/** The gradient a where the output b of an activation lies between its limits, else 0. */
export const masked: Combine = (a, b, low, high) => v128.and(a, v128.and(v128.gt(b, low), v128.lt(b, high)));

/** As `masked`, and only where the gradient is positive (guided backpropagation). */
export const guided: Combine = (a, b, low, high) => v128.and(masked(a, b, low, high), v128.gt(a, v128.zero));

/** Reads the limits. */
export function loadLimits(low: Local, high: Local): Code {
  return ([[low, ELEMENTWISE.low], [high, ELEMENTWISE.high]] as const).map(([local, place]) =>
    set(local, v128.splat(f32.load(i32.const(CONTROL.parameters), place * FLOAT_BYTES)))
  );
}

/** Sets the first byte of a block and its end. */
export function rangeOfBlock(at: Local, end: Local, block: Local): Code {
  return [
    set(at, i32.mul(get(block), parameter(ELEMENTWISE.bytesPerBlock))),
    set(end, smaller(i32.add(get(at), parameter(ELEMENTWISE.bytesPerBlock)), parameter(ELEMENTWISE.bytes))),
  ];
}

/** Adds a kernel and returns its place in the table. */
export function addElementwise(module: Module, combine: Combine): number {
  const func = new Func("i32");
  const [block] = func.params as readonly [Local];
  const at = func.local("i32");
  const end = func.local("i32");
  const whole = func.local("i32");
  const low = func.local("v128");
  const high = func.local("v128");
  const read = (place: number, load: typeof v128.load, offset = 0) =>
    load(i32.add(parameter(place), get(at)), offset);
  const combined = (load: typeof v128.load, offset = 0) =>
    combine(read(ELEMENTWISE.a, load, offset), read(ELEMENTWISE.b, load, offset), get(low), get(high));
  const output = i32.add(parameter(ELEMENTWISE.output), get(at));
  func.body = [
    loadLimits(low, high),
    rangeOfBlock(at, end, block),
    set(whole, i32.sub(get(end), i32.const(ROUND_BYTES))),
    forever([
      leaveWhen(i32.gt(get(at), get(whole))),
      [0, 1, 2, 3].map((round) =>
        v128.store(output, combined(v128.load, round * VECTOR_BYTES), round * VECTOR_BYTES)
      ),
      increase(at, i32.const(ROUND_BYTES)),
    ]),
    forever([
      leaveWhen(i32.ge(get(at), get(end))),
      f32.store(output, firstLane(combined(v128.loadSplat))),
      increase(at, i32.const(FLOAT_BYTES)),
    ]),
  ];
  return module.add(func);
}
