/** A model ready to compute: graph, constants in the WebAssembly memory, and what the server may know of it. */
import { buildGraph } from "../graph/build.ts";
import { Executor } from "../graph/executor.ts";
import { type Graph, locateLayer, nodeNamed } from "../graph/graph.ts";
import type { Kernels } from "../graph/kernels.ts";
import { optimise } from "../graph/optimise.ts";
import type { Normalisation } from "../model/card.ts";
import type { ModelFolder } from "../model/folder.ts";
import type { LoadedModel } from "../port.ts";
import { findHead, type Head } from "./head.ts";

/** A loaded network. */
export interface Network {
  readonly executor: Executor;
  readonly normalisation: Normalisation;
  readonly model: LoadedModel;
  /** Null where the logits do not come from global average pooling and one dense layer. */
  readonly head: Head | null;
}

/** Builds the network of a model's folder. */
export function loadNetwork({ card, labels, layers, weights }: ModelFolder, kernels: Kernels): Network {
  const graph = optimise(buildGraph({ layers, weights, logitsLayer: card.logitsLayer }));
  const { width, height, normalisation } = card.input;
  const input = nodeNamed(graph, graph.input);
  if (input.shape.join() !== [height, width, 3].join()) {
    throw new Error(
      `Cannot load the model as its card has the input [${height}, ${width}, 3]: current value is [${input.shape}]`,
    );
  }
  const [classes = 0] = nodeNamed(graph, graph.logits).shape;
  if (labels.length !== classes) {
    throw new Error(
      `Cannot load the model as ${card.labels} has to name ${classes} classes: current value is ${labels.length}`,
    );
  }
  const head = findHead(graph);
  return {
    executor: new Executor(graph, kernels),
    normalisation,
    head,
    model: {
      id: card.id,
      name: card.name,
      width,
      height,
      defaultLayer: locateLayer(graph, card.defaultLayer).name,
      classes,
      labels,
      layers: readableLayers(graph),
      projectionLayer: head?.layer ?? null,
    },
  };
}

/** Layers whose values can be read; those folded into another step are not among them. */
function readableLayers(graph: Graph): LoadedModel["layers"] {
  return graph.nodes
    .filter(({ name }) => !name.includes(":"))
    .map(({ name, className, shape }) => ({ name, kind: className, shape }));
}
