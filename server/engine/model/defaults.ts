/** What a card leaves out, found from the model itself. */
import { basename, resolve } from "node:path";
import { shortLabel } from "../../../shared/labels.ts";
import { attentionsOf } from "../graph/attention.ts";
import { type Graph, type Kind, type Node, nodeNamed } from "../graph/graph.ts";
import { type Grid, gridsOf } from "../graph/places.ts";
import type { Card, WrittenCard } from "./card.ts";
import { type PresetName, PRESETS } from "./normalisation.ts";

/** What is known of a model when its card is filled in. */
export interface Known {
  readonly folder: string;
  readonly graph: Graph;
  readonly logitsLayer: string;
  /** Where the class names come from, for messages. */
  readonly labels: string;
  /** `[classes]` */
  readonly names: readonly string[];
  /** Normalisation where the card names none. */
  readonly normalisation: PresetName;
}

/** Things to try that are taken from the class names. */
const TRIES = 3;

/** Fills a card in. */
export function completeCard(written: WrittenCard, known: Known): Card {
  const { graph } = known;
  const [height = 0, width = 0] = nodeNamed(graph, graph.input).shape;
  const id = written.id ?? basename(resolve(known.folder));
  return {
    id,
    name: written.name ?? id,
    description: written.description,
    knows: written.knows ?? `${known.names.length.toLocaleString("en")} classes`,
    tries: written.tries ?? spread(known.names, TRIES).map(shortLabel),
    input: {
      width: written.input.width ?? width,
      height: written.input.height ?? height,
      normalisation: written.input.normalisation ?? PRESETS[known.normalisation],
    },
    labels: known.labels,
    defaultLayer: written.defaultLayer ?? lastFeatures(graph),
    logitsLayer: known.logitsLayer,
    head: written.head ?? graph.head,
    source: written.source,
    licence: written.licence,
    files: written.files ?? null,
  };
}

/** `count` of a list, evenly over its length; all of a shorter one. */
function spread(all: readonly string[], count: number): readonly string[] {
  if (all.length <= count) return all;
  return all.filter((_, at) => at % Math.floor(all.length / count) === 0).slice(0, count);
}

/**
 * The last layer on the way to the logits whose values are a picture with several cells, and that computes
 * something new: pooling shows a coarser copy of the layer before.
 *
 * Of a transformer what goes into its last attention: behind that only a class token may count, and then no patch has a
 * gradient.
 */
function lastFeatures(graph: Graph): string {
  const grids = gridsOf(graph);
  const needed = new Set([graph.logits]);
  for (const node of graph.nodes.toReversed()) {
    if (!needed.has(node.name)) continue;
    const grid = grids.get(node.name);
    if (isFeatures(node, grid)) {
      const attention = attentionsOf(graph).at(-1);
      const sameCells = attention?.grid.height === grid?.height && attention?.grid.width === grid?.width;
      return attention !== undefined && sameCells ? attention.input : node.name;
    }
    node.inputs.forEach((input) => needed.add(input));
  }
  return graph.input;
}

/** Kinds that show what another layer has computed, moved or coarser. */
const COPIES: readonly Kind[] = [
  "input",
  "constant",
  "max-pool",
  "average-pool",
  "pad",
  "spread",
  "identity",
  "reshape",
  "upsample",
  "resize",
  "transpose",
  "slice",
  "gather",
  "concat",
];

function isFeatures({ name, kind, shape }: Node, grid: Grid | undefined): boolean {
  if (grid === undefined || grid.height * grid.width === 1 || name.includes(":")) return false;
  return shape.length === 3 && kind === "concat" || !COPIES.includes(kind);
}
