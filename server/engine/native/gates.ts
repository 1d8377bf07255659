/**
 * Gates: where a rectifier's output lay between its limits, a bit a number. A gradient on the way back passes there and
 * nowhere else, and that is all it needs to know of the output, at a sixteenth of its size.
 *
 * Four neighbouring numbers share a byte, whose four lower bits are theirs.
 */
import {
  type Code,
  count,
  f32,
  Func,
  get,
  i32,
  type Local,
  type Module,
  set,
  setAndGet,
  smaller,
  v128,
} from "./assembler.ts";
import { parameter } from "./job.ts";
import { CONTROL } from "./layout.ts";

const FLOAT_BYTES = 4;
const VECTOR_BYTES = 16;

/** Numbers that share a byte of a gate. */
export const NUMBERS_PER_BYTE = 4;

/** Numbers of a round; a gate's length is a multiple of their bytes. */
const ROUND = 16;

/** Places of both kernels' parameters; addresses and lengths in bytes, limits as float32. */
export const GATES = { input: 0, output: 1, gate: 2, bytes: 3, bytesPerBlock: 4, low: 5, high: 6 } as const;

/** Tells whether the rows of values of a shape fill whole bytes of a gate. */
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

/** Adds the kernel that makes a gate of a rectifier's output: bits where low < output < high. */
export function addPack(module: Module): number {
  const func = new Func("i32");
  const [block] = func.params as readonly [Local];
  const { at, end } = func.named("at", "end");
  const [low, high, value] = func.locals("v128", 3) as [Local, Local, Local];
  const bitsOf = (vector: number): Code => [
    v128.bitmask(
      v128.and(
        v128.gt(
          setAndGet(value, v128.load(i32.add(parameter(GATES.input), get(at)), vector * VECTOR_BYTES)),
          get(low),
        ),
        v128.lt(get(value), get(high)),
      ),
    ),
  ];
  func.body = [
    limits(low, high),
    range(at, end, block),
    count(at, get(at), get(end), i32.const(ROUND * FLOAT_BYTES), [
      i32.store(
        i32.add(parameter(GATES.gate), i32.shr(get(at), 4)),
        i32.or(
          i32.or(bitsOf(0), i32.shl(bitsOf(1), 8)),
          i32.or(i32.shl(bitsOf(2), 16), i32.shl(bitsOf(3), 24)),
        ),
      ),
    ]),
  ];
  return module.add(func);
}

/** Adds the kernel that lets values through a gate and keeps what is at least `low`. */
export function addThrough(module: Module): number {
  const func = new Func("i32");
  const [block] = func.params as readonly [Local];
  const { at, end } = func.named("at", "end");
  const [low, high, laneBits] = func.locals("v128", 3) as [Local, Local, Local];
  func.body = [
    limits(low, high),
    set(laneBits, LANE_BITS),
    range(at, end, block),
    count(at, get(at), get(end), i32.const(VECTOR_BYTES), [
      v128.store(
        i32.add(parameter(GATES.output), get(at)),
        throughGate(
          v128.max(get(low), v128.load(i32.add(parameter(GATES.input), get(at)))),
          i32.add(parameter(GATES.gate), i32.shr(get(at), 4)),
          laneBits,
        ),
      ),
    ]),
  ];
  return module.add(func);
}

function limits(low: Local, high: Local): Code {
  return ([[low, GATES.low], [high, GATES.high]] as const).map(([local, place]) =>
    set(local, v128.splat(f32.load(i32.const(CONTROL.parameters), place * FLOAT_BYTES)))
  );
}

/** Sets the first byte of a block and its end. */
function range(at: Local, end: Local, block: Local): Code {
  return [
    set(at, i32.mul(get(block), parameter(GATES.bytesPerBlock))),
    set(end, smaller(i32.add(get(at), parameter(GATES.bytesPerBlock)), parameter(GATES.bytes))),
  ];
}
