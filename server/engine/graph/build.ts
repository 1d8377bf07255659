/** Builds the graph of a model: layers into operations, in topological order, with their shapes. */
import type { Layer } from "../model/topology.ts";
import type { Weight } from "../model/weights.ts";
import type { Draft, Graph, Node, Shape } from "./graph.ts";
import { type FindWeight, readLayer } from "./layers.ts";
import { shapeOf } from "./ops.ts";

/** What a graph is built from. */
export interface GraphSource {
  readonly layers: readonly Layer[];
  readonly weights: ReadonlyMap<string, Weight>;
  /** Layer that yields the logits; where it is a softmax or a sigmoid, what goes into that. */
  readonly logitsLayer: string;
}

/** Builds the plain graph, one operation at a time as the layers say; `optimise` makes it fast. */
export function buildGraph({ layers, weights, logitsLayer }: GraphSource): Graph {
  const drafts = sort(layers.flatMap((layer) => readLayer(layer, finder(layer, weights))));
  const nodes = new Map<string, Node>();
  for (const draft of drafts) {
    const shapes = draft.inputs.map((input) => nodes.get(input)?.shape ?? []);
    nodes.set(draft.name, { ...draft, shape: infer(draft, shapes) });
  }
  const inputs = drafts.filter(({ kind }) => kind === "input").map(({ name }) => name);
  const [input, ...more] = inputs;
  if (input === undefined || more.length > 0) {
    throw new Error(`Cannot load the model as it has to have one input: current value is ${inputs.length}`);
  }
  return { nodes: [...nodes.values()], input, logits: findLogits(nodes, logitsLayer), moved: new Map() };
}

/** Weights are named `layer/kernel`, with further parts in between where layers were nested. */
function finder(layer: Layer, weights: ReadonlyMap<string, Weight>): FindWeight {
  return (name) => {
    const direct = weights.get(`${layer.name}/${name}`);
    if (direct !== undefined) return direct;
    for (const [path, weight] of weights) {
      if (path.startsWith(`${layer.name}/`) && path.endsWith(`/${name}`)) return weight;
    }
    return null;
  };
}

/** Orders the operations so that each comes after what feeds it, otherwise as they were written. */
function sort(drafts: readonly Draft[]): readonly Draft[] {
  const byName = new Map<string, Draft>();
  for (const draft of drafts) {
    if (byName.has(draft.name)) {
      throw new Error(`Cannot load the model as two layers have one name: current value is ${draft.name}`);
    }
    byName.set(draft.name, draft);
  }
  const sorted = new Set<Draft>();
  const open = new Set<Draft>();
  const visit = (draft: Draft) => {
    if (sorted.has(draft)) return;
    if (open.has(draft)) {
      throw new Error(`Cannot load the model as its layers form a circle: current value is ${draft.name}`);
    }
    open.add(draft);
    for (const input of draft.inputs) {
      const source = byName.get(input);
      if (source === undefined) {
        throw new Error(
          `Cannot load the model as layer ${draft.name} reads a layer that does not exist: current value is ${input}`,
        );
      }
      visit(source);
    }
    sorted.add(draft);
  };
  drafts.forEach(visit);
  return [...sorted];
}

function infer(draft: Draft, shapes: readonly Shape[]): Shape {
  try {
    return shapeOf(draft, shapes);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new Error(
      `Cannot load the model as ${draft.className} layer ${draft.name} does not fit: ${cause.message}`,
      { cause },
    );
  }
}

function findLogits(nodes: ReadonlyMap<string, Node>, layer: string): string {
  let node = nodes.get(layer);
  while (node !== undefined && isProbability(node)) node = nodes.get(node.inputs[0] ?? "");
  if (node === undefined) {
    throw new Error(
      `Cannot load the model as the logits layer of its card does not exist: current value is ${layer}`,
    );
  }
  if (node.shape.length !== 1) {
    throw new Error(
      `Cannot load the model as the logits have to be [classes]: current value is [${node.shape}] at ${node.name}`,
    );
  }
  return node.name;
}

/** Identities are walked through too, so that a dropout before the softmax does not matter. */
function isProbability(node: Node): boolean {
  return node.kind === "softmax" || node.kind === "identity" ||
    node.kind === "activation" && node.attrs.function === "sigmoid";
}
