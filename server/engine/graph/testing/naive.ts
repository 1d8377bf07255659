/** The operations written as their definitions say, slowly and in float64: what the kernels are held against. */
import { normalShare } from "../functions.ts";
import { type AnyRank, computeAnyRank, isOfAnyRank, type Plain } from "./naive_any_rank.ts";
import type { Activation, Cubic, Graph, Node, Padding, Pair } from "../graph.ts";

/** Computes every node of a graph for one picture. */
export function computeNaively(graph: Graph, input: Plain): ReadonlyMap<string, Plain> {
  const values = new Map<string, Plain>([[graph.input, input]]);
  for (const node of graph.nodes) {
    if (node.kind === "input") continue;
    const inputs = node.inputs.map((name) => values.get(name) as Plain) as [Plain, ...Plain[]];
    values.set(node.name, {
      shape: node.shape,
      values: isOfAnyRank(node) ? computeAnyRank(node, inputs) : compute(node, inputs),
    });
  }
  return values;
}

function compute(node: Exclude<Node, AnyRank>, inputs: readonly [Plain, ...Plain[]]): Float64Array {
  const [x] = inputs;
  switch (node.kind) {
    case "input":
    case "identity":
    case "flatten":
    case "reshape":
      return x.values;
    case "conv":
    case "depthwise":
      return convolve(node, x);
    case "dense": {
      const { kernel: { shape: [features = 1], values: kernel }, bias } = node.weights;
      const units = bias.values.length;
      return Float64Array.from({ length: units * x.values.length / features }, (_, at) => {
        const [row, unit] = [Math.floor(at / units), at % units];
        const sum = x.values.subarray(row * features, (row + 1) * features).reduce(
          (total, value, i) => total + value * (kernel[i * units + unit] ?? NaN),
          0,
        );
        return fused(node.attrs.activation, sum + (bias.values[unit] ?? NaN));
      });
    }
    case "affine": {
      const { scale, shift } = node.weights;
      const channels = scale.values.length;
      return x.values.map((value, i) =>
        value * (scale.values[i % channels] ?? NaN) + (shift.values[i % channels] ?? NaN)
      );
    }
    case "activation":
      return x.values.map((value) => activate(node.attrs, value));
    case "prelu": {
      const { values: slopes } = node.weights.alpha;
      return x.values.map((value, i) =>
        Math.max(0, value) + (slopes[i % slopes.length] ?? NaN) * Math.min(0, value)
      );
    }
    case "softmax":
      return softmax(x);
    case "upsample": {
      const { factors, interpolation } = node.attrs;
      return each(
        node.shape,
        (row, column, channel) =>
          interpolation === "nearest"
            ? at(x, Math.floor(row / factors[0]), Math.floor(column / factors[1]), channel)
            : between(x, (row + 0.5) / factors[0] - 0.5, (column + 0.5) / factors[1] - 0.5, channel),
      );
    }
    case "resize":
      return resized(node, x);
    case "spread":
      return each(node.shape, (row, column, channel) => {
        const [y, z] = [row / node.attrs.strides[0], column / node.attrs.strides[1]];
        return Number.isInteger(y) && Number.isInteger(z) ? at(x, y, z, channel) : 0;
      });
    case "pad":
      return each(node.shape, (row, column, channel) => {
        const [height, width] = x.shape as [number, number];
        const [y, z] = [row - node.attrs.rows[0], column - node.attrs.columns[0]];
        return y >= 0 && y < height && z >= 0 && z < width ? at(x, y, z, channel) : 0;
      });
    case "max-pool":
    case "average-pool":
      return each(node.shape, (row, column, channel) => {
        const seen = [...window(x, row, column, node.attrs)].map(({ y, z }) => at(x, y, z, channel));
        if (node.kind === "max-pool") return Math.max(...seen);
        const { size, countPadding } = node.attrs;
        return seen.reduce((sum, value) => sum + value, 0) / (countPadding ? size[0] * size[1] : seen.length);
      });
    case "global-average-pool":
    case "global-max-pool": {
      const [height = 1, width = 1, channels = 1] = x.shape;
      return Float64Array.from({ length: channels }, (_, channel) => {
        const all = Array.from(
          { length: height * width },
          (_, cell) => x.values[cell * channels + channel] ?? NaN,
        );
        return node.kind === "global-max-pool"
          ? Math.max(...all)
          : all.reduce((sum, value) => sum + value, 0) / all.length;
      });
    }
    default:
      throw new Error(`Cannot compute the node: its kind ${node satisfies never} is unknown`);
  }
}

