/** A model ready to compute: the forms of its graph, and what the server may know of it. */
import { extentProperty, type MapExtent } from "../../../../shared/map_extent.ts";
import { attentionsOf, constantNodes } from "../../graph/attention.ts";
import { cellExtents } from "../../graph/cell_extents.ts";
import { findLayer, type Graph, locateLayer, nodeNamed, type Shape } from "../../graph/graph.ts";
import type { Kernels } from "../../graph/kernels.ts";
import { type Grid, gridsOf, type Side, sidesOf } from "../../graph/places.ts";
import { hasReadouts } from "../../graph/readouts.ts";
import { multiplyAdds } from "../../graph/work.ts";
import type { Normalisation } from "../../model/card.ts";
import { headOf } from "../../model/head.ts";
import type { OpenedModel } from "../../model/model.ts";
import type { LoadedModel } from "../../port.ts";
import { canBeTraced } from "../wants/_steps_back.ts";
import type { Abilities } from "../wants/want.ts";
import { FAST, Forms, outlineOfForm } from "./forms.ts";
import { memoryOf } from "./memory.ts";
import type { TaughtHead } from "./taught_head.ts";
import { hasDenseLogits } from "./random_head.ts";
import { Room } from "../batch/room.ts";

/** How exactly cells have to be as large as the input together, as a share of it. */
const TILING = 1e-6;

/** A loaded network. */
export interface Network {
  readonly forms: Forms;
  /** How the memory is divided. */
  readonly room: Room;
  readonly normalisation: Normalisation;
  readonly abilities: Abilities;
  /** Reports whether the fast form of the network computes a layer in one step with others. */
  folded(layer: string): boolean;
}

/** What a network is loaded with. */
export interface NetworkOptions {
  /** Bytes of the WebAssembly memory that may be written to. */
  readonly heapBytes: number;
  readonly moveWeights: boolean;
  /** Receives the share of the weights that lie in the memory, 0 to 1. */
  readonly onUpload?: (share: number) => void;
}

/**
 * Builds the network of a model.
 *
 * @throws Error where it does not fit its card, or one picture does not fit the memory: before memory is taken
 */
export function loadNetwork(
  { card, labels, layers, graph: plain, parameters, ...opened }: OpenedModel,
  kernels: Kernels,
  { heapBytes, moveWeights, onUpload = () => {} }: NetworkOptions,
): Network {
  const { width, height, normalisation } = card.input;
  const input = nodeNamed(plain, plain.input);
  if (input.shape.join() !== [height, width, 3].join()) {
    throw new Error(
      `Cannot load the model: expected the input [${height}, ${width}, 3] of its card, got [${input.shape}]`,
    );
  }
  const fast = outlineOfForm(plain, FAST);
  const room = new Room(fast, { native: kernels.native !== null, heapBytes });
  const forms = new Forms(plain, kernels, { bytes: room.formBytes, moveWeights, onUpload });
  const feeds = feedsOf(plain);
  const { graph } = forms.fast.executor;
  return {
    forms,
    room,
    normalisation,
    folded: (layer) => findLayer(graph, layer).kind === "folded",
    abilities: {
      denseLogits: hasDenseLogits(graph),
      feeds,
      model: {
        id: card.id,
        name: card.name,
        width,
        height,
        defaultLayer: readableName(graph, card.defaultLayer),
        classes: labels.length,
        ...(card.head === "softmax" ? {} : { head: card.head }),
        knows: card.knows,
        tries: [...card.tries],
        labels,
        layers: namedLayers(plain, (layer) => feeds(layer, null)),
        projectionLayer: forms.fast.head?.layer ?? null,
        ...featuresProperty(forms.fast, graph),
        ...attentionProperty(plain),
        ...(plain.nodes.every(canBeTraced) ? {} : { multipliesValues: true as const }),
        normalisation,
        normalisationFrom: opened.normalisationFrom,
        ...(opened.notes.length === 0 ? {} : { notes: opened.notes }),
        about: {
          description: card.description,
          source: card.source,
          licence: card.licence,
          layers,
          parameters,
          multiplyAdds: multiplyAdds(plain),
          format: opened.format,
          file: opened.file,
          channels: opened.channels,
          output: headOf(plain, opened.output),
          labelsFrom: opened.labelsFrom,
          memory: memoryOf(fast),
          hash: opened.hash,
        },
      },
    },
  };
}

