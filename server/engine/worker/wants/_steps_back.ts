/** One step of CNN Fixations for every kind of node: which values of its inputs a value came from most of all. */
import { isPointwise, type Node, type Shape } from "../../graph/graph.ts";
import { sourceOf } from "../../graph/vjp/upsampling.ts";
import { size } from "../../graph/shapes.ts";
import { stridesOf } from "../../graph/strides.ts";
import { largestPlaces } from "../../graph/vjp/reducing.ts";
import { clamp, split, throughConv, throughDepthwise, throughGlobalPool, throughPool } from "./_sliding.ts";

/** Values of nodes of one row, flattened. */
export type Values = ReadonlyMap<string, Float32Array>;

/** Places in a node's flattened value, each with how many times it was reached. */
export type Frontier = ReadonlyMap<number, number>;

/** A place in the flattened value of one of a node's inputs. */
export interface Reached {
  /** Which of the node's inputs. */
  readonly input: number;
  readonly index: number;
  readonly count: number;
}

/** Reports whether a step through the node looks at the values of its inputs. */
export function readsValues(node: Node): boolean {
  if (isPointwise(node)) return false;
  switch (node.kind) {
    case "conv":
    case "depthwise":
    case "dense":
    case "add":
    case "multiply":
    case "subtract":
    case "divide":
    case "max-pool":
    case "average-pool":
    case "global-average-pool":
    case "global-max-pool":
    case "reduce":
      return true;
    case "input":
    case "constant":
    case "softmax":
    case "layer-norm":
    case "group-norm":
    case "local-norm":
    case "matmul":
    case "concat":
    case "transpose":
    case "slice":
    case "gather":
    case "pad":
    case "spread":
    case "upsample":
    case "resize":
    case "flatten":
    case "reshape":
      return false;
    default:
      throw new Error(`Cannot trace a class: expected a known kind of node, got ${node satisfies never}`);
  }
}

/** Reports whether the method is defined for a node: which of two values a product of both came from it does not say. */
export function canBeTraced(node: Node): boolean {
  return node.kind !== "matmul";
}

/** Steps from places of a node's value to places of its inputs' values. */
export function* leading(
  node: Node,
  frontier: Frontier,
  values: Values,
  inputShapes: readonly Shape[],
): Generator<Reached> {
  if (node.kind === "constant") return;
  if (node.kind === "dense" && node.shape.length === 1) {
    return yield* throughDense(node, frontier, valuesOf(node, values));
  }
  for (const [index, count] of frontier) {
    yield { ...step(node, index, values, inputShapes), count };
  }
}

/**
 * Everything that adds to one of the units, each once: counted once per unit, two dense layers in a row would make
 * billions of a class.
 */
function* throughDense(node: Node<"dense">, frontier: Frontier, values: Float32Array): Generator<Reached> {
  const { shape: [, units = 1], values: kernel } = node.weights.kernel;
  for (const [index, value] of values.entries()) {
    for (const unit of frontier.keys()) {
      if (value * (kernel[index * units + unit] as number) <= 0) continue;
      yield { input: 0, index, count: 1 };
      break;
    }
  }
}

type Place = Omit<Reached, "count">;

function step(
  node: Node,
  index: number,
  values: Values,
  inputShapes: readonly Shape[],
): Place {
  const first = (index: number): Place => ({ input: 0, index });
  const from = inputShapes[0] ?? [];
  if (isPointwise(node)) return first(index);
  switch (node.kind) {
    case "conv":
      return first(throughConv(node, index, valuesOf(node, values), from));
    case "depthwise":
      return first(throughDepthwise(node, index, valuesOf(node, values), from));
    case "max-pool":
    case "average-pool":
      return first(throughPool(node, index, valuesOf(node, values), from));
    case "global-average-pool":
    case "global-max-pool":
      return first(throughGlobalPool(index, valuesOf(node, values), from));
    case "dense":
      return first(throughPositions(node, index, valuesOf(node, values)));
    case "add":
    case "multiply":
    case "subtract":
    case "divide":
      return throughMerge(node, index, values, inputShapes);
    case "concat":
      return throughConcat(node, index, inputShapes);
    case "transpose":
    case "slice":
    case "gather":
      return first(movedFrom(node, index, from));
    case "reduce":
      return first(throughReduce(node, index, valuesOf(node, values), from));
    case "pad": {
      const [height = 1, width = 1, channels = 1] = from;
      const { row, column, channel } = split(index, node.shape);
      const y = clamp(row - node.attrs.rows[0], height);
      const x = clamp(column - node.attrs.columns[0], width);
      return first((y * width + x) * channels + channel);
    }
    case "spread": {
      const [, width = 1, channels = 1] = from;
      const { row, column, channel } = split(index, node.shape);
      const [down, across] = node.attrs.strides;
      return first((Math.floor(row / down) * width + Math.floor(column / across)) * channels + channel);
    }
    case "upsample": {
      const [, width = 1, channels = 1] = from;
      const { row, column, channel } = split(index, node.shape);
      const [down, across] = node.attrs.factors;
      return first((Math.floor(row / down) * width + Math.floor(column / across)) * channels + channel);
    }
    case "resize": {
      const [height = 1, width = 1, channels = 1] = from;
      const { row, column, channel } = split(index, node.shape);
      const { size: [rows, columns], positions } = node.attrs;
      const y = clamp(Math.round(sourceOf(row, height, rows, positions)), height);
      const x = clamp(Math.round(sourceOf(column, width, columns, positions)), width);
      return first((y * width + x) * channels + channel);
    }
    case "input":
    case "softmax":
    case "layer-norm":
    case "group-norm":
    case "local-norm":
    case "flatten":
    case "reshape":
      return first(index);
    case "constant":
    case "matmul":
      throw new Error(`Cannot trace a class: expected a kind that can be traced, got ${node.kind}`);
    default:
      throw new Error(`Cannot trace a class: expected a known kind of node, got ${node satisfies never}`);
  }
}

