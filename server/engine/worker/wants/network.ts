/**
 * Rows with the strongest channels of several layers, and how much of a score flows from one to the next: what a drawing of
 * the network is made of.
 */
import { locateLayer } from "../../graph/graph.ts";
import type { Row, Score, Volume } from "../../port.ts";
import type { FormOutline } from "../network/forms.ts";
import type { ChannelNumbers } from "./_channel_numbers.ts";
import { drawNetwork } from "./_draw_network.ts";
import { firstUnsound } from "./finite.ts";
import { scoreFault, volumeFault } from "./score.ts";
import { logitsAt } from "./volumes.ts";
import type { Abilities, OwnBench, OwnWant, Rows } from "./want.ts";

/** Layers of one row at most, and channels that are drawn of each. */
const MAX_LAYERS = 8;

/** The strongest channels of layers that feed each other, the first one first. */
export interface NetworkWant {
  readonly kind: "network";
  readonly layers: readonly string[];
  /** A class's: channels count by gradient·activation; null: by their mean activation, which takes no backward pass. */
  readonly score: Extract<Score, { kind: "target" }> | null;
  /** How many channels of each layer are drawn, the strongest; or `[layers]` which ones. */
  readonly drawn: number | readonly (readonly number[])[];
  /** Whether lines are measured: a backward pass from one layer to the one before for each drawn channel. */
  readonly lines: boolean;
  /** One channel of one of the layers whose values are wanted, drawn or not; absent: none. */
  readonly plane?: { readonly layer: string; readonly channel: number };
}

/** One layer of the drawing. */
export interface NetworkStage extends ChannelNumbers {
  readonly layer: string;
  /** The channels that are drawn, the strongest first, or as they were named. */
  readonly drawn: readonly number[];
  /** Their values, `[height, width, drawn]`. */
  readonly planes: Volume;
  /**
   * `[drawn, drawn of the next layer]`: how much of the next channel's number comes from this one, Σ over this one's
   * positions of activation·gradient through that channel alone; null behind the last layer, or where none were asked for.
   */
  readonly lines: Float32Array | null;
}

export interface NetworkDetail {
  readonly kind: "network";
  /** Class whose score it is, or null for none. */
  readonly classIndex: number | null;
  /** `[layers]` in the order of the want. */
  readonly stages: readonly NetworkStage[];
  /** The values of the channel asked for, `[height, width, 1]`; null: none was. */
  readonly plane: Volume | null;
}

export const network: OwnWant<NetworkWant, NetworkDetail> = {
  kind: "network",
  pass: "own",
  fault,
  needs: ({ layers, score }) => ({ score, from: null, layers, fuseActivations: true }),
  footprint(form, _from, { record }, layers) {
    const { graph } = form.executor;
    const nodes = nodesOf(form, layers);
    const pulls = [
      { from: graph.logits, to: nodes },
      ...nodes.slice(1).map((from, before) => ({ from, to: [nodes[before] ?? from] })),
    ];
    return record(wayOf(form, nodes), pulls);
  },
  compute,
  arrays: ({ stages, plane }) => [
    ...stages.flatMap(({ sums, peaks, cells, planes, lines }) => [
      sums,
      peaks,
      cells,
      planes.values,
      ...(lines === null ? [] : [lines]),
    ]),
    ...(plane === null ? [] : [plane.values]),
  ],
  unsound: ({ stages }) =>
    stages.flatMap(({ sums, planes, lines }) => [sums, planes.values, ...(lines === null ? [] : [lines])])
      .map(firstUnsound).find((number) => number !== null) ?? null,
};

function fault({ layers, score, drawn, plane }: NetworkWant, abilities: Abilities): string | null {
  if (layers.length === 0 || layers.length > MAX_LAYERS) {
    return `expected 1 to ${MAX_LAYERS} layers, got ${layers.length}`;
  }
  for (const [index, layer] of layers.entries()) {
    const next = layers[index + 1];
    const found = volumeFault(layer, abilities.model) ??
      (score === null ? null : scoreFault(score, abilities, layer));
    if (found !== null) return found;
    if (next !== undefined && !abilities.feeds(layer, next)) {
      return `expected a layer that feeds ${next}, got ${layer}`;
    }
  }
  if (plane !== undefined && !layers.includes(plane.layer)) {
    return `expected a channel of one of the layers, got one of ${plane.layer}`;
  }
  return drawnFault(layers, drawn, abilities) ??
    (plane === undefined ? null : drawnFault([plane.layer], [[plane.channel]], abilities));
}

function drawnFault(
  layers: readonly string[],
  drawn: NetworkWant["drawn"],
  { model }: Abilities,
): string | null {
  const isCount = (value: number, most: number) => Number.isInteger(value) && value >= 0 && value < most;
  if (typeof drawn === "number") {
    return isCount(drawn, Infinity) ? null : `expected a whole number of channels to draw, got ${drawn}`;
  }
  if (drawn.length !== layers.length) {
    return `expected channels of ${layers.length} layers, got ${drawn.length}`;
  }
  for (const [index, named] of drawn.entries()) {
    const channels = model.layers.find(({ name }) => name === layers[index])?.shape.at(-1) ?? 0;
    const wrong = named.find((channel) => !isCount(channel, channels));
    if (wrong !== undefined) {
      return `expected a channel of 0 to ${channels - 1} at layer ${layers[index]}, got ${wrong}`;
    }
  }
  return null;
}

function nodesOf({ executor: { graph } }: Pick<FormOutline, "executor">, layers: readonly string[]) {
  return layers.map((layer) => locateLayer(graph, layer).name);
}

/** Gradients come in at the logits and at every layer but the first, and are asked for at all of them. */
function wayOf({ executor: { graph } }: Pick<FormOutline, "executor">, nodes: readonly string[]) {
  return { from: [...new Set([graph.logits, ...nodes.slice(1)])], to: [...new Set(nodes)] };
}

/** A forward pass for all wants of an input, kept where one of them goes back. */
function compute({ kernels, form, inputs, input }: OwnBench<NetworkWant>): Rows {
  const { graph } = form.executor;
  const rows = new Map<number, Row>();
  const wants = inputs.flatMap(({ requests }) => requests.map(({ want }) => want));
  const nodes = nodesOf(form, wants[0]?.layers ?? []);
  const goesBack = wants.some(({ score, lines }) => score !== null || lines);
  const way = goesBack ? wayOf(form, nodes) : { from: [], to: [], also: [graph.logits, ...new Set(nodes)] };
  const recording = form.executor.record(input, way);
  for (const [index, { requests }] of inputs.entries()) {
    const logits = logitsAt(kernels, form, recording.value(graph.logits), index);
    for (const { place, want } of requests) {
      const detail = drawNetwork({ kernels, form, recording, nodes, index }, want, logits);
      rows.set(place, { ok: true, logits, projection: null, detail });
    }
  }
  recording.free();
  return rows;
}
