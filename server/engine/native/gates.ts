/**
 * Gates: where a rectifier's output lay between its limits, a bit a number. A gradient in the backward pass passes there and
 * nowhere else, and that is all it needs to know of the output, at a sixteenth of its size.
 *
 * Four neighbouring numbers share a byte, whose four lower bits are theirs.
 */
import {
  type Code,
  count,
  Func,
  get,
  i32,
  type Local,
  type Module,
  set,
  setAndGet,
  v128,
} from "./assembler.ts";
import { ELEMENTWISE, loadLimits, rangeOfBlock } from "./elementwise.ts";
import { parameter } from "./job.ts";

const FLOAT_BYTES = 4;
const VECTOR_BYTES = 16;

/** Numbers that share a byte of a gate. */
export const NUMBERS_PER_BYTE = 4;

/** Numbers of a round; a gate's length is a multiple of their bytes. */
const ROUND = 16;

/** Reports whether the rows of values of a shape fill whole bytes of a gate. */
export function fitsGate(shape: readonly number[]): boolean {
  return (shape.at(-1) ?? 1) % NUMBERS_PER_BYTE === 0;
}

/** Bytes of the gate of so many numbers. */
export function gateBytes(length: number): number {
  return Math.ceil(length / ROUND) * ROUND / NUMBERS_PER_BYTE;
}

/** What each lane of a vector has to find in its byte of the gate. */
export const LANE_BITS: Code = v128.words(1, 2, 4, 8);

/** Lets four numbers through where the gate's byte at an address has their bits. */
export function throughGate(numbers: Code, address: Code, laneBits: Local, offset = 0): Code {
  return v128.and(
    numbers,
    v128.eq(v128.and(v128.load8Splat(address, offset), get(laneBits)), get(laneBits)),
  );
}

/** Adds the kernel that makes a gate, its output, of a rectifier's output `a`: bits where low < a < high. */
export function addPack(module: Module): number {
  const func = new Func("i32");
  const [block] = func.params as readonly [Local];
  const { at, end } = func.named("at", "end");
  const [low, high, value] = func.locals("v128", 3) as [Local, Local, Local];
  const bitsOf = (vector: number): Code => [
    v128.bitmask(
      v128.and(
        v128.gt(
          setAndGet(value, v128.load(i32.add(parameter(ELEMENTWISE.a), get(at)), vector * VECTOR_BYTES)),
          get(low),
        ),
        v128.lt(get(value), get(high)),
      ),
    ),
  ];
  func.body = [
    loadLimits(low, high),
    rangeOfBlock(at, end, block),
    count(at, get(at), get(end), i32.const(ROUND * FLOAT_BYTES), [
      i32.store(
        i32.add(parameter(ELEMENTWISE.output), i32.shr(get(at), 4)),
        i32.or(
          i32.or(bitsOf(0), i32.shl(bitsOf(1), 8)),
          i32.or(i32.shl(bitsOf(2), 16), i32.shl(bitsOf(3), 24)),
        ),
      ),
    ]),
  ];
  return module.add(func);
}

/** Adds the kernel that lets values `a` through a gate `b` and keeps what is at least `low`. */
export function addThrough(module: Module): number {
  const func = new Func("i32");
  const [block] = func.params as readonly [Local];
  const { at, end } = func.named("at", "end");
  const [low, high, laneBits] = func.locals("v128", 3) as [Local, Local, Local];
  func.body = [
    loadLimits(low, high),
    set(laneBits, LANE_BITS),
    rangeOfBlock(at, end, block),
    count(at, get(at), get(end), i32.const(VECTOR_BYTES), [
      v128.store(
        i32.add(parameter(ELEMENTWISE.output), get(at)),
        throughGate(
          v128.max(get(low), v128.load(i32.add(parameter(ELEMENTWISE.a), get(at)))),
          i32.add(parameter(ELEMENTWISE.b), i32.shr(get(at), 4)),
          laneBits,
        ),
      ),
    ]),
  ];
  return module.add(func);
}
