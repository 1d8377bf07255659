/** Gradient ascent on the network's input (Erhan et al. 2009; Simonyan et al. 2014, https://arxiv.org/abs/1312.6034). */
import type { LoadedModel } from "../engine/port.ts";
import { normals, uniform } from "../engine/worker/noise.ts";
import { InputPictures } from "./_input_picture.ts";
import { RGB } from "./_input_size.ts";
import { normOf, pyramidDirection } from "./_pyramid.ts";
import { totalVariationGradient } from "./_total_variation.ts";
import { Warp } from "./_warp.ts";

/** The start is grey with a little noise, in values 0…255. */
const START = { mean: 128, deviation: 12 } as const;

/** How the ascent goes. */
export interface AscentOptions {
  readonly seed: number;
  readonly steps: number;
  /** Length of a step: root mean square over all values, as a share of the way from black to white. */
  readonly rate: number;
  /** Weight of L2 and of total-variation decay, each against the score's gradient. */
  readonly decay: number;
  /** Largest shift along either axis, in px. */
  readonly jitter: number;
  /** Largest turn to either side, in degrees. */
  readonly rotation: number;
  readonly parametrisation: "pixels" | "pyramid";
}

/** What an ascent needs to know of a model. */
export type AscentModel = Pick<LoadedModel, "height" | "width" | "normalisation">;

/**
 * An input on its way up. Before each step it is turned and shifted at random, and the gradient is brought back:
 * d = p/‖p‖ − decay·x/‖x‖ − decay·v/‖v‖ with p the gradient in px or in a pyramid's coefficients, and v that of the
 * total variation; then x + rate·(white − black)·√n·d/‖d‖, clipped to what a picture can be.
 */
export class Ascent {
  readonly #model: AscentModel;
  readonly #options: AscentOptions;
  readonly #pictures: InputPictures;
  #input: Float32Array;
  #warp: Warp;
  #step = 0;

  constructor(model: AscentModel, options: AscentOptions) {
    const { height, width } = model;
    this.#model = model;
    this.#options = options;
    this.#pictures = new InputPictures(model);
    const noise = normals(options.seed, height * width * RGB);
    this.#input = this.#pictures.normalise(noise.map((value) => START.mean + START.deviation * value));
    this.#warp = this.#nextWarp();
  }

  /** Steps that were taken. */
  get step(): number {
    return this.#step;
  }

  /** True once every step was taken. */
  get finished(): boolean {
    return this.#step >= this.#options.steps;
  }

  /** The input as it stands, `[height, width, 3]`, normalised. */
  get input(): Float32Array {
    return this.#input;
  }

  /** The moved input that the next gradient is wanted at, `[height, width, 3]`. */
  get asked(): Float32Array {
    return this.#warp.apply(this.#input);
  }

  /** Takes a step by the score's gradient at `asked`. */
  take(gradient: Float32Array): void {
    const { height, width } = this.#model;
    const { rate, decay, parametrisation } = this.#options;
    const pulled = this.#warp.transpose(gradient);
    const climb = parametrisation === "pyramid" ? pyramidDirection(pulled, this.#model) : pulled;
    const direction = sumOfUnits([
      [climb, 1],
      [this.#input, -decay],
      [totalVariationGradient(this.#input, this.#model), -decay],
    ]);
    const norm = normOf(direction);
    const length = norm === 0 ? 0 : rate * Math.sqrt(height * width * RGB) / norm;
    const ranges = this.#pictures.ranges;
    this.#input = this.#pictures.clip(
      this.#input.map((value, at) => value + length * (ranges[at % RGB] ?? 0) * (direction[at] ?? 0)),
    );
    this.#step++;
    this.#warp = this.#nextWarp();
  }

  #nextWarp(): Warp {
    const { seed, jitter, rotation } = this.#options;
    // Numbers that the start has not used.
    const first = this.#input.length + 3 * this.#step;
    const swing = (index: number) => 2 * uniform(seed, first + index) - 1;
    return new Warp(this.#model, {
      degrees: rotation * swing(0),
      down: Math.round(jitter * swing(1)),
      right: Math.round(jitter * swing(2)),
    });
  }
}

/** Σ weight·vector/‖vector‖; a vector of zeros counts as nothing. */
function sumOfUnits(parts: readonly (readonly [vector: Float32Array, weight: number])[]): Float32Array {
  const sum = new Float32Array(parts[0]?.[0].length ?? 0);
  for (const [vector, weight] of parts) {
    const norm = normOf(vector);
    if (norm === 0) continue;
    for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] ?? 0) + weight / norm * (vector[at] ?? 0);
  }
  return sum;
}
