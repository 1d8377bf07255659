/** Runs a graph on a batch and frees every value as soon as its last reader has run. */
import type { Graph, Kind, Node } from "./graph.ts";
import type { Kernels, Value } from "./kernels.ts";
import { OPERATIONS, type Uploaded } from "./ops.ts";

/** One operation of a plan; numbers are places of nodes in the graph's list. */
interface Step {
  readonly place: number;
  readonly reads: readonly number[];
  /** Values that nobody reads after this step. */
  readonly frees: readonly number[];
}

/** Computes one node out of the values that it reads. */
type Compute = (inputs: readonly Value[]) => Value;

/** A graph whose constants lie in the WebAssembly memory. */
export class Executor {
  readonly graph: Graph;
  readonly #kernels: Kernels;
  readonly #constants: Value[] = [];
  readonly #computes: readonly Compute[];
  readonly #places: ReadonlyMap<string, number>;
  readonly #plans = new Map<string, readonly Step[]>();

  constructor(graph: Graph, kernels: Kernels) {
    this.graph = graph;
    this.#kernels = kernels;
    this.#computes = graph.nodes.map((node) => this.#bind(node));
    this.#places = new Map(graph.nodes.map(({ name }, place) => [name, place]));
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
    values[this.#place(this.graph.input)] = input;
    for (const { place, reads, frees } of this.#plan(keep)) {
      values[place] = this.#compute(place, reads.map((read) => present(values[read])));
      for (const free of frees) this.#kernels.free(present(values[free]));
    }
    return keep.map((name) => present(values[this.#place(name)]));
  }

  /** Frees the constants. */
  dispose(): void {
    for (const value of this.#constants.splice(0)) this.#kernels.free(value);
  }

  /** Uploads a node's constants and ties them to its operation. */
  #bind<K extends Kind>(node: Node<K>): Compute {
    const weights: Record<string, Value> = {};
    for (const [name, { shape, values }] of Object.entries(node.weights)) {
      weights[name] = this.#kernels.upload(shape, values);
      this.#constants.push(weights[name]);
    }
    const operation = OPERATIONS[node.kind];
    const kernels = this.#kernels;
    return (inputs) =>
      operation.forward({ kernels, attrs: node.attrs, weights: weights as Uploaded<K>, inputs });
  }

  #compute(place: number, inputs: readonly Value[]): Value {
    const compute = this.#computes[place];
    if (compute === undefined) {
      throw new RangeError(
        `Cannot compute the node as the graph has no such place: current value is ${place}`,
      );
    }
    return compute(inputs);
  }

  #place(name: string): number {
    const place = this.#places.get(name);
    if (place !== undefined) return place;
    throw new RangeError(
      `Cannot compute the node as the graph has none of this name: current value is ${name}`,
    );
  }

  #plan(keep: readonly string[]): readonly Step[] {
    const key = keep.join("\n");
    let plan = this.#plans.get(key);
    if (plan === undefined) {
      plan = this.#makePlan(new Set(keep.map((name) => this.#place(name))));
      this.#plans.set(key, plan);
    }
    return plan;
  }

  /** Walks back from the kept nodes: what is first met on the way back is last read there. */
  #makePlan(keep: ReadonlySet<number>): readonly Step[] {
    const needed = new Set(keep);
    const steps: Step[] = [];
    for (const [index, node] of [...this.graph.nodes.entries()].reverse()) {
      if (!needed.has(index) || node.kind === "input") continue;
      const reads = node.inputs.map((input) => this.#place(input));
      const frees = [...new Set(reads)].filter((read) =>
        !needed.has(read) && this.graph.nodes[read]?.kind !== "input"
      );
      for (const read of reads) needed.add(read);
      steps.push({ place: index, reads, frees });
    }
    return steps.reverse();
  }
}

/** A plan only reads what it has computed before. */
function present(value: Value | undefined): Value {
  if (value === undefined) throw new Error("Cannot read a value as it was not computed");
  return value;
}
