/** Stores values as an operation can work on them, at the least cost. */
import type { Shape } from "../../graph/graph.ts";
import { type Builder, denseOf, numbersOf } from "./_builder.ts";
import { permuted } from "./_tensor.ts";
import {
  constant,
  type Dynamic,
  isConstant,
  isDynamic,
  product,
  refined,
  reshaped,
  stored,
  type Value,
} from "./_value.ts";

/** A node of the graph, in a shape whose sides each belong to one class. */
export interface Units {
  readonly name: string;
  readonly shape: Shape;
  /** For each side the class of its atoms; undefined for a side of 1. */
  readonly classes: readonly unknown[];
}

/**
 * Cuts a value's storage where the class of its atoms changes, and nowhere else if it can keep its shape.
 *
 * @param single class whose atoms have to make one side
 */
export function inUnits(
  build: Builder,
  value: Dynamic,
  classOf: (atom: number) => unknown,
  single?: unknown,
): Units {
  const { source: { name, shape }, atoms } = value;
  const kept = classesOf(shape, atoms, classOf);
  if (kept !== null && kept.filter((found) => found === single && found !== undefined).length <= 1) {
    return { name, shape, classes: kept };
  }
  const sides: number[] = [];
  const classes: unknown[] = [];
  atoms.forEach((size, atom) => {
    const found = classOf(atom);
    if (sides.length > 0 && classes.at(-1) === found) {
      sides[sides.length - 1] = (sides.at(-1) as number) * size;
    } else {
      sides.push(size);
      classes.push(found);
    }
  });
  if (sides.length === 0) return { name: build.reshape(name, shape, [1]), shape: [1], classes: [undefined] };
  return { name: build.reshape(name, shape, sides), shape: sides, classes };
}

/** The class of each side of a shape, or null where a side has atoms of several. */
function classesOf(shape: Shape, atoms: readonly number[], classOf: (atom: number) => unknown) {
  const ends: { readonly end: number; readonly found: unknown }[] = [];
  let end = 1;
  atoms.forEach((size, atom) => ends.push({ end: end *= size, found: classOf(atom) }));
  const classes: unknown[] = [];
  let at = 1;
  for (const side of shape) {
    const from = at;
    at *= side;
    const inside = ends.filter((atom, i) => atom.end > from && (ends[i - 1]?.end ?? 1) < at);
    const [first] = inside;
    if (inside.some(({ found }) => found !== first?.found)) return null;
    classes.push(side === 1 ? undefined : first?.found);
  }
  return classes;
}

/** A value whose last side in the engine is made of some of ONNX's sides. */
export interface Suffixed {
  readonly value: Dynamic;
  readonly name: string;
  /** The last side is that of the axes. */
  readonly shape: Shape;
  /** Puts numbers that belong to the axes, in ONNX's order, into the order of storage. */
  arrange(values: Float32Array | Float64Array): Float32Array;
  /** The axes' atoms in ONNX's order, and in which order of them they are stored. */
  readonly sizes: readonly number[];
  readonly order: readonly number[];
}

/** Makes some of ONNX's sides the last one of the engine's value; numbers move only where they lie elsewhere. */
export function suffixed(build: Builder, given: Dynamic, axes: readonly number[]): Suffixed {
  const wanted = axes.flatMap((axis) => given.axes[axis] as readonly number[]);
  const rest = given.atoms.map((_, atom) => atom).filter((atom) => !wanted.includes(atom));
  const value = wanted.every((atom) => atom >= rest.length)
    ? given
    : reordered(build, given, [...rest, ...wanted]);
  const inside = axes.flatMap((axis) => value.axes[axis] as readonly number[]);
  const sizes = inside.map((atom) => value.atoms[atom] as number);
  const order = inside.map((_, i) => i).sort((a, b) => (inside[a] as number) - (inside[b] as number));
  const last = product(sizes);
  const { source } = value;
  const before = product(value.atoms) / last;
  const shape = prefix(source.shape, before, last) ?? (before === 1 ? [last] : [before, last]);
  return {
    value,
    name: build.reshape(source.name, source.shape, shape),
    shape,
    arrange: (values) => new Float32Array(permuted(values, sizes, order)),
    sizes,
    order,
  };
}

