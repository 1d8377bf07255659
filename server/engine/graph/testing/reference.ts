/** A graph by TensorFlow.js's public operations on its CPU backend, which has gradients of its own. */
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
// Registers the gradients, which the core alone does not.
import "@tensorflow/tfjs-layers";
import type { Weight } from "../../model/weights.ts";
import type { Activation, Cubic, Graph, Node, Padding, Pair } from "../graph.ts";

/** Numbers with their shape, batch in front. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Whether rectifiers redirect what is computed now; TensorFlow.js has no context of its own to pass it in. */
let redirects = false;

/** Puts the reference's backend in front; the engine calls its kernels by itself. */
export async function startReference(): Promise<void> {
  await tf.setBackend("cpu");
}

/**
 * Gradients of Σ value·seed over the seeded nodes, at each node of `to`.
 *
 * @param redirected whether rectifiers have the gradient that Lucid gives them for the first steps of an ascent
 */
export function referenceGradients(
  graph: Graph,
  input: Numbers,
  seeds: ReadonlyMap<string, Numbers>,
  to: readonly string[],
  redirected = false,
): readonly Float32Array[] {
  redirects = redirected;
  return to.map((name) =>
    tf.tidy(() => {
      const start = read(evaluate(graph, tensor(input), null), name);
      const gradient = tf.grad((value) => {
        const values = evaluate(graph, tensor(input), { name, value });
        return tf.addN([...seeds].map(([at, seed]) => tf.sum(tf.mul(read(values, at), tensor(seed)))));
      });
      return Float32Array.from(gradient(start).dataSync());
    })
  );
}

/** Computes every node; `given` takes the place of one. */
function evaluate(
  graph: Graph,
  input: tf.Tensor,
  given: { readonly name: string; readonly value: tf.Tensor } | null,
): ReadonlyMap<string, tf.Tensor> {
  const values = new Map<string, tf.Tensor>();
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((name) => read(values, name)) as [tf.Tensor, ...tf.Tensor[]];
    const value = node.kind === "input"
      ? input
      : node.kind === "constant"
      ? tf.tile(tf.expandDims(constant(node.weights.value)), [
        input.shape[0] ?? 1,
        ...node.shape.map(() => 1),
      ])
      : compute(node, inputs);
    values.set(node.name, node.name === given?.name ? given.value : value);
  }
  return values;
}

