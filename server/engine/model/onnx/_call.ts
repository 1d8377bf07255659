/** What the import of one operation gets, and how it reads its settings. */
import type { Builder } from "./_builder.ts";
import { denseOf } from "./_builder.ts";
import type { NodeProto } from "./_proto.ts";
import type { Tensor } from "./_tensor.ts";
import { type Constant, constant, type Dynamic, isConstant, isDynamic, type Value } from "./_value.ts";

/** One operation of ONNX whose inputs are known; `null` is an input that is left out. */
export interface OnnxCall {
  readonly node: NodeProto;
  readonly inputs: readonly (Value | null)[];
  readonly build: Builder;
  readonly opset: number;
  /** Numbers of an attribute that is a tensor, or null without. */
  tensor(attribute: string): Tensor | null;
}

/** Imports an operation: its outputs, in order. Throws RangeError with what is not computed. */
export type Importer = (call: OnnxCall) => readonly Value[];

/** Says what is not computed, in words that follow the operation's name. */
export function refuse(reason: string): never {
  throw new RangeError(reason);
}

export function input(call: OnnxCall, at: number): Value {
  return call.inputs[at] ?? refuse(`must have ${at + 1} inputs or more, got ${call.inputs.length}`);
}

/** Whether an input is there: the last ones may be missing, others may be left out. */
export function isGiven(call: OnnxCall, at: number): boolean {
  return (call.inputs[at] ?? null) !== null;
}

export function dynamic(call: OnnxCall, at: number): Dynamic {
  const value = input(call, at);
  if (isDynamic(value)) return value;
  // Numbers that something computes with as with a picture: they become a node.
  const groups = value.dims.map((_, axis) => [axis]);
  const sides = groups.length === 0 ? [[]] : groups;
  const name = call.build.operand(value, sides);
  const known = value as Constant;
  const order = value.axes.flat();
  return {
    dims: value.dims,
    source: { kind: "node", name, shape: value.dims.length === 0 ? [1] : value.dims },
    atoms: order.map((atom) => known.atoms[atom] as number),
    axes: value.axes.map((axis) => axis.map((atom) => order.indexOf(atom))),
  };
}

/** An input that has to be known at import: weights, sizes. */
export function known(call: OnnxCall, at: number, what: string): Constant {
  const value = input(call, at);
  return isConstant(value) ? value : refuse(`must have ${what} that the file holds, got computed ones`);
}

export function knownOrNull(call: OnnxCall, at: number, what: string): Constant | null {
  return !isGiven(call, at) ? null : known(call, at, what);
}

/** Numbers of an input that has to be known, or null where it is left out. */
export function numbers(call: OnnxCall, at: number, what: string): readonly number[] | null {
  const value = knownOrNull(call, at, what);
  return value === null ? null : [...denseOf(value)];
}

/** A single number of an input, or null where it is left out. */
export function scalar(call: OnnxCall, at: number, what: string): number | null {
  const [value, ...more] = numbers(call, at, what) ?? [];
  if (more.length > 0) refuse(`must have one number as ${what}, got ${more.length + 1}`);
  return value ?? null;
}

export function int(call: OnnxCall, name: string, otherwise: number): number {
  return call.node.attributes.get(name)?.i ?? otherwise;
}

export function float(call: OnnxCall, name: string, otherwise: number): number {
  return call.node.attributes.get(name)?.f ?? otherwise;
}

export function word(call: OnnxCall, name: string, otherwise: string): string {
  return call.node.attributes.get(name)?.s ?? otherwise;
}

export function ints(call: OnnxCall, name: string): readonly number[] | null {
  return call.node.attributes.get(name)?.ints ?? null;
}

/** A list that older versions write as an attribute and newer ones as an input. */
export function listed(call: OnnxCall, name: string, at: number): readonly number[] | null {
  return ints(call, name) ?? numbers(call, at, name);
}

/** Numbers of a constant as float32, row by row of ONNX's order, in a memory of their own. */
export function vector(value: Constant): Float32Array {
  return new Float32Array(denseOf(value));
}

/** A constant of one number. */
export function single(value: number): Constant {
  return constant({ dims: [], kind: "float", values: new Float32Array([value]) });
}
