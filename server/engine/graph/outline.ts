/** A graph by the places of its nodes, with the order of what to compute: all that is known of it without its constants. */
import type { Graph, Kind, Node, Shape } from "./graph.ts";
import { OPERATIONS, type Reads } from "./ops/mod.ts";

/** What is known of a node. */
export interface OutlineNode {
  /** Shape of its value, batch left out. */
  readonly shape: Shape;
  /** Places of the nodes that feed it. */
  readonly feeds: readonly number[];
  /** What `vjp` reads of the forward pass. */
  readonly reads: Reads;
  /** Limit of the rectifier that its value has gone through last, or null. */
  readonly limit: number | null;
  readonly takesGate: boolean;
}

/** One operation of a forward pass; numbers are places of nodes in the graph's list. */
export interface PassStep {
  readonly place: number;
  /** Values that nobody reads after this step. */
  readonly frees: readonly number[];
}

/** The nodes of a graph by their places. */
export class Outline<N extends OutlineNode = OutlineNode> {
  readonly graph: Graph;
  readonly nodes: readonly N[];
  /** Place of the graph's input. */
  readonly input: number;
  readonly #places: ReadonlyMap<string, number>;

  /** @param make gives what is wanted of each node */
  constructor(graph: Graph, make: (node: Node, outline: OutlineNode) => N) {
    this.graph = graph;
    this.#places = new Map(graph.nodes.map(({ name }, place) => [name, place]));
    this.nodes = graph.nodes.map((node) => make(node, this.#outline(node)));
    this.input = this.place(graph.input);
  }

  /** The place of a node; a RangeError where the graph has none of this name. */
  place(name: string): number {
    const place = this.#places.get(name);
    if (place !== undefined) return place;
    throw new RangeError(
      `Cannot compute the node: the graph has no node ${name}`,
    );
  }

  /** The node at a place. */
  at(place: number): N {
    const node = this.nodes[place];
    if (node !== undefined) return node;
    throw new RangeError(`Cannot compute the node: the graph has no node at ${place}`);
  }

  /** Orders what has to be computed; walking back from the kept nodes, what is first met is last read. */
  plan(keep: ReadonlySet<number>): readonly PassStep[] {
    const needed = new Set(keep);
    const steps: PassStep[] = [];
    for (let place = this.nodes.length - 1; place >= 0; place--) {
      if (!needed.has(place) || place === this.input) continue;
      const { feeds } = this.at(place);
      const frees = [...new Set(feeds)].filter((feed) => !needed.has(feed) && feed !== this.input);
      for (const feed of feeds) needed.add(feed);
      steps.push({ place, frees });
    }
    return steps.reverse();
  }

  /** Places between one of `first` and, forward of it, one of `last`, ends included. */
  between(first: readonly number[], last: readonly number[]): ReadonlySet<number> {
    const behind = new Set(first);
    for (const [place, { feeds }] of this.nodes.entries()) {
      if (feeds.some((feed) => behind.has(feed))) behind.add(place);
    }
    const before = new Set(last);
    for (let place = this.nodes.length - 1; place >= 0; place--) {
      if (before.has(place)) this.at(place).feeds.forEach((feed) => before.add(feed));
    }
    return new Set([...behind].filter((place) => before.has(place)));
  }

  #outline<K extends Kind>({ kind, attrs, shape, inputs }: Node<K>): OutlineNode {
    const operation = OPERATIONS[kind];
    return {
      shape,
      feeds: inputs.map((name) => this.place(name)),
      reads: operation.reads(attrs),
      limit: operation.limit?.(attrs) ?? null,
      takesGate: operation.takesGate ?? false,
    };
  }
}

/** The outline of a graph. */
export function outlineOf(graph: Graph): Outline {
  return new Outline(graph, (_node, outline) => outline);
}
