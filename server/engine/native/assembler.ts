/**
 * A small WebAssembly assembler: instructions as nested lists of bytes, functions with named locals, one module.
 *
 * Kernels are written with it and not in a language of their own because they are made at run time: their length
 * depends on the model's layers, and each thread's code has the address of its own scratch memory in it.
 */
import { bytesOf, float32, section, signed, text, unsigned, vector } from "./_encode.ts";

/** Instructions: bytes in nested lists. An expression leaves one value on the stack, a statement none. */
export type Code = readonly (number | Code)[] | Uint8Array;

/** Types of values, by their byte in the binary format. */
export const TYPE = { i32: 0x7f, f32: 0x7d, v128: 0x7b } as const;
export type Type = keyof typeof TYPE;

/** A parameter or local variable of a function. */
export interface Local {
  readonly type: Type;
  readonly index: number;
}

const SIMD = 0xfd;
const ATOMIC = 0xfe;
const BULK = 0xfc;
/** Alignment hints, as powers of two. */
const ALIGN_4 = 2;
const NO_VALUE = 0x40;

const binary = (opcode: number) => (a: Code, b: Code): Code => [a, b, opcode];
const simd = (opcode: number) => (...operands: readonly Code[]): Code => [operands, SIMD, unsigned(opcode)];

/** Reads a local. */
export const get = ({ index }: Local): Code => [0x20, unsigned(index)];
/** Writes a local. */
export const set = ({ index }: Local, value: Code): Code => [value, 0x21, unsigned(index)];
/** Writes a local and leaves the value. */
export const setAndGet = ({ index }: Local, value: Code): Code => [value, 0x22, unsigned(index)];
/** Adds to an i32 local. */
export const increase = (local: Local, by: Code): Code => set(local, i32.add(get(local), by));

/** Whole numbers of 32 bits; addresses are such. */
export const i32 = {
  const: (value: number): Code => [0x41, signed(value)],
  add: binary(0x6a),
  sub: binary(0x6b),
  mul: binary(0x6c),
  div: binary(0x6e),
  rem: binary(0x70),
  and: binary(0x71),
  or: binary(0x72),
  shl: (a: Code, bits: number): Code => [a, i32.const(bits), 0x74],
  /** Shifts to the right, zeros from the left. */
  shr: (a: Code, bits: number): Code => [a, i32.const(bits), 0x76],
  eq: binary(0x46),
  ne: binary(0x47),
  lt: binary(0x48),
  gt: binary(0x4a),
  le: binary(0x4c),
  ge: binary(0x4e),
  eqz: (a: Code): Code => [a, 0x45],
  load: (address: Code, offset = 0): Code => [address, 0x28, ALIGN_4, unsigned(offset)],
  store: (address: Code, value: Code, offset = 0): Code => [address, value, 0x36, ALIGN_4, unsigned(offset)],
};

/** The first of two values of one type where the condition holds, else the second; both are computed. */
export const select = (a: Code, b: Code, condition: Code): Code => [a, b, condition, 0x1b];

/** The smaller or larger of two whole numbers that are cheap to compute twice. */
export const smaller = (a: Code, b: Code): Code => select(a, b, i32.lt(a, b));
export const larger = (a: Code, b: Code): Code => select(a, b, i32.gt(a, b));

export const f32 = {
  const: (value: number): Code => [0x43, float32(value)],
  add: binary(0x92),
  load: (address: Code, offset = 0): Code => [address, 0x2a, ALIGN_4, unsigned(offset)],
  store: (address: Code, value: Code, offset = 0): Code => [address, value, 0x38, ALIGN_4, unsigned(offset)],
  min: binary(0x96),
  max: binary(0x97),
};

