/** Operations on values of any rank as their definitions say, number by number from their places along each side. */
import type { Node } from "../graph.ts";

/** A value of one picture, batch left out. */
export interface Plain {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

const KINDS = [
  "add",
  "multiply",
  "subtract",
  "divide",
  "concat",
  "layer-norm",
  "group-norm",
  "local-norm",
  "matmul",
  "transpose",
  "slice",
  "gather",
  "reduce",
  "constant",
] as const;

/** A node of one of the kinds that are computed here. */
export type AnyRank = Node<typeof KINDS[number]>;

export function isOfAnyRank(node: Node): node is AnyRank {
  return KINDS.some((kind) => kind === node.kind);
}

/** Computes a node for one picture. */
export function computeAnyRank(node: AnyRank, inputs: readonly Plain[]): Float64Array {
  const [x = EMPTY, other = EMPTY] = inputs;
  switch (node.kind) {
    case "add":
      return each(node.shape, (place) => inputs.reduce((sum, value) => sum + stretched(value, place), 0));
    case "multiply":
      return each(node.shape, (place) => inputs.reduce((all, value) => all * stretched(value, place), 1));
    case "subtract":
      return each(node.shape, (place) => stretched(x, place) - stretched(other, place));
    case "divide":
      return each(node.shape, (place) => stretched(x, place) / stretched(other, place));
    case "concat": {
      const side = node.attrs.axis === -1 ? node.shape.length - 1 : node.attrs.axis - 1;
      return each(node.shape, (place) => {
        let along = place[side] ?? NaN;
        for (const value of inputs) {
          const length = value.shape[side] ?? NaN;
          if (along < length) return at(value, place.with(side, along));
          along -= length;
        }
        return NaN;
      });
    }
    case "layer-norm":
      return each(node.shape, (place) => {
        const channel = place.at(-1) ?? NaN;
        const row = Array.from({ length: x.shape.at(-1) ?? 0 }, (_, c) => at(x, place.with(-1, c)));
        return normalised(node, at(x, place), row, channel);
      });
    case "group-norm": {
      const channels = node.shape.at(-1) ?? 1;
      const width = channels / node.attrs.groups;
      return each(node.shape, (place) => {
        const channel = place.at(-1) ?? NaN;
        const group = [...x.values].filter((_, i) =>
          Math.floor((i % channels) / width) === Math.floor(channel / width)
        );
        return normalised(node, at(x, place), group, channel);
      });
    }
    case "local-norm": {
      const { size, alpha, beta, bias } = node.attrs;
      return each(node.shape, (place) => {
        const channel = place.at(-1) ?? NaN;
        let squares = 0;
        for (let c = channel - Math.floor((size - 1) / 2); c <= channel + Math.ceil((size - 1) / 2); c++) {
          if (c >= 0 && c < (x.shape.at(-1) ?? 0)) squares += at(x, place.with(-1, c)) ** 2;
        }
        return at(x, place) / (bias + alpha / size * squares) ** beta;
      });
    }
    case "matmul": {
      const { transposeA, transposeB } = node.attrs;
      const inner = x.shape.at(transposeA ? -2 : -1) ?? 0;
      return each(node.shape, (place) => {
        const [row = NaN, column = NaN] = place.slice(-2);
        const stack = place.slice(0, -2);
        let sum = 0;
        for (let i = 0; i < inner; i++) {
          sum += stretched(x, [...stack, ...transposeA ? [i, row] : [row, i]]) *
            stretched(other, [...stack, ...transposeB ? [column, i] : [i, column]]);
        }
        return sum;
      });
    }
    case "transpose":
      return each(
        node.shape,
        (place) => at(x, place.map((_, side) => place[node.attrs.order.indexOf(side)] ?? NaN)),
      );
    case "slice":
      return each(
        node.shape,
        (place) => at(x, place.map((along, side) => along + (node.attrs.starts[side] ?? NaN))),
      );
    case "gather": {
      const { side, indices } = node.attrs;
      return each(node.shape, (place) => at(x, place.with(side, indices[place[side] ?? NaN] ?? NaN)));
    }
    case "reduce": {
      const { sides, function: name } = node.attrs;
      const kept = x.shape.map((length, side) => sides.includes(side) ? 1 : length);
      const groups = Array.from({ length: count(kept) }, (): number[] => []);
      places(x.shape).forEach((place) => {
        const group = place.map((along, side) => sides.includes(side) ? 0 : along);
        groups[flat(kept, group)]?.push(at(x, place));
      });
      return Float64Array.from(groups, (all) => {
        const sum = all.reduce((total, value) => total + value, 0);
        return name === "max" ? Math.max(...all) : name === "sum" ? sum : sum / all.length;
      });
    }
    case "constant":
      return Float64Array.from(node.weights.value.values);
    default:
      throw new Error(`Cannot compute the node: its kind ${node satisfies never} is unknown`);
  }
}

const EMPTY: Plain = { shape: [], values: new Float64Array() };

function normalised(
  { attrs, weights }: Node<"layer-norm" | "group-norm">,
  value: number,
  all: readonly number[],
  channel: number,
): number {
  const mean = all.reduce((sum, other) => sum + other, 0) / all.length;
  const variance = all.reduce((sum, other) => sum + (other - mean) ** 2, 0) / all.length;
  return (value - mean) / Math.sqrt(variance + attrs.epsilon) * (weights.scale.values[channel] ?? NaN) +
    (weights.shift.values[channel] ?? NaN);
}

/** The value at a place, sides of 1 stretched and sides in front left out. */
function stretched(value: Plain, place: readonly number[]): number {
  const own = place.slice(place.length - value.shape.length);
  return at(value, own.map((along, side) => value.shape[side] === 1 ? 0 : along));
}

function at({ shape, values }: Plain, place: readonly number[]): number {
  return values[flat(shape, place)] ?? NaN;
}

function flat(shape: readonly number[], place: readonly number[]): number {
  return place.reduce((sum, along, side) => sum * (shape[side] ?? NaN) + along, 0);
}

function each(shape: readonly number[], value: (place: readonly number[]) => number): Float64Array {
  return Float64Array.from(places(shape), value);
}

/** Every place of a shape, row by row. */
function places(shape: readonly number[]): readonly (readonly number[])[] {
  return shape.reduce<readonly (readonly number[])[]>(
    (found, length) => found.flatMap((place) => Array.from({ length }, (_, along) => [...place, along])),
    [[]],
  );
}

function count(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}
