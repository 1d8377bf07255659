/**
 * Layers of the fake network, forwards and backwards, number by number: every pixel has a weight of its own for
 * the cell of 4×4 that it lies in (`early`, ReLU6), 2×2 of those make a cell of 2×2 (`features`, ReLU), and
 * their means go through one dense layer (`logits`).
 */
import type { GradientRule } from "../../engine/port.ts";
import { randomArray, randomNumbers } from "./_fake_random.ts";

const RGB = 3;

/** Cells along a side, and channels. */
export const EARLY = { side: 4, channels: 4 } as const;
export const FEATURES = { side: 2, channels: 6 } as const;

/** What a ReLU6 saturates at. */
const CEILING = 6;

/** Standard deviation of what goes into `early`, so that some of it saturates and some of it is cut off. */
const EARLY_SPREAD = 4;

/** Seed of the head with the model's own weights is that of the network plus this. */
const HEAD_SEED = 77;

/** A layer before and after its activation, `[side, side, channels]`. */
export interface Activated {
  readonly before: Float64Array;
  readonly after: Float64Array;
}

/** The dense layer: `kernel` `[channels, classes]`, `bias` `[classes]`. */
export interface FakeHead {
  readonly kernel: Float64Array;
  readonly bias: Float64Array;
}

/** Every value of one forward. */
export interface Pass {
  readonly input: Float64Array;
  readonly early: Activated;
  readonly features: Activated;
  readonly head: FakeHead;
  readonly logits: Float64Array;
}

/** Gradients of a score at each layer, `before` its activation and `after`. */
export interface Gradients {
  readonly input: Float64Array;
  readonly early: Activated;
  readonly features: Activated;
  readonly logits: Float64Array;
}

/** Where a gradient comes in; the others begin with 0. */
export type Seeds = Partial<Readonly<Record<"logits" | "features" | "early", Float64Array>>>;

/** What the layers are made of. */
export interface FakeLayersParts {
  readonly height: number;
  readonly width: number;
  readonly classes: number;
  readonly seed: number;
  /** False: every bias is 0. */
  readonly biases: boolean;
}

/** The network's weights and what they do. */
export class FakeLayers {
  readonly bias: Readonly<Record<"early" | "features", Float64Array>>;
  readonly #parts: FakeLayersParts;
  /** `[height, width, 3, EARLY.channels]` and `[2, 2, EARLY.channels, FEATURES.channels]`. */
  readonly #kernels: Readonly<Record<"early" | "features", Float64Array>>;

