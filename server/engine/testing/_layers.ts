/** Layers of the small network, forwards and backwards, number by number. */
import type { GradientRule } from "../port.ts";

/** Numbers of an input: float32 of a row, or more exact ones of a test. */
export type Numbers = Float32Array | Float64Array;

/** A spatial layer, `[side, side, channels]`, and what it makes of the layer before it. */
export interface SpatialLayer {
  readonly name: string;
  readonly kind: string;
  readonly side: number;
  readonly channels: number;
  /** `[inputs]` the first of the `fan` numbers of this layer that each number before it counts for. */
  readonly targets: Uint32Array;
  readonly fan: number;
  /** `[inputs, fan]`. */
  readonly weights: Float64Array;
  /** `[channels]`. */
  readonly bias: Float64Array;
  /** What its rectifier saturates at (6, or Infinity); null: it has none. */
  readonly ceiling: number | null;
}

/** The dense layer behind the mean of the last spatial layer: `kernel` `[channels, classes]`, `bias` `[classes]`. */
export interface Head {
  readonly kernel: Float64Array;
  readonly bias: Float64Array;
}

/** A layer before and after its activation, `[side, side, channels]`. */
export interface Activated {
  readonly before: Float64Array;
  readonly after: Float64Array;
}

/** Every value of one forward pass. */
export interface Pass {
  readonly input: Numbers;
  /** By the names of the layers. */
  readonly spatial: ReadonlyMap<string, Activated>;
  readonly head: Head;
  readonly logits: Float64Array;
}

/** Gradients of a score at each layer, `before` its activation and `after`. */
export interface Gradients {
  readonly input: Float64Array;
  readonly spatial: ReadonlyMap<string, Activated>;
}

/** Where a gradient begins: at a layer, or at the logits where that is null. */
export interface Seed {
  readonly layer: string | null;
  readonly values: ArrayLike<number>;
}

/**
 * The values of a layer, of a pass or of gradients.
 *
 * @throws RangeError where there is no such layer
 */
export function layerOf({ spatial }: Pick<Pass, "spatial">, name: string): Activated {
  const found = spatial.get(name);
  if (found !== undefined) return found;
  throw new RangeError(`Cannot read the layer: expected ${[...spatial.keys()].join(" or ")}, got '${name}'`);
}

/** Runs `[height, width, 3]` through the layers, their mean and the head. */
export function forward(layers: readonly SpatialLayer[], input: Numbers, head: Head): Pass {
  const spatial = new Map<string, Activated>();
  let last = input;
  for (const layer of layers) {
    const before = summed(layer, last);
    const { ceiling } = layer;
    const after = ceiling === null ? before : before.map((value) => Math.min(ceiling, Math.max(0, value)));
    spatial.set(layer.name, { before, after });
    last = after;
  }
  const { classes, cells, channels } = sizes(layers, head);
  const logits = head.bias.slice();
  for (let index = 0; index < last.length; index++) {
    for (let c = 0; c < classes; c++) {
      add(logits, c, at(last, index) / cells * at(head.kernel, index % channels * classes + c));
    }
  }
  return { input, spatial, head, logits };
}

/** What the head reads: the mean of each channel of the last layer. */
export function featuresOf(
  layers: readonly SpatialLayer[],
  { spatial }: Pick<Pass, "spatial">,
): Float64Array {
  const { name = "", channels = 1, side = 1 } = layers.at(-1) ?? {};
  const { after } = layerOf({ spatial }, name);
  const means = new Float64Array(channels);
  for (const [index, value] of after.entries()) add(means, index % channels, value / side ** 2);
  return means;
}

/** Follows a gradient from its seed to the input; it is 0 at layers behind the seed's. */
export function backward(
  layers: readonly SpatialLayer[],
  { input, spatial: values, head }: Pass,
  seed: Seed,
  rule: GradientRule,
): Gradients {
  const spatial = new Map<string, Activated>();
  let gradient = seed.layer === null ? behindHead(layers, head, seed.values) : null;
  for (const layer of layers.toReversed()) {
    const { before: value } = layerOf({ spatial: values }, layer.name);
    const after = seed.layer === layer.name
      ? Float64Array.from(seed.values)
      : gradient ?? new Float64Array(value.length);
    const before = layer.ceiling === null ? after : passed(after, value, layer.ceiling, rule);
    spatial.set(layer.name, { before, after });
    gradient = spread(layer, before);
  }
  return {
    input: seed.layer === "input"
      ? Float64Array.from(seed.values)
      : gradient ?? new Float64Array(input.length),
    spatial,
  };
}

/** A layer before its activation. */
function summed({ side, bias, targets, fan, weights }: SpatialLayer, input: Numbers): Float64Array {
  const values = Float64Array.from(
    { length: side ** 2 * bias.length },
    (_, index) => at(bias, index % bias.length),
  );
  for (let from = 0; from < targets.length; from++) {
    const first = at(targets, from);
    for (let k = 0; k < fan; k++) add(values, first + k, at(input, from) * at(weights, from * fan + k));
  }
  return values;
}

/** The gradient at what a layer reads, of the one before its activation. */
function spread({ targets, fan, weights }: SpatialLayer, gradient: Float64Array): Float64Array {
  const values = new Float64Array(targets.length);
  for (let from = 0; from < targets.length; from++) {
    const first = at(targets, from);
    for (let k = 0; k < fan; k++) add(values, from, at(gradient, first + k) * at(weights, from * fan + k));
  }
  return values;
}

/** The gradient at the last spatial layer, of the one at the logits. */
function behindHead(
  layers: readonly SpatialLayer[],
  head: Head,
  logits: ArrayLike<number>,
): Float64Array {
  const { classes, cells, channels } = sizes(layers, head);
  const shares = Float64Array.from({ length: channels }, (_, k) => {
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += at(logits, c) * at(head.kernel, k * classes + c) / cells;
    return sum;
  });
  return Float64Array.from({ length: cells * channels }, (_, index) => at(shares, index % channels));
}

function sizes(layers: readonly SpatialLayer[], head: Head) {
  const channels = layers.at(-1)?.channels ?? 0;
  return { classes: head.bias.length, cells: (layers.at(-1)?.side ?? 0) ** 2, channels };
}

/** What a rectifier lets through of a gradient behind it. */
function passed(gradient: Float64Array, values: Float64Array, ceiling: number, rule: GradientRule) {
  const before = gradient.map((slope, index) => {
    const open = at(values, index) > 0 && at(values, index) < ceiling;
    return open && (rule !== "guided" || slope > 0) ? slope : 0;
  });
  if (rule !== "redirected" || before.some((slope) => slope !== 0)) return before;
  return gradient.map((slope, index) => slope > 0 === at(values, index) <= 0 ? slope : 0);
}

function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? 0;
}

function add(values: Float64Array, index: number, value: number): void {
  values[index] = at(values, index) + value;
}
