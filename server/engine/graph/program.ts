/** A graph bound to its constants, with the order of what to compute. */
import type { GradientRule } from "../port.ts";
import type { Constants } from "./constants.ts";
import type { Graph, Kind, Node, Pair, Shape } from "./graph.ts";
import type { Kernels, Value } from "./kernels.ts";
import type { Gate } from "./vjp/gate.ts";
import { OPERATIONS, type Reads, type Uploaded } from "./ops/mod.ts";

/** What goes back through one node. */
export interface NodePull {
  readonly gradient: Value;
  /** Shapes of the inputs, batch in front. */
  readonly shapes: readonly Shape[];
  readonly inputs: readonly Value[];
  readonly output: Value | null;
  readonly wanted: readonly boolean[];
  readonly rule: GradientRule;
  readonly rectified: boolean;
  readonly gate: Gate | null;
}

/** A node whose constants are there. */
export interface BoundNode {
  /** Shape of its value, batch left out. */
  readonly shape: Shape;
  /** Places of the nodes that feed it. */
  readonly feeds: readonly number[];
  /** What `vjp` reads of the forward pass. */
  readonly reads: Reads;
  /** Limit of the rectifier that its value has gone through last, or null. */
  readonly limit: number | null;
  readonly takesGate: boolean;
  compute(inputs: readonly Value[]): Value;
  /** A part of its value, of this height and width; see `Operation.part`. */
  computePart(input: Value, output: Pair): Value;
  vjp(pull: NodePull): readonly (Value | null)[];
}

/** One operation of a forward pass; numbers are places of nodes in the graph's list. */
export interface Step {
  readonly place: number;
  /** Values that nobody reads after this step. */
  readonly frees: readonly number[];
}

/** The nodes of a graph by their places. */
export class Program {
  readonly graph: Graph;
  readonly nodes: readonly BoundNode[];
  /** Place of the graph's input. */
  readonly input: number;
  readonly #places: ReadonlyMap<string, number>;

  constructor(graph: Graph, kernels: Kernels, constants: Constants) {
    this.graph = graph;
    this.#places = new Map(graph.nodes.map(({ name }, place) => [name, place]));
    this.nodes = graph.nodes.map((node) => this.#bind(node, kernels, constants));
    this.input = this.place(graph.input);
  }

  /** The place of a node; a RangeError where the graph has none of this name. */
  place(name: string): number {
    const place = this.#places.get(name);
    if (place !== undefined) return place;
    throw new RangeError(
      `Cannot compute the node as the graph has none of this name: current value is ${name}`,
    );
  }

  /** The node at a place. */
  at(place: number): BoundNode {
    const node = this.nodes[place];
    if (node !== undefined) return node;
    throw new RangeError(`Cannot compute the node as the graph has no such place: current value is ${place}`);
  }

  /** Runs steps over `values`, which has the input's at its place; it holds the kept ones afterwards. */
  run(steps: readonly Step[], values: (Value | undefined)[], free: (value: Value) => void): void {
    for (const { place, frees } of steps) {
      const { compute, feeds } = this.at(place);
      values[place] = compute(feeds.map((feed) => present(values[feed])));
      for (const dead of frees) {
        free(present(values[dead]));
        values[dead] = undefined;
      }
    }
  }

  /** Orders what has to be computed; walking back from the kept nodes, what is first met is last read. */
  plan(keep: ReadonlySet<number>): readonly Step[] {
    const needed = new Set(keep);
    const steps: Step[] = [];
    for (let place = this.nodes.length - 1; place >= 0; place--) {
      if (!needed.has(place) || place === this.input) continue;
      const { feeds } = this.at(place);
      const frees = [...new Set(feeds)].filter((feed) => !needed.has(feed) && feed !== this.input);
      for (const feed of feeds) needed.add(feed);
      steps.push({ place, frees });
    }
    return steps.reverse();
  }

  /** Takes a node's constants and ties them to its operation. */
  #bind<K extends Kind>(node: Node<K>, kernels: Kernels, constants: Constants): BoundNode {
    const { attrs } = node;
    const operation = OPERATIONS[node.kind];
    const sources = new Map(Object.entries(node.weights));
    const weights = Object.fromEntries([...sources].map(([name, weight]) => [name, constants.take(weight)]));
    const uploaded = weights as Uploaded<K>;
    return {
      shape: node.shape,
      feeds: node.inputs.map((name) => this.place(name)),
      reads: operation.reads(attrs),
      limit: operation.limit?.(attrs) ?? null,
      takesGate: operation.takesGate ?? false,
      compute: (inputs) => operation.forward({ kernels, attrs, weights: uploaded, inputs }),
      computePart(input, output) {
        const part = operation.part?.({ kernels, attrs, weights: uploaded, inputs: [input] }, output);
        if (part !== undefined) return part;
        throw new Error(
          `Cannot compute a part of the node as its kind has none: current value is ${node.kind}`,
        );
      },
      vjp: (pull) =>
        operation.vjp({
          kernels,
          attrs,
          weights: uploaded,
          derive: (name, form, make) => constants.derive(present(sources.get(name)), form, make),
          ...pull,
        }),
    };
  }
}

/** A plan only reads what it has computed before. */
export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("Cannot read a value as it was not computed");
  return value;
}
