/**
 * Values of an ONNX graph during import: what their sides are to ONNX, and in which order the engine stores them.
 *
 * ONNX has pictures channels first, the engine channels last. Nothing is moved for that: a transposition, and a
 * reshaping that splits or merges sides, only changes what is known of a value. Numbers move when an operation needs
 * another order. A value is cut into *atoms*, the pieces that stay together: they have a place in the storage, and each
 * of ONNX's sides is a product of some, the slowest first. Sides of 1 have no atoms.
 */
import type { Shape } from "../../graph/graph.ts";
import type { Tensor } from "./_tensor.ts";

/** A node of the graph under construction, or numbers that are known at import, in the order of storage. */
export type Source =
  | { readonly kind: "node"; readonly name: string; readonly shape: Shape }
  | {
    readonly kind: "constant";
    readonly type: Tensor["kind"];
    readonly values: Float32Array | Float64Array;
  };

export type NodeSource = Extract<Source, { kind: "node" }>;
export type ConstantSource = Extract<Source, { kind: "constant" }>;

export interface Value<S extends Source = Source> {
  /** Sides as ONNX has them, the batch's first. */
  readonly dims: readonly number[];
  readonly source: S;
  /** Sizes of the atoms in the order of storage, none of 1. */
  readonly atoms: readonly number[];
  /** For each of ONNX's sides its atoms. */
  readonly axes: readonly (readonly number[])[];
}

export type Dynamic = Value<NodeSource>;
export type Constant = Value<ConstantSource>;

export function isConstant(value: Value): value is Constant {
  return value.source.kind === "constant";
}

export function isDynamic(value: Value): value is Dynamic {
  return value.source.kind === "node";
}

export function product(sides: readonly number[]): number {
  return sides.reduce((all, side) => all * side, 1);
}

/** A value whose storage is ONNX's sides in some order; those that the order leaves out are 1. */
export function stored<S extends Source>(
  source: S,
  dims: readonly number[],
  order: readonly number[] = dims.map((_, axis) => axis),
): Value<S> {
  const axes: number[][] = dims.map(() => []);
  const atoms: number[] = [];
  for (const axis of order) {
    if (dims[axis] === 1) continue;
    axes[axis] = [atoms.length];
    atoms.push(dims[axis] as number);
  }
  return merged({ dims, source, atoms, axes });
}

/** A value of numbers. */
export function constant({ dims, kind, values }: Tensor): Constant {
  return stored({ kind: "constant", type: kind, values }, dims);
}

/** Side i of the result is side `order[i]`. */
export function transposed<S extends Source>(value: Value<S>, order: readonly number[]): Value<S> {
  return merged({
    ...value,
    dims: order.map((axis) => value.dims[axis] as number),
    axes: order.map((axis) => value.axes[axis] as readonly number[]),
  });
}

/** The same numbers, row by row of ONNX's order, with other sides; null where atoms do not split that way. */
export function reshaped<S extends Source>(value: Value<S>, dims: readonly number[]): Value<S> | null {
  const queue = value.axes.flat().map((atom) => ({ atom, left: value.atoms[atom] as number }));
  const parts = value.atoms.map((): number[] => []);
  const axes: (readonly [atom: number, part: number])[][] = [];
  let head = 0;
  for (const side of dims) {
    const axis: (readonly [number, number])[] = [];
    for (let need = side; need > 1;) {
      const current = queue[head];
      if (current === undefined) return null;
      const { atom, left } = current;
      const sizes = parts[atom] as number[];
      axis.push([atom, sizes.length]);
      if (need % left === 0) {
        sizes.push(left);
        need /= left;
        head++;
      } else if (left % need === 0) {
        sizes.push(need);
        current.left = left / need;
        need = 1;
      } else return null;
    }
    axes.push(axis);
  }
  if (head < queue.length) return null;
  const first: number[] = [];
  const atoms: number[] = [];
  for (const sizes of parts) {
    first.push(atoms.length);
    atoms.push(...sizes);
  }
  return merged({
    ...value,
    dims,
    atoms,
    axes: axes.map((axis) => axis.map(([atom, part]) => (first[atom] as number) + part)),
  });
}

/** The value with the atoms cut further: `cuts[i]` are the sizes that atom i becomes, the slowest first. */
export function refined<S extends Source>(value: Value<S>, cuts: readonly (readonly number[])[]): Value<S> {
  const first: number[] = [];
  let count = 0;
  for (const sizes of cuts) {
    first.push(count);
    count += sizes.length;
  }
  return {
    ...value,
    atoms: cuts.flat(),
    axes: value.axes.map((axis) =>
      axis.flatMap((atom) =>
        (cuts[atom] as readonly number[]).map((_, part) => (first[atom] as number) + part)
      )
    ),
  };
}

/** Joins atoms that lie one behind the other both in the storage and in a side. */
function merged<S extends Source>(value: Value<S>): Value<S> {
  const follows = new Set<number>();
  for (const axis of value.axes) {
    axis.forEach((atom, i) => {
      if (i > 0 && axis[i - 1] === atom - 1) follows.add(atom);
    });
  }
  if (follows.size === 0) return value;
  const atoms: number[] = [];
  const index = value.atoms.map((size, atom) => {
    if (follows.has(atom)) atoms[atoms.length - 1] = (atoms.at(-1) as number) * size;
    else atoms.push(size);
    return atoms.length - 1;
  });
  const axes = value.axes.map((axis) =>
    axis.filter((atom) => !follows.has(atom)).map((atom) => index[atom] as number)
  );
  return { ...value, atoms, axes };
}

/** Sides of ONNX with no side left out in front that is the batch. */
export function axisOf(value: Value, axis: number): number {
  const rank = value.dims.length;
  const positive = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(positive) && positive >= 0 && positive < rank) return positive;
  throw new RangeError(`its axis must be one of ${rank}, got ${axis}`);
}
