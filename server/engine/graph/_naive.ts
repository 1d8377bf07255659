/** The operations written as their definitions say, slowly and in float64: what the kernels are held against. */
import type { ActivationName, Graph, Node, Padding, Pair } from "./graph.ts";

/** A value of one picture: `[height, width, channels]` or `[features]`. */
export interface Plain {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** Computes every node of a graph for one picture. */
export function computeNaively(graph: Graph, input: Plain): ReadonlyMap<string, Plain> {
  const values = new Map<string, Plain>([[graph.input, input]]);
  for (const node of graph.nodes) {
    if (node.kind === "input") continue;
    const inputs = node.inputs.map((name) => values.get(name) as Plain) as [Plain, ...Plain[]];
    values.set(node.name, { shape: node.shape, values: compute(node, inputs) });
  }
  return values;
}

function compute(node: Node, inputs: readonly [Plain, ...Plain[]]): Float64Array {
  const [x] = inputs;
  switch (node.kind) {
    case "input":
    case "identity":
    case "flatten":
      return x.values;
    case "conv":
    case "depthwise":
      return convolve(node, x);
    case "dense": {
      const { kernel: { values: kernel }, bias } = node.weights;
      const units = bias.values.length;
      return Float64Array.from({ length: units }, (_, unit) => {
        const sum = x.values.reduce(
          (total, value, i) => total + value * (kernel[i * units + unit] ?? NaN),
          0,
        );
        return activate(node.attrs.activation, sum + (bias.values[unit] ?? NaN));
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
      return x.values.map((value) => activate(node.attrs.function, value));
    case "softmax": {
      const powers = x.values.map((value) => Math.exp(value - Math.max(...x.values)));
      const sum = powers.reduce((total, power) => total + power, 0);
      return powers.map((power) => power / sum);
    }
    case "add":
      return x.values.map((_, i) => inputs.reduce((sum, { values }) => sum + (values[i] ?? NaN), 0));
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
        return node.kind === "max-pool"
          ? Math.max(...seen)
          : seen.reduce((sum, value) => sum + value, 0) / seen.length;
      });
    case "global-average-pool": {
      const [height = 1, width = 1, channels = 1] = x.shape;
      return Float64Array.from({ length: channels }, (_, channel) => {
        let sum = 0;
        for (let cell = 0; cell < height * width; cell++) sum += x.values[cell * channels + channel] ?? NaN;
        return sum / (height * width);
      });
    }
    default:
      throw new Error(`Cannot compute a node of this kind: current value is ${node satisfies never}`);
  }
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
        for (let c = 0; c < from; c++) sum += at(x, y, z, c) * weight(c, channel);
      }
    }
    return activate(activation, sum);
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

function activate(name: ActivationName | "linear", value: number): number {
  switch (name) {
    case "linear":
      return value;
    case "relu":
      return Math.max(0, value);
    case "relu6":
      return Math.min(6, Math.max(0, value));
    case "elu":
      return value > 0 ? value : Math.expm1(value);
    case "sigmoid":
      return 1 / (1 + Math.exp(-value));
    case "tanh":
      return Math.tanh(value);
    default:
      throw new Error(`Cannot apply this function: current value is ${name satisfies never}`);
  }
}