/** The shape with everything from the cut on as one side; null where a side lies across the cut. */
function prefix(shape: Shape, before: number, last: number): Shape | null {
  const sides: number[] = [];
  let cells = 1;
  for (const side of shape) {
    if (cells === before && (side !== 1 || last === 1)) break;
    sides.push(side);
    cells *= side;
  }
  return cells === before ? [...sides, last] : null;
}

/** The value with its atoms stored in another order. */
export function reordered(build: Builder, value: Dynamic, order: readonly number[]): Dynamic {
  const atoms = order.map((atom) => value.atoms[atom] as number);
  const shape = atoms.length === 0 ? [1] : atoms;
  const name = build.inOrder(value, order, shape);
  return {
    ...value,
    source: { kind: "node", name, shape },
    atoms,
    axes: value.axes.map((axis) => axis.map((atom) => order.indexOf(atom))),
  };
}

/** The value with its numbers row by row of ONNX's order. */
export function contiguous(build: Builder, value: Value): Value {
  if (isConstant(value)) {
    return constant({ dims: value.dims, kind: value.source.type, values: denseOf(value) });
  }
  return reshapedTo(build, build.flat(value as Dynamic), value.dims);
}

/** The value with other sides. */
export function reshapedTo(build: Builder, value: Value, dims: readonly number[]): Value {
  const count = product(value.dims);
  if (product(dims) !== count) {
    throw new RangeError(`its input of [${value.dims}] must fit into [${dims}]`);
  }
  if (count === 0) throw new RangeError(`its input must hold numbers, got [${value.dims}]`);
  const free = reshaped(value, dims);
  if (free !== null) return free;
  if (isConstant(value)) {
    return constant({ dims, kind: value.source.type, values: denseOf(value) });
  }
  return reshaped(build.flat(value as Dynamic), dims) as Dynamic;
}

/** One of several values that are merged cell by cell. */
export type Operand =
  | { readonly kind: "node"; readonly name: string }
  | { readonly kind: "constant"; readonly shape: Shape; readonly values: Float32Array };

export interface Aligned {
  readonly operands: readonly Operand[];
  /** Gives the merged value, computed by a node. */
  result(name: string): Dynamic;
}

/** Sides of values that are merged cell by cell, by ONNX's rules: the last sides belong together, and 1 stretches. */
export function broadcastDims(all: readonly (readonly number[])[]): readonly number[] {
  const rank = Math.max(...all.map(({ length }) => length));
  return Array.from({ length: rank }, (_, axis) => {
    const sides = all.map((dims) => dims[axis - rank + dims.length] ?? 1);
    const side = sides.find((side) => side !== 1) ?? 1;
    if (sides.every((other) => other === 1 || other === side)) return side;
    throw new RangeError(
      `its inputs must have one shape, got ${all.map((dims) => `[${dims}]`).join(" and ")}`,
    );
  });
}

/** Stores values in one order, with as many sides each; constants move at import. */
export function align(build: Builder, given: readonly Value[]): Aligned {
  const dims = broadcastDims(given.map(({ dims }) => dims));
  const values = given.map((value) => widened(value, dims.length));
  const main = values.find((value) =>
    isDynamic(value) && value.dims.every((side, axis) => side === dims[axis])
  );
  if (main === undefined) return stretched(build, values, dims);
  const cut = commonCuts(values, dims);
  return cut === null
    ? align(build, values.map((value) => contiguous(build, value)))
    : alignedTo(build, cut, values.indexOf(main), dims);
}

function widened<V extends Value>(value: V, rank: number): V {
  const missing = Array.from({ length: rank - value.dims.length });
  if (missing.length === 0) return value;
  return {
    ...value,
    dims: [...missing.map(() => 1), ...value.dims],
    axes: [...missing.map(() => []), ...value.axes],
  };
}

