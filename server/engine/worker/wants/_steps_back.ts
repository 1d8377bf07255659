/** One step of CNN Fixations for every kind of node: which values of its inputs a value came from most of all. */
import { isPointwise, type Node, type Shape } from "../../graph/graph.ts";
import { sourceOf } from "../../graph/vjp/upsampling.ts";
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
    case "max-pool":
    case "average-pool":
    case "global-average-pool":
    case "global-max-pool":
      return true;
    case "input":
    case "softmax":
    case "concat":
    case "pad":
    case "upsample":
    case "resize":
    case "flatten":
    case "reshape":
      return false;
    default:
      throw new Error(`Cannot trace a class: expected a known kind of node, got ${node satisfies never}`);
  }
}

/** Steps from places of a node's value to places of its inputs' values. */
export function* leading(
  node: Node,
  frontier: Frontier,
  values: Values,
  inputShapes: readonly Shape[],
): Generator<Reached> {
  if (node.kind === "dense") return yield* throughDense(node, frontier, valuesOf(node, values));
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
  node: Exclude<Node, Node<"dense">>,
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
    case "add":
    case "multiply":
      return throughMerge(node, index, values, inputShapes);
    case "concat":
      return throughConcat(index, inputShapes);
    case "pad": {
      const [height = 1, width = 1, channels = 1] = from;
      const { row, column, channel } = split(index, node.shape);
      const y = clamp(row - node.attrs.rows[0], height);
      const x = clamp(column - node.attrs.columns[0], width);
      return first((y * width + x) * channels + channel);
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
    case "flatten":
    case "reshape":
      return first(index);
    default:
      throw new Error(`Cannot trace a class: expected a known kind of node, got ${node satisfies never}`);
  }
}

/** The input with the largest value there; what gates another value by being stretched over it is not followed. */
function throughMerge(
  node: Node<"add" | "multiply">,
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
    const value = values.get(name)?.[from] ?? -Infinity;
    if (value <= most) continue;
    most = value;
    best = { input, index: from };
  }
  return best;
}

function throughConcat(index: number, inputShapes: readonly Shape[]): Place {
  const lengths = inputShapes.map((shape) => shape.at(-1) ?? 1);
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
