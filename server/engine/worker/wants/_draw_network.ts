/** The drawing of a network, read off a forward pass that was kept. */
import type { Kernels, Value } from "../../graph/kernels.ts";
import type { Recording } from "../../graph/recording.ts";
import type { FormOutline } from "../network/forms.ts";
import { channelsOf, channelSums, peaksOf, strongestChannels } from "./_channel_numbers.ts";
import type { NetworkDetail, NetworkStage, NetworkWant } from "./network.ts";
import { startOf } from "./score.ts";
import { gridAt, onGrid, rowOf } from "./volumes.ts";

/** The pass that is read. */
export interface KeptPass {
  readonly kernels: Kernels;
  readonly form: Pick<FormOutline, "executor" | "grids">;
  readonly recording: Recording;
  /** `[layers]` the nodes of the want's layers. */
  readonly nodes: readonly string[];
  /** The input's place in the batch. */
  readonly index: number;
}

/** Reads what a want asks for. */
export function drawNetwork(kept: KeptPass, want: NetworkWant, logits: Float32Array): NetworkDetail {
  const { form, nodes } = kept;
  const start = want.score === null
    ? null
    : startOf(want.score, { shape: [logits.length], values: logits, head: form.executor.graph.head });
  const slopes = start === null ? nodes.map((node) => evenSlopes(kept, node)) : gradientsOf(kept, start.seed);
  const stages = nodes.map((node, at): NetworkStage => {
    const { grid, height, width, channels, values } = valuesAt(kept, node);
    const sums = channelSums(values, onGrid(slopes[at] ?? new Float32Array(), channels, grid), channels);
    const drawn = typeof want.drawn === "number" ? strongestChannels(sums, want.drawn) : want.drawn[at] ?? [];
    return {
      layer: want.layers[at] ?? node,
      height,
      width,
      channels,
      sums,
      ...peaksOf(values, channels),
      drawn,
      planes: { height, width, channels: drawn.length, values: channelsOf(values, channels, drawn) },
      lines: null,
    };
  });
  return {
    kind: "network",
    classIndex: start?.classIndex ?? null,
    stages: want.lines
      ? stages.map((stage, at) => ({ ...stage, lines: linesFrom(kept, { stages, slopes, at }) }))
      : stages,
    plane: want.plane === undefined
      ? null
      : planeOf(kept, want.layers.indexOf(want.plane.layer), want.plane.channel),
  };
}

/** The values of one channel. */
function planeOf(kept: KeptPass, at: number, channel: number): NetworkDetail["plane"] {
  const node = kept.nodes[at];
  if (node === undefined) return null;
  const { height, width, channels, values } = valuesAt(kept, node);
  return { height, width, channels: 1, values: channelsOf(values, channels, [channel]) };
}

/** What of a node's value lies on the picture, in place: only until the next allocation. */
function valuesAt({ kernels, form, recording, index }: KeptPass, node: string) {
  const grid = gridAt(form, node);
  const value = recording.value(node);
  const channels = value.shape.at(-1) ?? 1;
  const { height, width } = grid;
  return { grid, height, width, channels, values: onGrid(rowOf(kernels, value, index), channels, grid) };
}

/** The slope of every channel's mean over its positions: the same everywhere on the picture. */
function evenSlopes({ form, recording, kernels, index }: KeptPass, node: string): Float32Array {
  const grid = gridAt(form, node);
  const value = recording.value(node);
  const slopes = new Float32Array(rowOf(kernels, value, index).length);
  onGrid(slopes, value.shape.at(-1) ?? 1, grid).fill(1 / (grid.height * grid.width));
  return slopes;
}

/** `[layers]` the gradient of the score at each layer. */
function gradientsOf(kept: KeptPass, seed: Float32Array): readonly Float32Array[] {
  const { form, nodes } = kept;
  const distinct = [...new Set(nodes)];
  const gradients = back(kept, { from: form.executor.graph.logits, seed, to: distinct });
  return nodes.map((node) => gradients[distinct.indexOf(node)] ?? new Float32Array());
}

interface Stages {
  readonly stages: readonly NetworkStage[];
  /** `[layers]` the slope of each layer's numbers, in the shape of its values. */
  readonly slopes: readonly Float32Array[];
  /** The layer that the lines leave. */
  readonly at: number;
}

/** The lines to the next layer: one backward pass for each channel that is drawn there, its slope alone put in. */
function linesFrom(kept: KeptPass, { stages, slopes, at }: Stages): Float32Array | null {
  const { nodes } = kept;
  const [own, next] = [stages[at], stages[at + 1]];
  const [node, from] = [nodes[at], nodes[at + 1]];
  if (own === undefined || next === undefined || node === undefined || from === undefined) return null;
  const lines = new Float32Array(own.drawn.length * next.drawn.length);
  for (const [column, channel] of next.drawn.entries()) {
    const seed = oneChannel(slopes[at + 1] ?? new Float32Array(), next.channels, channel);
    const [gradient = new Float32Array()] = back(kept, { from, seed, to: [node] });
    const { grid, values } = valuesAt(kept, node);
    const reached = onGrid(gradient, own.channels, grid);
    for (const [row, drawn] of own.drawn.entries()) {
      let sum = 0;
      for (let place = drawn; place < values.length; place += own.channels) {
        sum += (values[place] as number) * (reached[place] as number);
      }
      lines[row * next.drawn.length + column] = sum;
    }
  }
  return lines;
}

/** A gradient with all channels but one put to 0. */
function oneChannel(slopes: Float32Array, channels: number, channel: number): Float32Array {
  const seed = new Float32Array(slopes.length);
  for (let place = channel; place < seed.length; place += channels) seed[place] = slopes[place] as number;
  return seed;
}

/** A backward pass of one input; the gradients at `to`, copied. */
function back(
  { kernels, recording, index }: KeptPass,
  { from, seed, to }: { readonly from: string; readonly seed: Float32Array; readonly to: readonly string[] },
): readonly Float32Array[] {
  const planted: Value = kernels.allocate(recording.value(from).shape);
  kernels.view(planted).fill(0);
  rowOf(kernels, planted, index).set(seed);
  const gradients = recording.vjp({ seeds: new Map([[from, planted]]), to, rule: "plain" });
  kernels.free(planted);
  const copies = gradients.map((gradient) => rowOf(kernels, gradient, index).slice());
  for (const gradient of gradients) kernels.free(gradient);
  return copies;
}
