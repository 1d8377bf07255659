/** Builds the graph of a model: layers become operations, and these are sorted and get their shapes. */
import type { Layer } from "../model/topology.ts";
import type { Weight } from "../model/weights.ts";
import type { Draft, Graph, Node, Shape } from "./graph.ts";
import { type FindWeight, type InputSize, readLayer } from "./layers.ts";
import { withLogits } from "./logits.ts";
import { collectRefusals } from "./not_covered.ts";
import { shapeOf } from "./ops/mod.ts";

/** What a graph is built from. */
export interface GraphSource {
  readonly layers: readonly Layer[];
  readonly weights: ReadonlyMap<string, Weight>;
  /** Layer that yields the logits; where it is a softmax or a sigmoid, what goes into that. */
  readonly logitsLayer: string;
  /** Size of an input that the model lets have any. */
  readonly inputSize?: InputSize;
}

/** Builds the plain graph, one operation at a time as the layers say; `optimise` makes it fast. */
export function buildGraph({ layers, weights, logitsLayer, inputSize }: GraphSource): Graph {
  return assembleGraph(draftsOfLayers(layers, weights, inputSize), logitsLayer);
}

/**
 * Turns the layers of Keras into operations.
 *
 * @param inputSize size of an input that may have any
 * @throws NotCovered with everything in the layers that is not computed
 */
export function draftsOfLayers(
  layers: readonly Layer[],
  weights: ReadonlyMap<string, Weight>,
  inputSize?: InputSize,
): readonly Draft[] {
  return collectRefusals(layers, (layer) => readLayer(layer, finder(layer, weights), inputSize)).flat();
}

/**
 * Sorts operations, infers their shapes and finds the logits.
 *
 * @param drafts in any order
 * @param logitsLayer node that yields the logits; where it is a softmax or a sigmoid, what goes into that
 * @throws Error that names the operation that does not fit
 */
export function assembleGraph(drafts: readonly Draft[], logitsLayer: string): Graph {
  const nodes = new Map<string, Node>();
  for (const draft of sort(drafts)) {
    const shapes = draft.inputs.map((input) => nodes.get(input)?.shape ?? []);
    nodes.set(draft.name, { ...draft, shape: infer(draft, shapes) });
  }
  const inputs = drafts.filter(({ kind }) => kind === "input").map(({ name }) => name);
  const [input, ...more] = inputs;
  if (input === undefined || more.length > 0) {
    throw new Error(`Cannot load the model: it must have one input, got ${inputs.length}`);
  }
  return { ...withLogits([...nodes.values()], logitsLayer), input, moved: new Map() };
}

/**
 * Weights are named `layer/kernel`, with further parts in between or in front where layers were nested.
 *
 * Of several layers of one name in different nested models, the one whose outer names are in the path is meant.
 */
function finder(layer: Layer, weights: ReadonlyMap<string, Weight>): FindWeight {
  const bare = typeof layer.config["name"] === "string" ? layer.config["name"] : layer.name;
  const outer = layer.name.endsWith(`/${bare}`) ? layer.name.slice(0, -bare.length).split("/") : [];
  return (name) => {
    const direct = weights.get(`${layer.name}/${name}`);
    if (direct !== undefined) return direct;
    const candidates = [...weights].filter(([path]) =>
      `/${path}`.includes(`/${bare}/`) && path.endsWith(`/${name}`)
    );
    const matches = (path: string) => outer.filter((part) => path.split("/").includes(part)).length;
    const [best] = candidates.sort(([a], [b]) => matches(b) - matches(a) || a.length - b.length);
    // A layer that was adapted before it was built has weights without its name.
    return best?.[1] ?? weights.get(name) ?? null;
  };
}

/** Orders the operations so that each comes after what feeds it, otherwise as they were written. */
function sort(drafts: readonly Draft[]): readonly Draft[] {
  const byName = new Map<string, Draft>();
  for (const draft of drafts) {
    if (byName.has(draft.name)) {
      throw new Error(`Cannot load the model: two layers have the name ${draft.name}`);
    }
    byName.set(draft.name, draft);
  }
  const sorted = new Set<Draft>();
  const open = new Set<Draft>();
  const visit = (draft: Draft) => {
    if (sorted.has(draft)) return;
    if (open.has(draft)) {
      throw new Error(`Cannot load the model: its layers form a circle through ${draft.name}`);
    }
    open.add(draft);
    for (const input of draft.inputs) {
      const source = byName.get(input);
      if (source === undefined) {
        throw new Error(
          `Cannot load the model: layer ${draft.name} reads ${input}, which does not exist`,
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
      `Cannot load the model: ${draft.className} layer ${draft.name} does not fit: ${cause.message}`,
      { cause },
    );
  }
}