/** Four float32 at once. */
export const v128 = {
  zero: [SIMD, 0x0c, Array.from({ length: 16 }, () => 0)] as Code,
  load: (address: Code, offset = 0): Code => [address, SIMD, 0x00, ALIGN_4, unsigned(offset)],
  /** Four whole numbers below 128. */
  words: (...numbers: readonly [number, number, number, number]): Code => [
    SIMD,
    0x0c,
    numbers.flatMap((number) => [number, 0, 0, 0]),
  ],
  load8Splat: (address: Code, offset = 0): Code => [address, SIMD, 0x07, 0, unsigned(offset)],
  loadSplat: (address: Code, offset = 0): Code => [address, SIMD, 0x09, ALIGN_4, unsigned(offset)],
  store: (
    address: Code,
    value: Code,
    offset = 0,
  ): Code => [address, value, SIMD, 0x0b, ALIGN_4, unsigned(offset)],
  splat: simd(0x13),
  /** One of four float32. */
  lane: (numbers: Code, lane: number): Code => [numbers, SIMD, 0x1f, lane],
  /** Whole numbers that are equal, and the upper bits of all lanes. */
  eq: simd(0x37),
  bitmask: simd(0xa4),
  lt: simd(0x43),
  gt: simd(0x44),
  and: simd(0x4e),
  /** Bits of the first where the third has ones, of the second elsewhere. */
  choose: simd(0x52),
  abs: simd(0xe0),
  add: simd(0xe4),
  sub: simd(0xe5),
  mul: simd(0xe6),
  div: simd(0xe7),
  /** Rounded to whole numbers. */
  nearest: simd(0x6a),
  /** 2^n of whole numbers from −126 to 127: n + 127 is the exponent's bits. */
  powerOfTwo: (n: Code): Code => [
    [n, SIMD, unsigned(0xf8), i32.const(127), SIMD, 0x11, SIMD, unsigned(0xae)],
    i32.const(23),
    SIMD,
    unsigned(0xab),
  ],
  sqrt: simd(0xe3),
  min: simd(0xe8),
  max: simd(0xe9),
  /** a·b + c, rounded once where the machine can. */
  madd: simd(0x105),
};

/** The first of four float32. */
export const firstLane = (numbers: Code): Code => [numbers, SIMD, 0x1f, 0];

export const atomic = {
  load: (address: Code): Code => [address, ATOMIC, 0x10, ALIGN_4, 0],
  store: (address: Code, value: Code): Code => [address, value, ATOMIC, 0x17, ALIGN_4, 0],
  /** Adds and returns the number from before. */
  add: (address: Code, by: Code): Code => [address, by, ATOMIC, 0x1e, ALIGN_4, 0],
  /** Sleeps while the number is as expected, at most `nanoseconds`; −1: for ever. */
  wait: (
    address: Code,
    expected: Code,
    nanoseconds: number,
  ): Code => [address, expected, 0x42, signed(nanoseconds), ATOMIC, 0x01, ALIGN_4, 0, 0x1a],
  notify: (address: Code): Code => [address, i32.const(-1), ATOMIC, 0x00, ALIGN_4, 0, 0x1a],
};

/** Copies bytes. */
export const copy = (to: Code, from: Code, bytes: Code): Code => [to, from, bytes, BULK, 0x0a, 0, 0];
/** Fills bytes with zeros. */
export const clear = (at: Code, bytes: Code): Code => [at, i32.const(0), bytes, BULK, 0x0b, 0];

/** Statements. */
export const when = (condition: Code, then: Code, otherwise: Code = []): Code =>
  otherwise.length === 0
    ? [condition, 0x04, NO_VALUE, then, 0x0b]
    : [condition, 0x04, NO_VALUE, then, 0x05, otherwise, 0x0b];
/** Runs the body again and again; `leave` inside a body ends the loop, at the depth of its own nesting. */
export const forever = (body: Code): Code => [0x02, NO_VALUE, 0x03, NO_VALUE, body, 0x0c, 0, 0x0b, 0x0b];
/** Ends the loop that directly holds this statement where the condition holds. */
export const leaveWhen = (condition: Code): Code => [condition, 0x0d, 1];
/** Goes round the loop that directly holds this statement at once, where the condition holds. */
export const againWhen = (condition: Code): Code => [condition, 0x0d, 0];
/** Leaves the function. */
export const leaveFunction: Code = [0x0f];

