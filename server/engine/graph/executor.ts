/** Runs a graph on a batch and frees every value as soon as its last reader has run. */
import { Constants } from "./constants.ts";
import type { Graph } from "./graph.ts";
import type { Kernels, Value } from "./kernels.ts";
import { type PassStep, present, Program } from "./program.ts";
import { Regions } from "./regions.ts";
import { record } from "./record.ts";
import type { Recording, Way } from "./recording.ts";

/** A graph whose constants lie in the WebAssembly memory. */
export class Executor {
  readonly graph: Graph;
  /** Computes inputs that differ in a window from a known one; null without kernels of Gradcast's own. */
  readonly regions: Regions | null;
  readonly #kernels: Kernels;
  readonly #constants: Constants;
  readonly #program: Program;
  readonly #plans = new Map<string, readonly PassStep[]>();
  #disposed = false;

  /** @param constants of the model; executors that share them upload each weight once between them */
  constructor(graph: Graph, kernels: Kernels, constants: Constants = new Constants(kernels)) {
    this.graph = graph;
    this.#kernels = kernels;
    this.#constants = constants;
    this.#program = new Program(graph, kernels, constants);
    this.regions = kernels.native === null ? null : new Regions(this.#program, kernels, kernels.native);
  }

  /**
   * Computes some nodes for a batch; the others that it takes are freed on the way.
   *
   * @param input `[batch, height, width, 3]`, normalised; stays the caller's
   * @param keep names of nodes, each once, not the input's
   * @returns the kept values in the order of `keep`, the caller's to free
   */
  forward(input: Value, keep: readonly string[]): readonly Value[] {
    const values: (Value | undefined)[] = [];
    values[this.#program.input] = input;
    this.#program.run(this.#plan(keep), values, (value) => this.#kernels.free(value));
    return keep.map((name) => present(values[this.#program.place(name)]));
  }

  /**
   * Computes every node for a batch, shows each value once and keeps none longer than others read it.
   *
   * @param input `[batch, height, width, 3]`, normalised; stays the caller's
   */
  inspect(input: Value, show: (node: string, value: Value) => void): void {
    const { nodes } = this.#program;
    const read = new Set(nodes.flatMap(({ feeds }) => feeds));
    const ends = [...nodes.keys()].filter((place) => !read.has(place));
    const values: (Value | undefined)[] = [];
    values[this.#program.input] = input;
    for (const step of this.#program.plan(new Set(ends))) {
      this.#program.run([step], values, (value) => this.#kernels.free(value));
      show(present(this.graph.nodes[step.place]).name, present(values[step.place]));
    }
    for (const end of ends) if (end !== this.#program.input) this.#kernels.free(present(values[end]));
  }

  /**
   * Computes a batch and keeps what gradients on the given way read, and no more.
   *
   * @param input `[batch, height, width, 3]`, normalised; stays the caller's, who may free it at once
   */
  record(input: Value, way: Way): Recording {
    return record(this.#program, this.#kernels, input, way);
  }

  /** Gives the constants back; recordings may still be freed, but no backward pass runs through them any more. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const { weights } of this.graph.nodes) {
      for (const weight of Object.values(weights)) this.#constants.release(weight);
    }
  }

  #plan(keep: readonly string[]): readonly PassStep[] {
    const key = keep.join("\n");
    let plan = this.#plans.get(key);
    if (plan === undefined) {
      plan = this.#program.plan(new Set(keep.map((name) => this.#program.place(name))));
      this.#plans.set(key, plan);
    }
    return plan;
  }
}
