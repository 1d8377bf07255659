/** What the methods of the CAM family share that look at values and gradients of one layer. */
import type { MethodInfo } from "../../../shared/protocol.ts";
import type { Volume } from "../../engine/port.ts";
import { extentOfLayer } from "../rows/layer_extent.ts";
import { layerGradientRow, layerProbe } from "../rows/layer_row.ts";
import { SCORE_OPTION, targetScore } from "../options/score_option.ts";
import { floorOf, SIGNED_OPTION } from "../options/signed_option.ts";
import { checkTargetLayers, targetLayers } from "./target_layers.ts";
import { CONTRIBUTION } from "../raw_values.ts";
import type { GoodRow, Method, MethodContext, MethodStep, RawMap } from "../method.ts";

/** Makes the map before its final ReLU, `[H', W']`, from activation and gradient, `[H', W', K]` each. */
export type Combine = (activation: Volume, gradient: Volume, layer: string) => Float64Array;

/** How a method of the family names and describes itself, and what it computes. */
export interface CamParts extends Pick<MethodInfo, "id" | "name" | "plain" | "expert" | "weakness"> {
  readonly combine: Combine;
}

/** Makes a method of one row: values and gradient of the target layer, one forward pass and a part of the backward pass. */
export function camMethod({ combine, ...info }: CamParts): Method {
  return {
    family: "layer",
    ...info,
    signed: false,
    progressive: false,
    cost: 1,
    values: CONTRIBUTION,
    sampling: null,
    options: [SIGNED_OPTION, SCORE_OPTION],
    layers: targetLayers,
    check(model) {
      checkTargetLayers(info.id, model);
    },
    first: (context) => layerProbe(context, targetScore(context)),
    attribute: (context) => layerMap(context, combine),
  };
}

/** Asks for the target layer's values and gradient and combines them. */
export function* layerMap(
  context: MethodContext,
  combine: Combine,
): Generator<MethodStep, RawMap, readonly GoodRow[]> {
  const { classIndex, activation, gradient } = yield* layerGradientRow(context);
  const values = combine(activation, gradient, context.layer);
  return planeMap(context, { classIndex, ...activation, values });
}

/** A map of the target layer's size, with the final ReLU unless the option `signed` leaves it out. */
export function planeMap(
  { model, layer, options }: MethodContext,
  { classIndex, height, width, values }: Omit<RawMap, "layer" | "values"> & { readonly values: Float64Array },
): RawMap {
  const floor = floorOf(options);
  return {
    classIndex,
    layer,
    height,
    width,
    ...extentOfLayer(model, layer),
    values: Float32Array.from(values, (value) => Math.max(floor, value)),
  };
}

/** Σ_k weights[k]·A_k, `[H', W']`. */
export function weightedSum(
  { height, width, channels, values }: Volume,
  weights: Float64Array,
): Float64Array {
  const sums = new Float64Array(height * width);
  for (let place = 0; place < sums.length; place++) {
    let sum = 0;
    for (let k = 0; k < channels; k++) sum += (weights[k] ?? 0) * (values[place * channels + k] ?? 0);
    sums[place] = sum;
  }
  return sums;
}

/** Σ_ij of a term for each channel, `[K]`; the term sees activation and gradient of one place and the channel. */
export function channelSums(
  activation: Volume,
  gradient: Volume,
  term: (activation: number, gradient: number, channel: number) => number,
): Float64Array {
  const { channels, values } = activation;
  const sums = new Float64Array(channels);
  for (let at = 0; at < values.length; at++) {
    const k = at % channels;
    sums[k] = (sums[k] ?? 0) + term(values[at] ?? 0, gradient.values[at] ?? 0, k);
  }
  return sums;
}

/** Σ_k of a term for each place, `[H', W']`. */
export function placeSums(
  activation: Volume,
  gradient: Volume,
  term: (activation: number, gradient: number) => number,
): Float64Array {
  const { height, width, channels, values } = activation;
  const sums = new Float64Array(height * width);
  for (let place = 0; place < sums.length; place++) {
    let sum = 0;
    for (let at = place * channels; at < (place + 1) * channels; at++) {
      sum += term(values[at] ?? 0, gradient.values[at] ?? 0);
    }
    sums[place] = sum;
  }
  return sums;
}
