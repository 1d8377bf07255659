/** The graph under construction: drafts of nodes, and values brought into the order of storage that a node reads. */
import type { Draft, Kind, Operations, Shape } from "../../graph/graph.ts";
import type { Weight } from "../weights.ts";
import { permuted } from "./_tensor.ts";
import { type Constant, type Dynamic, isConstant, product, stored, type Value } from "./_value.ts";

/** Sides of ONNX that make one side of the engine's value, the slowest first. */
export type Groups = readonly (readonly number[])[];

/** Collects drafts; `begin` says which of ONNX's operations the next ones belong to. */
export class Builder {
  readonly drafts: Draft[] = [];
  /** Sentences on what was assumed. */
  readonly notes = new Set<string>();
  readonly #names = new Set<string>();
  readonly #moved = new Map<string, string>();
  readonly #weights = new Set<Weight>();
  readonly #mostBytes: number;
  #bytes = 0;
  #name = "";
  #className = "";

  /** @param mostBytes that all weights may take */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  begin(name: string, className: string): void {
    this.#name = name;
    this.#className = className;
  }

  /** Adds the node that carries the operation's name. */
  add<K extends Kind>(
    kind: K,
    inputs: readonly string[],
    attrs: Operations[K]["attrs"],
    weights: Operations[K]["weights"],
  ): string {
    return this.#push(kind, this.#unique(this.#name), inputs, attrs, weights);
  }

  /** Adds a node that is a step inside the operation. */
  step<K extends Kind>(
    step: string,
    kind: K,
    inputs: readonly string[],
    attrs: Operations[K]["attrs"],
    weights: Operations[K]["weights"],
  ): string {
    return this.#push(kind, this.#unique(`${this.#name}:${step}`), inputs, attrs, weights);
  }

  /** Name of a node with the value's sides in this order, each side one group; sides of 1 may be left out. */
  node(value: Dynamic, groups: Groups): string {
    return this.inOrder(value, groups.flatMap((axes) => axes.flatMap((axis) => atomsOf(value, axis))), [
      ...shapeOf(value, groups),
    ]);
  }

  /** Name of a node with the value's atoms in this order, in this shape. */
  inOrder(value: Dynamic, order: readonly number[], shape: Shape): string {
    const { source, atoms } = value;
    if (order.every((atom, i) => atom === i)) return this.reshape(source.name, source.shape, shape);
    const key = `${source.name}|${order}|${atoms}`;
    // Atoms that stay neighbours move together.
    const runs: number[][] = [];
    for (const atom of order) {
      const run = runs.at(-1);
      if (run !== undefined && run.at(-1) === atom - 1) run.push(atom);
      else runs.push([atom]);
    }
    const sizes = runs.map((run) => product(run.map((atom) => atoms[atom] as number)));
    const before = runs.map((_, i) => i).sort((a, b) => (runs[a]?.[0] ?? 0) - (runs[b]?.[0] ?? 0));
    let moved = this.#moved.get(key);
    if (moved === undefined) {
      const cut = this.reshape(source.name, source.shape, before.map((run) => sizes[run] as number));
      moved = this.step(
        "transposed",
        "transpose",
        [cut],
        { order: runs.map((_, i) => before.indexOf(i)) },
        {},
      );
      this.#moved.set(key, moved);
    }
    return this.reshape(moved, sizes, shape);
  }

  /** The same numbers in another shape; the node itself where it has that. */
  reshape(name: string, from: Shape, to: Shape): string {
    if (from.length === to.length && from.every((side, i) => side === to[i])) return name;
    const key = `${name}|reshaped|${to}`;
    const made = this.#moved.get(key) ?? this.step("reshaped", "reshape", [name], { shape: to }, {});
    this.#moved.set(key, made);
    return made;
  }

  /** Numbers as a node of the graph. */
  constantNode(weight: Weight): string {
    return this.step("constant", "constant", [], {}, { value: weight });
  }

  /** Name of a node with the value in it, whether it is computed or known. */
  operand(value: Value, groups: Groups): string {
    return isConstant(value)
      ? this.constantNode(weightOf(value, groups))
      : this.node(value as Dynamic, groups);
  }

  /** The value row by row of ONNX's order, so that it can be cut in any way. */
  flat(value: Dynamic): Dynamic {
    const sides = value.dims.map((_, axis) => axis);
    const name = this.node(value, [sides]);
    return stored({ kind: "node", name, shape: [product(value.dims)] }, [product(value.dims)]);
  }

  #push<K extends Kind>(
    kind: K,
    name: string,
    inputs: readonly string[],
    attrs: Operations[K]["attrs"],
    weights: Operations[K]["weights"],
  ): string {
    for (const weight of Object.values<Weight>({ ...weights })) this.#count(weight);
    const draft = { kind, name, className: this.#className, inputs, attrs, weights };
    // The kind decides over settings and weights, which the compiler cannot follow through a type parameter.
    this.drafts.push(draft as unknown as Draft);
    return name;
  }

  /** Many operations may each want numbers of their own of one small file. */
  #count(weight: Weight): void {
    if (this.#weights.has(weight)) return;
    this.#weights.add(weight);
    this.#bytes += weight.values.byteLength;
    if (this.#bytes <= this.#mostBytes) return;
    const megabytes = Math.ceil(this.#mostBytes / 2 ** 20).toLocaleString("en");
    throw new Error(`its operations want more than ${megabytes} MB of weights`);
  }

  #unique(name: string): string {
    let candidate = name;
    for (let i = 2; this.#names.has(candidate); i++) candidate = `${name}_${i}`;
    this.#names.add(candidate);
    return candidate;
  }
}

/** Sides of a value in groups of ONNX's sides. */
export function shapeOf(value: Value, groups: Groups): Shape {
  return groups.map((axes) => product(axes.map((axis) => value.dims[axis] ?? 1)));
}

function atomsOf(value: Value, axis: number): readonly number[] {
  return value.axes[axis] ?? [];
}

/** Weights by the numbers that they were made of: many operations may read one tensor. */
const made = new WeakMap<Float32Array | Float64Array, Map<string, Weight>>();

/** Known numbers as a weight with their sides in this order, each side one group; the same weight for the same numbers. */
export function weightOf(value: Constant, groups: Groups, shape: Shape = shapeOf(value, groups)): Weight {
  const order = groups.flatMap((axes) => axes.flatMap((axis) => atomsOf(value, axis)));
  const { values } = value.source;
  const known = made.get(values) ?? new Map<string, Weight>();
  made.set(values, known);
  const key = `${value.atoms}|${order}|${shape}`;
  const weight = known.get(key) ?? { shape, values: numbersOf(value, order) };
  known.set(key, weight);
  return weight;
}

/** Known numbers as float32 with their atoms in this order. */
export function numbersOf({ source, atoms }: Constant, order: readonly number[]): Float32Array {
  const values = permuted(source.values, atoms, order);
  return values instanceof Float32Array ? values : new Float32Array(values);
}

/** Known numbers row by row of ONNX's order, as they are. */
export function denseOf(value: Constant): Float32Array | Float64Array {
  const order = value.axes.flat();
  if (order.every((atom, i) => atom === i)) return value.source.values;
  return permuted(value.source.values, value.atoms, order);
}
