/** Builds the graph of a model: layers become operations, and these are sorted and get their shapes. */
import type { Layer } from "../model/topology.ts";
import type { Weight } from "../model/weights.ts";
import { sort } from "./_sort.ts";
import type { Draft, Graph, Node, Shape } from "./graph.ts";
import { type FindWeight, type InputSize, readLayer } from "./layers.ts";
import { withLogits } from "./logits.ts";
import { collectRefusals, UnknownShape } from "./not_covered.ts";
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
  const shapes = new Map<string, Shape>();
  return collectRefusals(sort(layers), (layer) => {
    const drafts = readLayer(layer, finder(layer, weights), {
      inputSize: inputSize ?? null,
      shape(number) {
        const shape = shapes.get(layer.inputs[number] ?? "");
        if (shape === undefined) throw new UnknownShape(layer.name);
        return shape;
      },
    });
    for (const draft of drafts) {
      const shape = shapeOrNull(draft, shapes);
      if (shape !== null) shapes.set(draft.name, shape);
    }
    return drafts;
  }).flat();
}

/** Shape of a draft where it fits and those of its inputs are known; what does not fit is reported with all drafts. */
function shapeOrNull(draft: Draft, shapes: ReadonlyMap<string, Shape>): Shape | null {
  const known = draft.inputs.map((input) => shapes.get(input)).filter((shape) => shape !== undefined);
  if (known.length < draft.inputs.length) return null;
  try {
    return shapeOf(draft, known);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
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
  for (const draft of sortDrafts(drafts)) {
    const shapes = draft.inputs.map((input) => nodes.get(input)?.shape ?? []);
    nodes.set(draft.name, { ...draft, shape: infer(draft, shapes) });
  }
  const inputs = drafts.filter(({ kind }) => kind === "input").map(({ name }) => name);
  const [input, ...more] = inputs;
  if (input === undefined || more.length > 0) {
    throw new Error(
      `Cannot load the model: it must have one input, got ${inputs.length}` +
        (more.length === 0 ? "" : `: ${inputs.slice(0, 5).join(", ")}; build one that takes a picture alone`),
    );
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
  // Every call of a layer has the same weights.
  const shared = layer.name.replace(/@\d+(?=\/|$)/gu, "");
  const outer = shared.endsWith(`/${bare}`) ? shared.slice(0, -bare.length).split("/") : [];
  return (name) => {
    const direct = weights.get(`${layer.name}/${name}`) ?? weights.get(`${shared}/${name}`);
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

/** Orders the operations, or fails with what is wrong with them. */
function sortDrafts(drafts: readonly Draft[]): readonly Draft[] {
  return sort(drafts, (fault, name, input) => {
    switch (fault) {
      case "two of one name":
        throw new Error(
          `Cannot load the model: two layers have the name ${name}; give one of them another and save it again`,
        );
      case "circle":
        throw new Error(
          `Cannot load the model: its layers form a circle through ${name}; save it again without that connection`,
        );
      case "missing":
        throw new Error(
          `Cannot load the model: layer ${name} reads ${input}, which does not exist; save the model again as a whole`,
        );
      default:
        throw new Error(`Cannot load the model: the fault ${fault satisfies never} is unknown`);
    }
  });
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