/** Counts a local from `from` in steps of `by` while it is below `to`, which is computed again each time. */
export const count = (local: Local, from: Code, to: Code, by: Code, body: Code): Code => [
  set(local, from),
  forever([leaveWhen(i32.ge(get(local), to)), body, increase(local, by)]),
];

/** A function while it is written. */
export class Func {
  readonly takes: readonly Type[];
  readonly params: readonly Local[];
  readonly #locals: Local[] = [];
  body: Code = [];

  constructor(...takes: readonly Type[]) {
    this.takes = takes;
    this.params = takes.map((type, index) => ({ type, index }));
  }

  /** Makes a local variable. */
  local(type: Type): Local {
    const local = { type, index: this.takes.length + this.#locals.length };
    this.#locals.push(local);
    return local;
  }

  /** Makes several local variables of a type. */
  locals(type: Type, number: number): readonly Local[] {
    return Array.from({ length: number }, () => this.local(type));
  }

  /** Makes whole-number variables by their names. */
  named<N extends string>(...names: readonly N[]): Readonly<Record<N, Local>> {
    return Object.fromEntries(names.map((name) => [name, this.local("i32")])) as Record<N, Local>;
  }

  /** The function's entry in the code section. */
  encode(): Code {
    const locals = this.#locals.map(({ type }) => [1, TYPE[type]]);
    const code = bytesOf([vector(locals), this.body, 0x0b]);
    return [unsigned(code.length), code];
  }
}

/** Size of the memory that a module imports, in pages of 64 KiB; where both are the same, it never grows. */
export interface MemoryPages {
  readonly initial: number;
  readonly maximum: number;
}

/** A module that imports one shared memory, `env.memory`; its functions return nothing and are all in one table. */
export class Module {
  readonly #functions: Func[] = [];
  readonly #exports: { readonly name: string; readonly index: number }[] = [];
  readonly #memory: MemoryPages;
  #mostParameters = 0;

  constructor(memory: MemoryPages) {
    this.#memory = memory;
  }

  /** Adds a function; its number is its place in the table as well. */
  add(func: Func, exportAs?: string): number {
    const index = this.#functions.push(func) - 1;
    if (exportAs !== undefined) this.#exports.push({ name: exportAs, index });
    return index;
  }

  /** Calls a function of the table that takes i32 parameters only. */
  callAt(place: Code, parameters: readonly Code[]): Code {
    this.#mostParameters = Math.max(this.#mostParameters, parameters.length);
    return [parameters, place, 0x11, unsigned(parameters.length), 0];
  }

  /** The module in the binary format. */
  encode(): Uint8Array<ArrayBuffer> {
    const number = this.#functions.length;
    // Type n takes n parameters of i32.
    const most = Math.max(this.#mostParameters, ...this.#functions.map(({ takes }) => takes.length));
    const types = Array.from(
      { length: most + 1 },
      (_, n) => [0x60, vector(Array.from({ length: n }, () => [TYPE.i32])), 0],
    );
    const shared = 0x03;
    const limits = [unsigned(this.#memory.initial), unsigned(this.#memory.maximum)];
    const all = Array.from({ length: number }, (_, index) => unsigned(index));
    return bytesOf([
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(1, vector(types)),
      section(2, vector([[text("env"), text("memory"), 0x02, shared, limits]])),
      section(3, vector(this.#functions.map(({ takes }) => unsigned(takes.length)))),
      section(4, vector([[0x70, 0x00, unsigned(number)]])),
      section(7, vector(this.#exports.map(({ name, index }) => [text(name), 0x00, unsigned(index)]))),
      section(9, vector([[0x00, i32.const(0), 0x0b, vector(all)]])),
      section(10, vector(this.#functions.map((func) => func.encode()))),
    ]);
  }
}
