/** Gradient ascent on the network's input (Erhan et al. 2009; Simonyan et al. 2014, https://arxiv.org/abs/1312.6034). */
import type { GradientRule, LoadedModel } from "../../engine/port.ts";
import { normals, uniform } from "../../engine/worker/input/noise.ts";
import { InputPictures } from "../rows/input_picture.ts";
import { RGB } from "../rows/input_size.ts";
import { normOf, pyramidDirection } from "./_pyramid.ts";
import { totalVariationGradient } from "./_total_variation.ts";
import { Warp } from "./_warp.ts";

/** The start is grey with a little noise, in values 0…255. */
const START = { mean: 128, standardDeviation: 12 } as const;

/** Steps at the start whose gradients pass rectifiers that would let nothing through: as many as in Lucid. */
export const REDIRECTED_STEPS = 16;

/** Steps by the plain gradient in which the score may still be nothing before another start is tried. */
const PATIENCE = 4;

/** Starts that are tried at most, each from the next seed. */
export const MAX_STARTS = 5;

/** How the ascent goes. */
export interface AscentOptions {
  readonly seed: number;
  readonly steps: number;
  /** Length of a step: root mean square over all values, as a share of the way from black to white. */
  readonly rate: number;
  /** Weight of L2 and of total-variation decay, each against the score's gradient. */
  readonly decay: number;
  /** Largest shift along either axis, in pixels. */
  readonly jitter: number;
  /** Largest turn to either side, in degrees. */
  readonly rotation: number;
  readonly parametrisation: "pixels" | "pyramid";
}

/** What an ascent needs to know of a model. */
export type AscentModel = Pick<LoadedModel, "height" | "width" | "normalisation">;

/**
 * An input on its way up. A score of exactly 0 is one that a rectifier holds down: an ascent that has not risen above it
 * begins again from the next seed, and ends early where none of them wakes it. Before each step it is turned and shifted at random, and the gradient is brought back:
 * d = p/‖p‖ − decay·x/‖x‖ − decay·v/‖v‖ with p the gradient in pixels or in a pyramid's coefficients, and v that of the
 * total variation; then x + rate·(white − black)·√n·d/‖d‖, clipped to what a picture can be.
 */
export class Ascent {
  readonly #model: AscentModel;
  readonly #options: AscentOptions;
  readonly #pictures: InputPictures;
  #input: Float32Array;
  #warp: Warp;
  #step = 0;
  /** Starts that were tried before this one. */
  #start = 0;
  /** Steps of this start, and those at its end whose scores were 0. */
  #taken = 0;
  #quiet = 0;
  #gaveUp = false;

  constructor(model: AscentModel, options: AscentOptions) {
    this.#model = model;
    this.#options = options;
    this.#pictures = new InputPictures(model);
    this.#input = this.#noise();
    this.#warp = this.#nextWarp();
  }

  /** Steps that were taken. */
  get step(): number {
    return this.#step;
  }

  /** True once every step was taken, or nothing is left to try. */
  get finished(): boolean {
    return this.#gaveUp || this.#step >= this.#options.steps;
  }

  /** True where no step of the last start had a score but 0: the input shows nothing of what was to be raised. */
  get silent(): boolean {
    return this.#taken > 0 && this.#quiet === this.#taken;
  }

  /** How the next gradient has to pass rectifiers. */
  get rule(): GradientRule {
    return this.#taken < REDIRECTED_STEPS ? "redirected" : "plain";
  }

  /** The input as it stands, `[height, width, 3]`, normalised. */
  get input(): Float32Array {
    return this.#input;
  }

  /** The moved input that the next gradient is wanted at, `[height, width, 3]`. */
  get asked(): Float32Array {
    return this.#warp.apply(this.#input);
  }

  /** Takes a step by the score and its gradient, under `rule`, at `asked`. */
  take(score: number, gradient: Float32Array): void {
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
    this.#taken++;
    this.#quiet = score === 0 ? this.#quiet + 1 : 0;
    if (this.#quiet >= REDIRECTED_STEPS + PATIENCE && !this.finished) this.#beginAgain();
    this.#warp = this.#nextWarp();
  }

  #beginAgain(): void {
    if (this.#start + 1 === MAX_STARTS) {
      this.#gaveUp = true;
      return;
    }
    this.#start++;
    this.#taken = 0;
    this.#quiet = 0;
    this.#input = this.#noise();
  }

  get #seed(): number {
    return this.#options.seed + this.#start;
  }

  #noise(): Float32Array {
    const { height, width } = this.#model;
    const noise = normals(this.#seed, height * width * RGB);
    return this.#pictures.normalise(noise.map((value) => START.mean + START.standardDeviation * value));
  }

  #nextWarp(): Warp {
    const { jitter, rotation } = this.#options;
    // Numbers that the start has not used.
    const first = this.#input.length + 3 * this.#taken;
    const swing = (index: number) => 2 * uniform(this.#seed, first + index) - 1;
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