/** Layers by their own names: what folds them in the fast form is undone for those who read them. */
function namedLayers(graph: Graph, feedsLogits: (layer: string) => boolean): LoadedModel["layers"] {
  const { nodes } = graph;
  const byName = new Map(nodes.map((node) => [node.name, node]));
  // A layer of several operations has inner nodes; whoever reads the layer's input reads that of the first.
  const extents = cellExtents(graph);
  const constant = constantNodes(graph);
  const [grids, sides] = [gridsOf(graph), sidesOf(graph)];
  const named = (input: string): readonly string[] =>
    isInner(input) ? byName.get(input)?.inputs.flatMap(named) ?? [] : constant.has(input) ? [] : [input];
  return nodes
    .filter(({ name }) => !isInner(name) && !constant.has(name))
    .map(({ name, className, shape, inputs }) => ({
      name,
      kind: className,
      ...placed(shape, grids.get(name)),
      inputs: [...new Set(inputs.flatMap(named))],
      ...extentProperty(extents.get(name) ?? extentOfTokens(sides.get(name)?.[0], extents)),
      ...(feedsLogits(name) ? {} : { unusedByLogits: true as const }),
    }));
}

/** Where tokens lie on the input: where the picture lay that they were; as patches that tile it, they need no extent. */
function extentOfTokens(
  side: Side | undefined,
  extents: ReadonlyMap<string, MapExtent>,
): MapExtent | undefined {
  const extent = side?.kind === "tokens" ? extents.get(side.of) : undefined;
  if (extent === undefined) return undefined;
  const tiles = Math.abs(extent.height - 1) < TILING && Math.abs(extent.width - 1) < TILING;
  return tiles ? undefined : extent;
}

/** A layer's shape, and how it lies on the picture. */
function placed(
  shape: Shape,
  grid: Grid | undefined,
): Pick<LoadedModel["layers"][number], "shape" | "grid" | "unplaced"> {
  if (grid === undefined) return { shape, ...(shape.length === 3 ? { unplaced: true } : {}) };
  if (shape.length === 3) return { shape };
  return { shape: [grid.height, grid.width, shape.at(-1) ?? 1], grid };
}

/** What the network can compute with a taught head in place of its own. */
export function withHeadAbilities(own: Abilities, { kind, labels }: TaughtHead): Abilities {
  const { head: _, ...model } = own.model;
  const changed = { ...model, labels, classes: labels.length };
  return kind === "dense" ? { ...own, model: changed } : {
    ...own,
    model: { ...changed, projectionLayer: null, withoutGradients: true },
  };
}

function featuresProperty(
  { features, head }: Forms["fast"],
  graph: Graph,
): Pick<LoadedModel, "features"> {
  if (features === null) return {};
  const count = nodeNamed(graph, features).shape[0] ?? 0;
  return { features: { count, layer: head?.layer ?? null } };
}

function attentionProperty(graph: Graph): Pick<LoadedModel, "attention"> {
  const attentions = attentionsOf(graph);
  const [first] = attentions;
  if (first === undefined) return {};
  const { tokens, grid } = first;
  // Maps of blocks with other tokens could not be put together.
  if (attentions.some((other) => other.tokens !== tokens)) return {};
  return { attention: { blocks: attentions.length, tokens, grid, readouts: hasReadouts(graph) } };
}

function isInner(name: string): boolean {
  return name.includes(":");
}

/** The name that a layer is listed under; what changes nothing stands for what feeds it. */
function readableName(graph: Graph, layer: string): string {
  return findLayer(graph, layer).kind === "folded" ? layer : locateLayer(graph, layer).name;
}

/** Reports which layers feed which, looking each target up once. */
function feedsOf({ nodes, logits }: Graph): Abilities["feeds"] {
  const known = new Map<string, ReadonlySet<string>>();
  return (layer, into) => {
    const target = into ?? logits;
    const before = known.get(target) ?? feeding(nodes, target);
    known.set(target, before);
    return before.has(layer);
  };
}

function feeding(nodes: Graph["nodes"], target: string): ReadonlySet<string> {
  const before = new Set([target]);
  for (const { name, inputs } of nodes.toReversed()) {
    if (before.has(name)) inputs.forEach((input) => before.add(input));
  }
  return before;
}
