/** Small models for tests, written as model.json has them, or as operations that no layer of Keras is read into. */
import { random } from "../../testing/goldens.ts";
import type { Layer } from "../../model/topology.ts";
import type { Weight } from "../../model/weights.ts";
import { assembleGraph, draftsOfLayers } from "../build.ts";
import type { Draft, Graph, Kind, Operations } from "../graph.ts";

type Config = Readonly<Record<string, unknown>>;

/** Writes a model layer by layer; weights are random, but a seed decides them. */
export class ModelWriter {
  readonly layers: Layer[] = [];
  readonly weights = new Map<string, Weight>();
  readonly #operations = new Map<string, Draft>();
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = random(seed);
  }

  /** Name of the layer that was written last. */
  get last(): string {
    return this.layers.at(-1)?.name ?? "";
  }

  /** Writes a layer that reads `inputs`, the one before by default. */
  add(className: string, config: Config = {}, inputs: readonly string[] = this.#previous()): string {
    const name = typeof config["name"] === "string" ? config["name"] : `layer${this.layers.length}`;
    this.layers.push({ name, className, config: { ...config, name }, inputs });
    return name;
  }

  /** Writes an operation that reads `inputs`, the layer before by default. */
  operation<K extends Kind>(
    kind: K,
    attrs: Operations[K]["attrs"],
    weights: Operations[K]["weights"],
    inputs: readonly string[] = this.#previous(),
  ): string {
    const name = this.add("Operation", {}, inputs);
    this.#operations.set(
      name,
      { kind, name, className: kind, inputs, attrs, weights } satisfies Draft<K> as Draft,
    );
    return name;
  }

  input(height: number, width: number, channels = 3): string {
    return this.add("InputLayer", { batch_input_shape: [null, height, width, channels] }, []);
  }

  conv(kernel: readonly number[], config: Config = {}, inputs: readonly string[] = this.#previous()): string {
    const name = this.add("Conv2D", { padding: "same", ...config }, inputs);
    this.weight(`${name}/kernel`, kernel);
    if (config["use_bias"] !== false) this.weight(`${name}/bias`, kernel.slice(3));
    return name;
  }

  /** @param kernel `[height, width, out, in]` */
  transposed(kernel: readonly number[], config: Config = {}): string {
    const name = this.add("Conv2DTranspose", config);
    this.weight(`${name}/kernel`, kernel);
    this.weight(`${name}/bias`, kernel.slice(2, 3));
    return name;
  }

  depthwise(kernel: readonly number[], config: Config = {}): string {
    const name = this.add("DepthwiseConv2D", { padding: "same", ...config });
    this.weight(`${name}/depthwise_kernel`, kernel);
    const channels = (kernel[2] ?? 0) * (kernel[3] ?? 0);
    if (config["use_bias"] !== false) this.weight(`${name}/bias`, [channels]);
    return name;
  }

  separable(kernel: readonly number[], filters: number, config: Config = {}): string {
    const name = this.add("SeparableConv2D", { padding: "same", ...config });
    const channels = (kernel[2] ?? 0) * (kernel[3] ?? 0);
    this.weight(`${name}/depthwise_kernel`, kernel);
    this.weight(`${name}/pointwise_kernel`, [1, 1, channels, filters]);
    if (config["use_bias"] !== false) this.weight(`${name}/bias`, [filters]);
    return name;
  }

  dense(kernel: readonly number[], config: Config = {}): string {
    const name = this.add("Dense", config);
    this.weight(`${name}/kernel`, kernel);
    this.weight(`${name}/bias`, kernel.slice(1));
    return name;
  }

  batchNorm(channels: number, config: Config = {}): string {
    const name = this.add("BatchNormalization", config);
    for (const part of ["gamma", "beta", "moving_mean"]) this.weight(`${name}/${part}`, [channels]);
    const variance = this.weight(`${name}/moving_variance`, [channels]);
    for (const [c, value] of variance.values.entries()) variance.values[c] = value * value + 0.1;
    return name;
  }

  weight(name: string, shape: readonly number[]): Weight {
    const length = shape.reduce((product, side) => product * side, 1);
    const weight = { shape, values: Float32Array.from({ length }, () => 2 * this.#next() - 1) };
    this.weights.set(name, weight);
    return weight;
  }

  /** A whole number from `low` up to `high`. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.#next() * (high - low + 1));
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.integer(0, choices.length - 1)] ?? choices[0];
  }

  #previous(): readonly string[] {
    return this.last === "" ? [] : [this.last];
  }

  /** Builds the plain graph, the last layer yielding the logits. */
  build(logitsLayer: string = this.last): Graph {
    const drafts = this.layers.flatMap((layer) => {
      const operation = this.#operations.get(layer.name);
      return operation === undefined ? draftsOfLayers([layer], this.weights) : [operation];
    });
    return assembleGraph(drafts, logitsLayer);
  }
}