/** Over the last axis. */
function softmax({ shape, values }: Plain): Float64Array {
  const classes = shape.at(-1) ?? 1;
  return values.map((value, i) => {
    const own = values.subarray(i - i % classes, i - i % classes + classes);
    const largest = Math.max(...own);
    const sum = own.reduce((total, other) => total + Math.exp(other - largest), 0);
    return Math.exp(value - largest) / sum;
  });
}

/** The value between four cells; beyond the border that of the border. */
function between(x: Plain, row: number, column: number, channel: number): number {
  const [height = 1, width = 1] = x.shape;
  const clamp = (place: number, cells: number) => Math.min(cells - 1, Math.max(0, place));
  const [y, z] = [clamp(row, height), clamp(column, width)];
  const [top, left] = [Math.floor(y), Math.floor(z)];
  const value = (down: number, right: number) =>
    at(x, clamp(top + down, height), clamp(left + right, width), channel);
  const upper = value(0, 0) + (z - left) * (value(0, 1) - value(0, 0));
  const lower = value(1, 0) + (z - left) * (value(1, 1) - value(1, 0));
  return upper + (y - top) * (lower - upper);
}

/** By where the centre of each output cell lies on the input. */
function resized(
  { attrs: { size, interpolation, positions }, shape }: Node<"resize">,
  x: Plain,
): Float64Array {
  const [height, width] = x.shape as [number, number];
  const source = (place: number, cells: number, count: number) => {
    const step = positions === "align-corners" ? (cells - 1) / Math.max(1, count - 1) : cells / count;
    return positions === "half-pixel" ? (place + 0.5) * step - 0.5 : place * step;
  };
  const nearest = (at: number) => positions === "asymmetric" ? Math.floor(at) : Math.floor(at + 0.5);
  return each(shape, (row, column, channel) => {
    const [y, z] = [source(row, height, size[0]), source(column, width, size[1])];
    if (typeof interpolation !== "string") return cubic(x, y, z, channel, interpolation);
    return interpolation === "nearest" ? at(x, nearest(y), nearest(z), channel) : between(x, y, z, channel);
  });
}

/** By the four cells around a place along each axis, each by Keys's curve of its distance. */
function cubic(
  x: Plain,
  row: number,
  column: number,
  channel: number,
  { coefficient: a, insideOnly }: Cubic,
): number {
  const curve = (distance: number) => {
    const d = Math.abs(distance);
    if (d >= 2) return 0;
    return d <= 1 ? (a + 2) * d ** 3 - (a + 3) * d ** 2 + 1 : a * d ** 3 - 5 * a * d ** 2 + 8 * a * d - 4 * a;
  };
  const [height = 1, width = 1] = x.shape;
  let [sum, shares] = [0, 0];
  for (let y = Math.floor(row) - 1; y <= Math.floor(row) + 2; y++) {
    for (let z = Math.floor(column) - 1; z <= Math.floor(column) + 2; z++) {
      if (insideOnly && (y < 0 || z < 0 || y >= height || z >= width)) continue;
      const share = curve(row - y) * curve(column - z);
      const inside = (place: number, cells: number) => Math.min(cells - 1, Math.max(0, place));
      sum += share * at(x, inside(y, height), inside(z, width), channel);
      shares += share;
    }
  }
  return sum / shares;
}

function convolve(node: Node<"conv" | "depthwise">, x: Plain): Float64Array {
  const { kernel, bias } = node.weights;
  const [height, width, from, last] = kernel.shape as [number, number, number, number];
  const { activation, ...sliding } = node.attrs;
  return each(node.shape, (row, column, channel) => {
    let sum = bias.values[channel] ?? NaN;
    for (const { y, z, i, j } of window(x, row, column, { ...sliding, size: [height, width] })) {
      const weight = (c: number, o: number) => kernel.values[((i * width + j) * from + c) * last + o] ?? NaN;
      if (node.kind === "depthwise") {
        const c = Math.floor(channel / last);
        sum += at(x, y, z, c) * weight(c, channel % last);
      } else {
        const first = from * Math.floor(channel / (last / node.attrs.groups));
        for (let c = 0; c < from; c++) sum += at(x, y, z, first + c) * weight(c, channel);
      }
    }
    return fused(activation, sum);
  });
}

