/** Score-CAM (Wang et al. 2020, https://arxiv.org/abs/1910.01279). */
import type { Mask, Volume } from "../../engine/port.ts";
import { planeMap, weightedSum } from "./_cam.ts";
import { groupsOf, wholeTile } from "../rows/sample_groups.ts";
import { layerProbe, layerRow } from "../rows/layer_row.ts";
import { SCORE_OPTION, scoreName, scoreOf } from "../options/score_option.ts";
import { SIGNED_OPTION } from "../options/signed_option.ts";
import { checkTargetLayers, targetLayers } from "./target_layers.ts";
import { ACTIVATION } from "../raw_values.ts";
import type { Attribution, Method } from "../method.ts";

/** Most channels; a layer with fewer has them all tried. */
const MAX_CHANNELS = 65_536;

/** Keeps a channel that is the same everywhere from being divided by 0. */
const SCALE_EPSILON = 1e-8;

/**
 * Raw map: ReLU(Σ_k softmax_k(y_c(x ⊙ up(A_k)))·A_k), `[H', W']`, over the channels with the largest variance in
 * this frame. As a mask A_k is min-max scaled at its own size and then enlarged bilinearly; what is masked is grey.
 */
export const scoreCam: Method = {
  id: "score-cam",
  name: "Score-CAM",
  family: "layer",
  plain:
    "Shows the network its own feature maps as spotlights on the picture, and keeps those that raise the score.",
  expert:
    "ReLU(Σ_k softmax_k(y_c(x ⊙ up(A_k)))·A_k), the softmax taken over the channels that were tried; without " +
    "gradients; one forward for the frame and one for each channel, 65 by default.",
  weakness:
    "Slow, as each channel costs a forward; the softmax of logits lets a few channels decide the whole map; " +
    "a masked picture is unlike any that the network learned from.",
  signed: false,
  progressive: true,
  cost: 65,
  withoutGradients: true,
  values: {
    ...ACTIVATION,
    meaning: "Activation of each place, weighted by the scores that its channels keep",
  },
  sampling: { one: "channel", many: "channels", error: "none" },
  options: [
    {
      kind: "integer",
      name: "top-channels",
      default: 64,
      min: 1,
      max: MAX_CHANNELS,
      unit: "",
      help: "Channels that are tried, those with the largest variance; at most as many as the layer has.",
    },
    SIGNED_OPTION,
    SCORE_OPTION,
  ],
  layers: targetLayers,
  check(model) {
    checkTargetLayers(scoreCam.id, model);
  },
  first: (context) => layerProbe(context, null),
  *attribute(context): Attribution {
    const { classIndex, activation } = yield* layerRow(context);
    const channels = widestChannels(activation, Number(context.options["top-channels"]));
    const score = { score: scoreName(context.options), head: context.model.head };
    const scores: number[] = [];
    const map = () => ({
      ...planeMap(context, {
        ...activation,
        classIndex,
        values: weightedSum(activation, channelWeights(activation, channels, scores)),
      }),
      samples: { count: scores.length, of: activation.channels, error: null },
    });
    for (const group of groupsOf(channels, context)) {
      const probes = group.map((channel) => ({
        frame: context.frame,
        variation: { kind: "mix", mask: maskOf(activation, channel), base: "grey" },
        want: { kind: "logits" },
      } as const));
      const rows = yield { kind: "probes", lane: "tile", probes };
      scores.push(...rows.map(({ logits }) => scoreOf(score, logits, classIndex)));
      if (scores.length === channels.length) break;
      yield { kind: "tile", tile: wholeTile(map(), scores.length / channels.length) };
    }
    return map();
  },
};

/** The `count` channels with the largest variance, in falling order; of equal ones the lower first. */
function widestChannels(activation: Volume, count: number): number[] {
  const variances = variancesOf(activation);
  return [...variances.keys()]
    .sort((a, b) => (variances[b] ?? 0) - (variances[a] ?? 0) || a - b)
    .slice(0, count);
}

/** `[K]` variance of each channel; all channels side by side, in the order in which their values lie in memory. */
function variancesOf({ height, width, channels, values }: Volume): Float64Array {
  const positions = height * width;
  const means = new Float64Array(channels);
  for (let at = 0; at < values.length; at++) {
    means[at % channels] = (means[at % channels] ?? 0) + (values[at] ?? 0);
  }
  for (let channel = 0; channel < channels; channel++) means[channel] = (means[channel] ?? 0) / positions;
  const variances = new Float64Array(channels);
  for (let at = 0; at < values.length; at++) {
    const channel = at % channels;
    const off = (values[at] ?? 0) - (means[channel] ?? 0);
    variances[channel] = (variances[channel] ?? 0) + off * off;
  }
  return variances.map((sum) => sum / positions);
}

/** One channel, `[height, width]`. */
function plane({ height, width, channels, values }: Volume, channel: number): Float32Array {
  const one = new Float32Array(height * width);
  for (let place = 0; place < one.length; place++) one[place] = values[place * channels + channel] ?? 0;
  return one;
}

function maskOf(activation: Volume, channel: number): Mask {
  const values = plane(activation, channel);
  const min = values.reduce((a, b) => Math.min(a, b), Infinity);
  const max = values.reduce((a, b) => Math.max(a, b), -Infinity);
  return {
    height: activation.height,
    width: activation.width,
    values: values.map((value) => (value - min) / (max - min + SCALE_EPSILON)),
  };
}

/** `[K]` softmax over the channels that have a score; 0 for the others. */
function channelWeights({ channels: all }: Volume, channels: readonly number[], scores: readonly number[]) {
  const weights = new Float64Array(all);
  const largest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - largest));
  const sum = powers.reduce((a, b) => a + b, 0);
  for (const [place, power] of powers.entries()) weights[channels[place] ?? 0] = power / sum;
  return weights;
}