function compute(node: Node, inputs: readonly [tf.Tensor, ...tf.Tensor[]]): tf.Tensor {
  const [x] = inputs;
  const image = x as tf.Tensor4D;
  switch (node.kind) {
    case "input":
    case "identity":
      return x;
    case "conv":
    case "depthwise": {
      const { strides, dilations, activation } = node.attrs;
      const kernel = constant(spread(node.weights.kernel, dilations)) as tf.Tensor4D;
      const { value, padding } = bordered(image, node.attrs.padding, 0);
      const linear = node.kind === "conv"
        ? byGroups(
          node.attrs.groups,
          value,
          kernel,
          (part, own) => tf.conv2d(part, own, [...strides], padding),
        )
        : tf.depthwiseConv2d(value, kernel, [...strides], padding);
      return fused(activation, tf.add(linear, constant(node.weights.bias)));
    }
    case "dense": {
      const rows = tf.reshape(x, [-1, x.shape.at(-1) ?? 1]);
      const product = tf.matMul(rows as tf.Tensor2D, constant(node.weights.kernel) as tf.Tensor2D);
      const biased = tf.add(product, constant(node.weights.bias));
      return fused(node.attrs.activation, tf.reshape(biased, [x.shape[0] ?? 1, ...node.shape]));
    }
    case "affine":
      return tf.add(tf.mul(x, constant(node.weights.scale)), constant(node.weights.shift));
    case "activation":
      return activate(node.attrs, x);
    case "prelu":
      return tf.prelu(x, constant(node.weights.alpha));
    case "softmax":
      return tf.softmax(x);
    case "add":
      return inputs.reduce((sum, value) => tf.add(sum, value));
    case "multiply":
      return inputs.reduce((product, value) => tf.mul(product, value));
    case "subtract":
      return tf.sub(x, inputs[1] as tf.Tensor);
    case "divide":
      return tf.div(x, inputs[1] as tf.Tensor);
    case "concat":
      return tf.concat([...inputs], node.attrs.axis);
    case "layer-norm":
      return normalised(node, x, [x.shape.length - 1], x.shape);
    case "group-norm": {
      const { groups } = node.attrs;
      const [batch = 1, ...sides] = x.shape;
      const channels = sides.at(-1) ?? 1;
      return normalised(node, tf.reshape(x, [batch, -1, groups, channels / groups]), [1, 3], x.shape);
    }
    case "matmul":
      return matMul(x, inputs[1] as tf.Tensor, node);
    case "transpose":
      return tf.transpose(x, [0, ...node.attrs.order.map((side) => side + 1)]);
    case "slice":
      return tf.slice(x, [0, ...node.attrs.starts], [-1, ...node.attrs.sizes]);
    case "gather":
      return tf.gather(x, tf.tensor1d([...node.attrs.indices], "int32"), node.attrs.side + 1);
    case "reduce": {
      const { function: name, keepDims } = node.attrs;
      const sides = node.attrs.sides.map((side) => side + 1);
      return name === "max" ? tf.max(x, sides, keepDims) : tf[name](x, sides, keepDims);
    }
    case "constant":
      throw new Error("Cannot compute a constant: it has no input to be computed from");
    case "pad": {
      const { rows, columns } = node.attrs;
      const zeros = ([before, after]: Pair): [number, number] => [Math.max(0, before), Math.max(0, after)];
      const [height = 0, width = 0, channels = 0] = node.shape;
      const start = [0, Math.max(0, -rows[0]), Math.max(0, -columns[0]), 0];
      return tf.slice(tf.pad(x, [[0, 0], zeros(rows), zeros(columns), [0, 0]]), start, [
        -1,
        height,
        width,
        channels,
      ]);
    }
    case "spread":
      return spreadOut(x, node);
    case "local-norm": {
      // Sums over neighbours as a product with a band of ones.
      const { size, alpha, beta, bias } = node.attrs;
      const channels = x.shape.at(-1) ?? 1;
      const band = tf.tensor2d(
        Array.from(
          { length: channels },
          (_, from) =>
            Array.from(
              { length: channels },
              (_, to) =>
                from - to >= -Math.floor((size - 1) / 2) && from - to <= Math.ceil((size - 1) / 2) ? 1 : 0,
            ),
        ),
      );
      const squares = tf.matMul(tf.reshape(tf.square(x), [-1, channels]) as tf.Tensor2D, band);
      const divisors = tf.pow(tf.add(tf.mul(tf.reshape(squares, x.shape), alpha / size), bias), beta);
      return tf.div(x, divisors);
    }
    case "max-pool": {
      if (node.attrs.dilations?.some((step) => step !== 1)) return maxWithGaps(image, node);
      const { value, padding } = bordered(image, node.attrs.padding, -1e9);
      return tf.maxPool(value, [...node.attrs.size], [...node.attrs.strides], padding);
    }
    case "average-pool": {
      // TensorFlow.js's own gradient counts cells beyond the border: shares by a convolution do not.
      const [, , , channels] = image.shape;
      const { dilations = [1, 1] } = node.attrs;
      const ones = new Float32Array(node.attrs.size[0] * node.attrs.size[1]).fill(1);
      const taps = constant(spread({ shape: [...node.attrs.size, 1, 1], values: ones }, dilations));
      const kernel = tf.mul(taps, tf.reshape(tf.eye(channels), [1, 1, channels, channels])) as tf.Tensor4D;
      const sum = (of: tf.Tensor4D) => {
        const { value, padding } = bordered(of, node.attrs.padding, 0);
        return tf.conv2d(value, kernel, [...node.attrs.strides], padding);
      };
      const [height, width] = node.attrs.size;
      return tf.div(sum(image), node.attrs.countPadding ? height * width : sum(tf.onesLike(image)));
    }
    case "global-average-pool":
      return tf.mean(x, [1, 2], node.attrs.keepDims);
    case "global-max-pool":
      return tf.max(x, [1, 2], node.attrs.keepDims);
    case "upsample": {
      const { factors, interpolation } = node.attrs;
      const [, height, width] = image.shape;
      const rows = mixing(height, factors[0], interpolation);
      const columns = mixing(width, factors[1], interpolation);
      return mix(mix(x, 1, rows), 2, columns);
    }
    case "resize": {
      const { size, interpolation, positions } = node.attrs;
      const [, height, width] = image.shape;
      const along = (cells: number, count: number) =>
        mixingAt(
          cells,
          Array.from({ length: count }, (_, place) => {
            if (positions === "half-pixel") return (2 * place + 1) * cells / (2 * count) - 0.5;
            return place *
              (positions === "asymmetric" ? cells / count : (cells - 1) / Math.max(1, count - 1));
          }),
          typeof interpolation !== "string"
            ? interpolation
            : interpolation === "bilinear"
            ? null
            : positions === "asymmetric"
            ? Math.floor
            : Math.round,
        );
      return mix(mix(x, 1, along(height, size[0])), 2, along(width, size[1]));
    }
    case "flatten":
    case "reshape":
      return tf.reshape(x, [x.shape[0] ?? 1, ...node.shape]);
    default:
      throw new Error(`Cannot compute the node: its kind ${node satisfies never} is unknown`);
  }
}