interface Window {
  readonly size: Pair;
  readonly strides: Pair;
  readonly padding: Padding;
  readonly dilations?: Pair;
}

/** Input cells under a window that lie inside the picture, with their place in the window. */
function* window(
  x: Plain,
  row: number,
  column: number,
  { size, strides, padding, dilations = [1, 1] }: Window,
) {
  const [height, width] = x.shape as [number, number];
  const before = (side: number, axis: 0 | 1) => {
    const outputs = Math.ceil(side / strides[axis]);
    const missing = Math.max(
      0,
      (outputs - 1) * strides[axis] + (size[axis] - 1) * dilations[axis] + 1 - side,
    );
    if (typeof padding !== "string") return (axis === 0 ? padding.rows : padding.columns)[0];
    return padding === "same" ? Math.floor(missing / 2) : 0;
  };
  for (let i = 0; i < size[0]; i++) {
    for (let j = 0; j < size[1]; j++) {
      const y = row * strides[0] + i * dilations[0] - before(height, 0);
      const z = column * strides[1] + j * dilations[1] - before(width, 1);
      if (y >= 0 && y < height && z >= 0 && z < width) yield { y, z, i, j };
    }
  }
}

function each(
  shape: readonly number[],
  value: (row: number, column: number, channel: number) => number,
): Float64Array {
  const [height = 1, width = 1, channels = 1] = shape;
  return Float64Array.from(
    { length: height * width * channels },
    (_, i) => value(Math.floor(i / (width * channels)), Math.floor(i / channels) % width, i % channels),
  );
}

function at(
  { shape: [, width = 1, channels = 1], values }: Plain,
  y: number,
  z: number,
  channel: number,
): number {
  return values[(y * width + z) * channels + channel] ?? NaN;
}

function fused(name: Node<"conv">["attrs"]["activation"], value: number): number {
  return name === "linear" ? value : activate({ function: name }, value);
}

/** From 0 to a limit, by Simpson's rule. */
function integral(of: (t: number) => number, limit: number): number {
  const steps = 200;
  const sum = Array.from({ length: steps + 1 }, (_, i) => {
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    return weight * of(limit * i / steps);
  }).reduce((total, part) => total + part, 0);
  return sum * limit / steps / 3;
}

function activate(activation: Activation, value: number): number {
  switch (activation.function) {
    case "relu":
      return Math.max(0, value);
    case "relu6":
      return Math.min(6, Math.max(0, value));
    case "rectifier": {
      const { slope, threshold, max } = activation;
      return value >= max ? max : value >= threshold ? value : slope * (value - threshold);
    }
    case "elu":
      return value > 0 ? value : Math.expm1(value);
    case "sigmoid":
      return 1 / (1 + Math.exp(-value));
    case "tanh":
      return Math.tanh(value);
    case "swish":
      return value / (1 + Math.exp(-value));
    case "hard-sigmoid":
      return Math.min(1, Math.max(0, 0.2 * value + 0.5));
    case "hard-swish":
      return value * Math.min(6, Math.max(0, value + 3)) / 6;
    case "gelu":
      return value * normalShare(value);
    case "gelu-tanh":
      return value / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (value + 0.044715 * value ** 3)));
    case "clip":
      return Math.max(activation.min, Math.min(activation.max, activation.scale * value + activation.shift));
    case "erf":
      return integral((t) => 2 / Math.sqrt(Math.PI) * Math.exp(-t * t), value);
    case "exp":
      return Math.E ** value;
    case "log":
      return Math.log(value);
    case "sqrt":
      return value ** 0.5;
    case "softplus":
      return Math.log(1 + Math.exp(value));
    case "selu":
      return 1.0507009873554805 * (value >= 0 ? value : 1.6732632423543772 * (Math.exp(value) - 1));
    case "mish":
      return value * Math.tanh(Math.log(1 + Math.exp(value)));
    case "softsign":
      return value / (Math.abs(value) + 1);
    case "reciprocal":
      return 1 / value;
    case "square":
      return value ** 2;
    case "abs":
      return value < 0 ? -value : value;
    case "negative":
      return 0 - value;
    case "exponential-linear": {
      const { scale, limit, rate } = activation;
      return value >= 0 ? scale * value : limit * (Math.exp(rate * value) - 1);
    }
    case "power":
      return Math.pow(value, activation.exponent);
    default:
      throw new Error(`Cannot apply the function: ${activation satisfies never} is unknown`);
  }
}