  constructor(parts: FakeLayersParts) {
    const { height, width, seed, biases } = parts;
    const random = randomNumbers(seed);
    const pxOfCell = height * width / EARLY.side ** 2;
    const spread = EARLY_SPREAD * Math.sqrt(RGB / pxOfCell);
    this.#parts = parts;
    this.#kernels = {
      early: randomArray(random, height * width * RGB * EARLY.channels, spread),
      features: randomArray(random, 4 * EARLY.channels * FEATURES.channels, 1),
    };
    this.bias = {
      early: randomArray(random, EARLY.channels, biases ? 2 : 0),
      features: randomArray(random, FEATURES.channels, biases ? 1 : 0),
    };
  }

  /** The dense layer; a seed gives one with other weights. */
  head(seed?: number): FakeHead {
    const { classes, biases } = this.#parts;
    const random = randomNumbers(seed ?? this.#parts.seed + HEAD_SEED);
    return {
      kernel: randomArray(random, FEATURES.channels * classes, 1),
      bias: randomArray(random, classes, biases ? 1 : 0),
    };
  }

  /** Runs `[height, width, 3]` through the network. */
  forward(input: Float64Array, head: FakeHead): Pass {
    const early = activated(this.#early(input), (value) => Math.min(CEILING, Math.max(0, value)));
    const features = activated(this.#features(early.after), (value) => Math.max(0, value));
    const { classes } = this.#parts;
    const logits = head.bias.map((bias, c) =>
      features.after.reduce(
        (sum, value, index) =>
          sum + value / FEATURES.side ** 2 * at(head.kernel, index % FEATURES.channels * classes + c),
        bias,
      )
    );
    return { input, early, features, head, logits };
  }

  /** Goes back from the seeds to the input. */
  backward(pass: Pass, seeds: Seeds, rule: GradientRule): Gradients {
    const { classes } = this.#parts;
    const logits = seeds.logits ?? new Float64Array(classes);
    const features = passed(
      pass.features.after.map((_, index) =>
        at(seeds.features ?? [], index) + logits.reduce(
          (sum, gradient, c) =>
            sum +
            gradient * at(pass.head.kernel, index % FEATURES.channels * classes + c) / FEATURES.side ** 2,
          0,
        )
      ),
      pass.features.before,
      Infinity,
      rule,
    );
    const atEarly = seeds.early?.slice() ?? new Float64Array(pass.early.after.length);
    eachEarly((from, to, weights) => {
      for (let k = 0; k < FEATURES.channels; k++) {
        add(atEarly, from, at(features.before, to + k) * at(this.#kernels.features, weights + k));
      }
    });
    const early = passed(atEarly, pass.early.before, CEILING, rule);
    const input = new Float64Array(pass.input.length);
    this.#eachPx((px, cell) => {
      for (let k = 0; k < EARLY.channels; k++) {
        add(input, px, at(early.before, cell + k) * at(this.#kernels.early, px * EARLY.channels + k));
      }
    });
    return { input, early, features, logits };
  }

  /** `early` before its activation. */
  #early(input: Float64Array): Float64Array {
    const values = everywhere(this.bias.early, EARLY.side);
    this.#eachPx((px, cell) => {
      for (let k = 0; k < EARLY.channels; k++) {
        add(values, cell + k, at(input, px) * at(this.#kernels.early, px * EARLY.channels + k));
      }
    });
    return values;
  }

  /** `features` before its activation. */
  #features(early: Float64Array): Float64Array {
    const values = everywhere(this.bias.features, FEATURES.side);
    eachEarly((from, to, weights) => {
      for (let k = 0; k < FEATURES.channels; k++) {
        add(values, to + k, at(early, from) * at(this.#kernels.features, weights + k));
      }
    });
    return values;
  }

  /** Calls with each number of the input and the first number of the cell that it counts for. */
  #eachPx(take: (px: number, cell: number) => void): void {
    const { height, width } = this.#parts;
    for (let px = 0; px < height * width * RGB; px++) {
      const row = Math.floor(Math.floor(px / RGB / width) * EARLY.side / height);
      const column = Math.floor(Math.floor(px / RGB) % width * EARLY.side / width);
      take(px, (row * EARLY.side + column) * EARLY.channels);
    }
  }
}

/** Calls with each number of `early`, the first number of its cell of `features`, and of its weights. */
function eachEarly(take: (from: number, to: number, weights: number) => void): void {
  for (let from = 0; from < EARLY.side ** 2 * EARLY.channels; from++) {
    const cell = Math.floor(from / EARLY.channels);
    const [row, column] = [Math.floor(cell / EARLY.side), cell % EARLY.side];
    const to = (row >> 1) * FEATURES.side + (column >> 1);
    const place = (row & 1) * 2 + (column & 1);
    take(from, to * FEATURES.channels, (place * EARLY.channels + from % EARLY.channels) * FEATURES.channels);
  }
}

/** A bias at every place of a layer. */
function everywhere(bias: Float64Array, side: number): Float64Array {
  return Float64Array.from({ length: side ** 2 * bias.length }, (_, index) => at(bias, index % bias.length));
}

function activated(before: Float64Array, activation: (value: number) => number): Activated {
  return { before, after: before.map(activation) };
}

/** What an activation lets through of a gradient behind it. */
function passed(after: Float64Array, values: Float64Array, ceiling: number, rule: GradientRule): Activated {
  const before = after.map((gradient, index) => {
    const open = at(values, index) > 0 && at(values, index) < ceiling;
    return open && (rule !== "guided" || gradient > 0) ? gradient : 0;
  });
  if (rule !== "redirected" || before.some((gradient) => gradient !== 0)) return { before, after };
  const redirected = after.map((gradient, index) => gradient > 0 === at(values, index) <= 0 ? gradient : 0);
  return { before: redirected, after };
}

function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? 0;
}

function add(values: Float64Array, index: number, value: number): void {
  values[index] = at(values, index) + value;
}