/** Stacks are stretched first: TensorFlow.js's gradient knows nothing of stretching. */
function matMul(a: tf.Tensor, b: tf.Tensor, { attrs, shape }: Node<"matmul">): tf.Tensor {
  const stacks = [a.shape[0] ?? 1, ...shape.slice(0, -2)];
  const [left, right] = [a, b].map((value) => tf.mul(value, tf.ones([...stacks, ...value.shape.slice(-2)])));
  return tf.matMul(left as tf.Tensor, right as tf.Tensor, attrs.transposeA, attrs.transposeB);
}

/** By the mean and variance over some axes; `shape` is the value's own. */
function normalised(
  { attrs, weights }: Node<"layer-norm" | "group-norm">,
  x: tf.Tensor,
  axes: number[],
  shape: readonly number[],
): tf.Tensor {
  const centred = tf.sub(x, tf.mean(x, axes, true));
  const variance = tf.mean(tf.square(centred), axes, true);
  const even = tf.reshape(tf.div(centred, tf.sqrt(tf.add(variance, attrs.epsilon))), [...shape]);
  return tf.add(tf.mul(even, constant(weights.scale)), constant(weights.shift));
}

function fused(name: Node<"conv">["attrs"]["activation"], x: tf.Tensor): tf.Tensor {
  return name === "linear" ? x : activate({ function: name }, x);
}

function activate(activation: Activation, x: tf.Tensor): tf.Tensor {
  const range = redirects ? rangeOf(activation) : null;
  if (range !== null) return redirecting(plain(activation, x), x, range);
  return plain(activation, x);
}

/** Slope 1 from `low` to `high`, `below` under it and 0 above. */
interface Range {
  readonly low: number;
  readonly high: number;
  readonly below: number;
}

/** How a rectifier rises, or null for another function. */
function rangeOf(activation: Activation): Range | null {
  switch (activation.function) {
    case "relu":
      return { low: 0, high: Infinity, below: 0 };
    case "relu6":
      return { low: 0, high: 6, below: 0 };
    case "rectifier":
      return { low: activation.threshold, high: activation.max, below: activation.slope };
    default:
      return null;
  }
}

/** `y` of `x` with a gradient of its own, written out number by number. */
function redirecting(y: tf.Tensor, x: tf.Tensor, { low, high, below }: Range): tf.Tensor {
  const at = x.dataSync();
  return tf.customGrad(() => ({
    value: y.clone(),
    gradFunc: (dy: tf.Tensor) => {
      const up = dy.dataSync();
      const rows = x.shape[0] ?? 1;
      const each = at.length / rows;
      const found = new Float32Array(at.length);
      for (let row = 0; row < rows; row++) {
        const places = Array.from({ length: each }, (_, i) => row * each + i);
        for (const i of places) {
          const value = at[i] as number;
          found[i] = (up[i] as number) * (value >= high ? 0 : value > low ? 1 : below);
        }
        if (places.some((i) => found[i] !== 0)) continue;
        for (const i of places) {
          const [value, slope] = [at[i] as number, up[i] as number];
          if (value >= high && slope < 0 || below === 0 && value <= low && slope > 0) found[i] = slope;
        }
      }
      return tf.tensor(found, x.shape);
    },
  }))(x);
}

