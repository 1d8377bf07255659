/** Rows with the values of a layer, and the gradient of a score there. */
import { locateLayer } from "../../graph/graph.ts";
import type { Score, Volume } from "../../port.ts";
import { firstUnsound } from "./finite.ts";
import { scoreFault, sourceOf, volumeFault } from "./score.ts";
import type { SharedWant } from "./want.ts";

/** The values of a layer, and the gradient of the score there unless that is null. */
export interface LayerWant {
  readonly kind: "layer";
  readonly layer: string;
  readonly score: Score | null;
}

export interface LayerDetail {
  readonly kind: "layer";
  /** Class whose score it is, or null for a channel, a neuron or no score. */
  readonly classIndex: number | null;
  readonly activation: Volume;
  readonly gradient: Volume | null;
}

export const layer: SharedWant<LayerWant, LayerDetail> = {
  kind: "layer",
  pass: "shared",
  fault: ({ layer, score }, abilities) =>
    volumeFault(layer, abilities.model) ?? (score === null ? null : scoreFault(score, abilities, layer)),
  plan: ({ layer, score }) =>
    score === null
      ? {
        kind: "forward",
        layers: [layer],
        nodes: ({ executor: { graph } }) => [locateLayer(graph, layer).name],
        read: ({ form, volume }) => {
          const activation = volume(locateLayer(form.executor.graph, layer).name);
          return {
            projection: null,
            detail: { kind: "layer", classIndex: null, activation, gradient: null },
          };
        },
      }
      : {
        kind: "backward",
        score,
        backward: { from: sourceOf(score), at: layer, rule: "plain" },
        detail: ({ start: { classIndex }, activation, gradient }) => ({
          kind: "layer",
          classIndex,
          activation,
          gradient,
        }),
      },
  arrays: ({ activation, gradient }) =>
    gradient === null ? [activation.values] : [activation.values, gradient.values],
  unsound: ({ activation, gradient }) =>
    firstUnsound(activation.values) ?? (gradient === null ? null : firstUnsound(gradient.values)),
};