/** Cuts the atoms of all values alike; null where they do not fit into each other. */
function commonCuts(values: readonly Value[], dims: readonly number[]): readonly Value[] | null {
  const ends = dims.map((_, axis) => {
    const all = new Set<number>();
    for (const value of values) cumulated(value, axis).forEach((end) => all.add(end));
    return [...all].sort((a, b) => a - b);
  });
  if (ends.some((cuts) => cuts.some((end, i) => end % (cuts[i - 1] ?? 1) !== 0))) return null;
  return values.map((value) => {
    const pieces = value.atoms.map((size): readonly number[] => [size]);
    value.axes.forEach((axis, at) => {
      let from = 1;
      axis.forEach((atom) => {
        const to = from * (value.atoms[atom] as number);
        const inside = (ends[at] as number[]).filter((end) => end > from && end <= to);
        pieces[atom] = inside.map((end, i) => end / (inside[i - 1] ?? from));
        from = to;
      });
    });
    return refined(value, pieces);
  });
}

function cumulated(value: Value, axis: number): readonly number[] {
  let end = 1;
  return (value.axes[axis] ?? []).map((atom) => end *= value.atoms[atom] as number);
}

/** For each atom of the main value the atom of another one that belongs to it, or undefined where that one is 1. */
function partners(main: Value, other: Value): readonly (number | undefined)[] {
  const found: (number | undefined)[] = main.atoms.map(() => undefined);
  main.axes.forEach((axis, at) => {
    axis.forEach((atom, piece) => found[atom] = other.axes[at]?.[piece]);
  });
  return found;
}

function alignedTo(
  build: Builder,
  values: readonly Value[],
  mainAt: number,
  dims: readonly number[],
): Aligned {
  const main = values[mainAt] as Dynamic;
  const pairs = values.map((value) => partners(main, value));
  const units = inUnits(
    build,
    main,
    (atom) => pairs.map((pair) => pair[atom] === undefined ? "-" : "+").join(""),
  );
  const operands = values.map((value, at): Operand => {
    if (at === mainAt) return { kind: "node", name: units.name };
    const order = (pairs[at] as (number | undefined)[]).filter((atom) => atom !== undefined);
    const shape = units.shape.map((side, i) => String(units.classes[i] ?? "")[at] === "+" ? side : 1);
    return isConstant(value)
      ? { kind: "constant", shape, values: numbersOf(value, order) }
      : { kind: "node", name: build.inOrder(value as Dynamic, order, shape) };
  });
  const { atoms, axes } = main;
  return {
    operands,
    result: (name) => ({ dims, source: { kind: "node", name, shape: units.shape }, atoms, axes }),
  };
}

/** No value has all the sides: pictures with channels last, anything else in ONNX's order. */
function stretched(build: Builder, values: readonly Value[], dims: readonly number[]): Aligned {
  const order = storageOrder(dims);
  const groups = order.map((axis) => [axis]);
  const shape = order.map((axis) => dims[axis] as number);
  return {
    operands: values.map((value): Operand => {
      if (!isConstant(value)) return { kind: "node", name: build.node(value as Dynamic, groups) };
      const atoms = order.flatMap((axis) => value.axes[axis] as readonly number[]);
      return {
        kind: "constant",
        shape: order.map((axis) => value.dims[axis] as number),
        values: numbersOf(value, atoms),
      };
    }),
    result: (name) => stored({ kind: "node", name, shape }, dims, order),
  };
}

/** In which order ONNX's sides are stored where nothing else says it. */
export function storageOrder(dims: readonly number[]): readonly number[] {
  if (dims.length === 4 && dims[0] === 1) return [2, 3, 1];
  const order = dims.map((_, axis) => axis);
  return dims.length > 1 && dims[0] === 1 ? order.slice(1) : order;
}