function plain(activation: Activation, x: tf.Tensor): tf.Tensor {
  switch (activation.function) {
    case "relu":
      return tf.relu(x);
    case "relu6":
      return tf.relu6(x);
    case "elu":
      return tf.elu(x);
    case "sigmoid":
      return tf.sigmoid(x);
    case "tanh":
      return tf.tanh(x);
    case "rectifier": {
      const { slope, threshold, max } = activation;
      const low = tf.mul(slope, tf.sub(x, threshold));
      const middle = tf.where(tf.greaterEqual(x, threshold), x, low);
      return Number.isFinite(max) ? tf.where(tf.greaterEqual(x, max), tf.fill(x.shape, max), middle) : middle;
    }
    case "swish":
      return tf.mul(x, tf.sigmoid(x));
    case "hard-sigmoid":
      return tf.clipByValue(tf.add(tf.mul(x, 0.2), 0.5), 0, 1);
    case "hard-swish":
      return tf.div(tf.mul(x, tf.relu6(tf.add(x, 3))), 6);
    case "gelu":
      return tf.mul(tf.mul(x, 0.5), tf.add(1, tf.erf(tf.div(x, Math.SQRT2))));
    case "gelu-tanh": {
      const inner = tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.mul(x, tf.mul(x, x)))));
      return tf.mul(tf.mul(x, 0.5), tf.add(1, tf.tanh(inner)));
    }
    case "clip":
      return tf.clipByValue(
        tf.add(tf.mul(x, activation.scale), activation.shift),
        activation.min,
        activation.max,
      );
    case "erf":
      return tf.erf(x);
    case "exp":
      return tf.exp(x);
    case "log":
      return tf.log(x);
    case "sqrt":
      return tf.sqrt(x);
    case "softplus":
      return tf.softplus(x);
    case "selu":
      return tf.selu(x);
    case "mish":
      return tf.mul(x, tf.tanh(tf.softplus(x)));
    case "softsign":
      return tf.div(x, tf.add(1, tf.abs(x)));
    case "reciprocal":
      return tf.reciprocal(x);
    case "square":
      return tf.square(x);
    case "abs":
      return tf.abs(x);
    case "negative":
      return tf.neg(x);
    case "exponential-linear": {
      const { scale, limit, rate } = activation;
      return tf.where(
        tf.greaterEqual(x, 0),
        tf.mul(x, scale),
        tf.mul(tf.sub(tf.exp(tf.mul(x, rate)), 1), limit),
      );
    }
    case "power":
      return tf.pow(x, activation.exponent);
    default:
      throw new Error(`Cannot apply the function: ${activation satisfies never} is unknown`);
  }
}

/** A value with explicit cells around it, so that TensorFlow.js has to know of none. */
function bordered(
  value: tf.Tensor4D,
  padding: Padding,
  constant: number,
): { readonly value: tf.Tensor4D; readonly padding: "same" | "valid" } {
  if (typeof padding === "string") return { value, padding };
  const around: [number, number][] = [[0, 0], [...padding.rows], [...padding.columns], [0, 0]];
  return { value: tf.pad(value, around, constant), padding: "valid" };
}

/** A convolution of each group by itself. */
function byGroups(
  groups: number,
  value: tf.Tensor4D,
  kernel: tf.Tensor4D,
  convolve: (value: tf.Tensor4D, kernel: tf.Tensor4D) => tf.Tensor4D,
): tf.Tensor {
  if (groups === 1) return convolve(value, kernel);
  // Split by hand: TensorFlow.js's own split has no gradient that works here.
  const part = (whole: tf.Tensor4D, group: number) => {
    const each = whole.shape[3] / groups;
    return tf.slice(whole, [0, 0, 0, group * each], [-1, -1, -1, each]);
  };
  const parts = Array.from(
    { length: groups },
    (_, group) => convolve(part(value, group), part(kernel, group)),
  );
  return tf.concat(parts, 3);
}

/** A kernel with zeros between its cells: gradients of dilated convolutions are not in TensorFlow.js. */
function spread(kernel: Weight, dilations: readonly [number, number]): Weight {
  const [height = 1, width = 1, from = 1, to = 1] = kernel.shape;
  const [high, wide] = [(height - 1) * dilations[0] + 1, (width - 1) * dilations[1] + 1];
  const values = new Float32Array(high * wide * from * to);
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      const cell = kernel.values.subarray((i * width + j) * from * to, (i * width + j + 1) * from * to);
      values.set(cell, (i * dilations[0] * wide + j * dilations[1]) * from * to);
    }
  }
  return { shape: [high, wide, from, to], values };
}

/** `[cells·factor, cells]`: how much of each input an output along one axis takes. */
function mixing(cells: number, factor: number, interpolation: "nearest" | "bilinear"): tf.Tensor2D {
  const rows = Array.from({ length: cells * factor }, (_, place) => {
    const at = interpolation === "nearest"
      ? Math.floor(place / factor)
      : Math.min(cells - 1, Math.max(0, (place + 0.5) / factor - 0.5));
    return Array.from({ length: cells }, (_, cell) => Math.max(0, 1 - Math.abs(at - cell)));
  });
  return tf.tensor2d(rows);
}