/** The feature that adds most to a unit, at the unit's own position. */
function throughPositions(node: Node<"dense">, index: number, values: Float32Array): number {
  const { shape: [features = 1, units = 1], values: kernel } = node.weights.kernel;
  const start = Math.floor(index / units) * features;
  const unit = index % units;
  let [best, most] = [start, -Infinity];
  for (let feature = 0; feature < features; feature++) {
    const contribution = (values[start + feature] as number) * (kernel[feature * units + unit] as number);
    if (contribution <= most) continue;
    [best, most] = [start + feature, contribution];
  }
  return best;
}

/** Where a number came from that was only moved. */
function movedFrom(node: Node<"transpose" | "slice" | "gather">, index: number, from: Shape): number {
  const [strides, own] = [stridesOf(from), stridesOf(node.shape)];
  return node.shape.reduce((sum, length, side) => {
    const place = Math.floor(index / (own[side] as number)) % length;
    switch (node.kind) {
      case "transpose":
        return sum + place * (strides[node.attrs.order[side] ?? 0] as number);
      case "slice":
        return sum + (place + (node.attrs.starts[side] ?? 0)) * (strides[side] as number);
      case "gather": {
        const at = side === node.attrs.side ? node.attrs.indices[place] ?? 0 : place;
        return sum + at * (strides[side] as number);
      }
      default:
        throw new Error(`Cannot trace a class: expected a known kind of node, got ${node satisfies never}`);
    }
  }, 0);
}

/** The largest of the numbers that were reduced into one. */
function throughReduce(node: Node<"reduce">, index: number, values: Float32Array, from: Shape): number {
  const kept = from.map((length, side) => node.attrs.sides.includes(side) ? 1 : length);
  return largestPlaces(values, from, kept)[index] as number;
}

/** The input with the largest value there, with the sign that it counts with; what gates another value by being stretched over it is not followed. */
function throughMerge(
  node: Node<"add" | "multiply" | "subtract" | "divide">,
  index: number,
  values: Values,
  inputShapes: readonly Shape[],
): Place {
  const whole = node.inputs.map((_, input) => inputShapes[input]?.join() === node.shape.join());
  let best: Place = { input: 0, index: 0 };
  let most = -Infinity;
  for (const [input, name] of node.inputs.entries()) {
    if (whole.includes(true) && !whole[input]) continue;
    const from = shrink(index, node.shape, inputShapes[input] ?? []);
    const value = (values.get(name)?.[from] ?? -Infinity) *
      (node.kind === "subtract" && input === 1 ? -1 : 1);
    if (value <= most) continue;
    most = value;
    best = { input, index: from };
  }
  return best;
}

function throughConcat(
  { attrs: { axis }, shape }: Node<"concat">,
  index: number,
  inputShapes: readonly Shape[],
): Place {
  const side = axis === -1 ? shape.length - 1 : axis - 1;
  const lengths = inputShapes.map((shape) => size(shape.slice(side)));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const cell = Math.floor(index / total);
  let channel = index % total;
  let input = 0;
  while (channel >= (lengths[input] ?? Infinity)) channel -= lengths[input++] as number;
  return { input, index: cell * (lengths[input] as number) + channel };
}

/** The place in an input of sides 1 that was stretched to the place in the merged value. */
function shrink(index: number, shape: Shape, input: Shape): number {
  let rest = index;
  let step = 1;
  let place = 0;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const side = shape[axis] ?? 1;
    if (input[axis] === side) place += step * (rest % side);
    step *= input[axis] ?? 1;
    rest = Math.floor(rest / side);
  }
  return place;
}

function valuesOf({ inputs }: Node, values: Values): Float32Array {
  const found = values.get(inputs[0] ?? "");
  if (found !== undefined) return found;
  throw new Error(`Cannot trace a class: expected a node whose value was kept, got ${inputs[0]}`);
}
