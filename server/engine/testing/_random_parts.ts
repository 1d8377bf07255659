/**
 * A network with random weights: every pixel has weights of its own for the cell of 4×4 that it lies in (`early`, ReLU6),
 * 2×2 of those make a cell of 2×2 (`features`, ReLU), and their means go through one dense layer (`logits`).
 */
import type { Parts } from "./_parts.ts";
import { randomArray, randomNumbers } from "./random_numbers.ts";

const RGB = 3;

/** Cells along a side, and channels. */
const EARLY = { side: 4, channels: 4 } as const;
const FEATURES = { side: 2, channels: 6 } as const;

/** What a ReLU6 saturates at. */
const CEILING = 6;

/** Standard deviation of what goes into `early`, so that some of it saturates and some of it is cut off. */
const EARLY_SPREAD = 4;

/** The head's seed is that of the network plus this. */
const HEAD_SEED = 77;

/** The seed of a frame's picture is the frame plus this. */
const PICTURE_SEED = 1000;

/** What the weights depend on. */
export interface RandomOptions {
  /** At least 4 px each. */
  readonly width: number;
  readonly height: number;
  readonly classes: number;
  readonly seed: number;
  /** False: every bias is 0. */
  readonly biases: boolean;
}

/** Draws the weights. */
export function randomParts({ width, height, classes, seed, biases }: RandomOptions): Parts {
  const length = height * width * RGB;
  const random = randomNumbers(seed);
  const spread = EARLY_SPREAD * Math.sqrt(RGB / (height * width / EARLY.side ** 2));
  const early = randomArray(random, length * EARLY.channels, spread);
  const features = randomArray(random, 4 * EARLY.channels * FEATURES.channels, 1);
  const earlyBias = randomArray(random, EARLY.channels, biases ? 2 : 0);
  const featuresBias = randomArray(random, FEATURES.channels, biases ? 1 : 0);
  const ofHead = randomNumbers(seed + HEAD_SEED);
  return {
    model: {
      id: "fake",
      name: "Fake",
      width,
      height,
      labels: Array.from({ length: classes }, (_, index) => `class ${index}, number ${index}`),
      normalisation: { mean: [128, 128, 128], scale: [64, 64, 64] },
    },
    layers: [
      {
        name: "early",
        kind: "ReLU",
        ...EARLY,
        targets: cellOfEach(height, width),
        fan: EARLY.channels,
        weights: early,
        bias: earlyBias,
        ceiling: CEILING,
      },
      {
        name: "features",
        kind: "ReLU",
        ...FEATURES,
        ...fourToOne(features),
        fan: FEATURES.channels,
        bias: featuresBias,
        ceiling: Infinity,
      },
    ],
    head: {
      kernel: randomArray(ofHead, FEATURES.channels * classes, 1),
      bias: randomArray(ofHead, classes, biases ? 1 : 0),
    },
    picture: (frame) => Float32Array.from(randomArray(randomNumbers(frame + PICTURE_SEED), length, 1)),
    range: 1,
  };
}

/** The first number of `early` that each number of the input counts for. */
function cellOfEach(height: number, width: number): Uint32Array {
  return Uint32Array.from({ length: height * width * RGB }, (_, index) => {
    const px = Math.floor(index / RGB);
    const row = Math.floor(Math.floor(px / width) * EARLY.side / height);
    const column = Math.floor(px % width * EARLY.side / width);
    return (row * EARLY.side + column) * EARLY.channels;
  });
}

/** 2×2 cells of `early` with the same weights for each cell of `features`: `kernel` is `[2, 2, 4, 6]`. */
function fourToOne(kernel: Float64Array): { targets: Uint32Array; weights: Float64Array } {
  const length = EARLY.side ** 2 * EARLY.channels;
  const places = Array.from({ length }, (_, from) => {
    const cell = Math.floor(from / EARLY.channels);
    const [row, column] = [Math.floor(cell / EARLY.side), cell % EARLY.side];
    return {
      target: ((row >> 1) * FEATURES.side + (column >> 1)) * FEATURES.channels,
      source: ((row & 1) * 2 + (column & 1)) * EARLY.channels + from % EARLY.channels,
    };
  });
  return {
    targets: Uint32Array.from(places, ({ target }) => target),
    weights: Float64Array.from({ length: length * FEATURES.channels }, (_, index) => {
      const { source = 0 } = places[Math.floor(index / FEATURES.channels)] ?? {};
      return kernel[source * FEATURES.channels + index % FEATURES.channels] ?? 0;
    }),
  };
}