/** `[outputs, cells]`: how much of each input the outputs take that lie at some places of it. */
function mixingAt(
  cells: number,
  places: readonly number[],
  round: ((at: number) => number) | Cubic | null,
): tf.Tensor2D {
  return tf.tensor2d(places.map((place) => {
    if (typeof round === "object" && round !== null) return cubicShares(cells, place, round);
    const at = Math.min(cells - 1, Math.max(0, round === null ? place : round(place)));
    return Array.from({ length: cells }, (_, cell) => Math.max(0, 1 - Math.abs(at - cell)));
  }));
}

/** Shares of the cells in the value at a place, by Keys's curve. */
function cubicShares(cells: number, place: number, { coefficient: a, insideOnly }: Cubic): number[] {
  const shares = new Array<number>(cells).fill(0);
  for (let cell = Math.floor(place) - 1; cell <= Math.floor(place) + 2; cell++) {
    const d = Math.abs(place - cell);
    const share = d <= 1 ? (a + 2) * d ** 3 - (a + 3) * d ** 2 + 1 : a * (d ** 3 - 5 * d ** 2 + 8 * d - 4);
    if (insideOnly && (cell < 0 || cell >= cells)) continue;
    const at = Math.min(cells - 1, Math.max(0, cell));
    shares[at] = (shares[at] as number) + share;
  }
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.map((share) => share / sum);
}

/** Zeros between neighbours, as a product with a matrix along each axis. */
function spreadOut(x: tf.Tensor, { attrs: { strides } }: Node<"spread">): tf.Tensor {
  const matrix = (cells: number, stride: number) =>
    tf.tensor2d(
      Array.from({ length: (cells - 1) * stride + 1 }, (_, place) =>
        Array.from({ length: cells }, (_, cell) => place === cell * stride ? 1 : 0)),
    );
  const [, height = 1, width = 1] = x.shape;
  return mix(mix(x, 1, matrix(height, strides[0])), 2, matrix(width, strides[1]));
}

/** The largest of the window's cells, each cut out for all windows at once. */
function maxWithGaps(image: tf.Tensor4D, node: Node<"max-pool">): tf.Tensor {
  const { size, strides, dilations = [1, 1], padding } = node.attrs;
  const [high = 1, wide = 1] = node.shape;
  const reach = (axis: 0 | 1) => (size[axis] - 1) * dilations[axis] + 1;
  const around = ([0, 1] as const).map((axis): Pair => {
    const output = node.shape[axis] ?? 1;
    const needed = (output - 1) * strides[axis] + reach(axis) - (image.shape[1 + axis] ?? 1);
    if (padding === "valid") return [0, 0];
    if (padding === "same") {
      const missing = Math.max(0, needed);
      return [Math.floor(missing / 2), missing - Math.floor(missing / 2)];
    }
    return axis === 0 ? padding.rows : padding.columns;
  });
  const { value } = bordered(image, { rows: around[0] as Pair, columns: around[1] as Pair }, -1e9);
  const cells = Array.from({ length: size[0] * size[1] }, (_, tap) => {
    const [i, j] = [Math.floor(tap / size[1]) * dilations[0], (tap % size[1]) * dilations[1]];
    const rows = Array.from({ length: high }, (_, row) => row * strides[0] + i);
    const columns = Array.from({ length: wide }, (_, column) => column * strides[1] + j);
    return tf.gather(tf.gather(value, tf.tensor1d(rows, "int32"), 1), tf.tensor1d(columns, "int32"), 2);
  });
  return tf.max(tf.stack(cells), 0);
}

/** Multiplies the cells along one axis with a matrix `[outputs, cells]`. */
function mix(x: tf.Tensor, axis: 1 | 2, matrix: tf.Tensor2D): tf.Tensor {
  const order = axis === 1 ? [1, 0, 2, 3] : [2, 0, 1, 3];
  const back = axis === 1 ? [1, 0, 2, 3] : [1, 2, 0, 3];
  const turned = tf.transpose(x, order);
  const [cells = 1, ...others] = turned.shape;
  const product = tf.matMul(matrix, tf.reshape(turned, [cells, -1]));
  return tf.transpose(tf.reshape(product, [matrix.shape[0], ...others]), back);
}

function constant({ shape, values }: Weight): tf.Tensor {
  return tf.tensor(values, [...shape]);
}

function tensor({ shape, values }: Numbers): tf.Tensor {
  return tf.tensor(values, [...shape]);
}

function read(values: ReadonlyMap<string, tf.Tensor>, name: string): tf.Tensor {
  const value = values.get(name);
  if (value === undefined) throw new Error(`Cannot read the node: there is none named ${name}`);
  return value;
}
