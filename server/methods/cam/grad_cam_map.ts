/** Grad-CAM's map, which guided Grad-CAM multiplies with. */
import type { Probe } from "../../engine/port.ts";
import { channelSums, type Combine, layerMap, weightedSum } from "./_cam.ts";
import { frameProbe } from "../rows/frame_row.ts";
import { layerProbe } from "../rows/layer_row.ts";
import { projectedMap } from "./_projected.ts";
import { scoreName, targetScore } from "../options/score_option.ts";
import { floorOf } from "../options/signed_option.ts";
import type { GoodRow, MethodContext, MethodStep, RawMap } from "../method.ts";

/** The probe that {@link gradCamMap} begins with. */
export function gradCamProbe(context: MethodContext): Probe {
  return isClosed(context) ? frameProbe(context) : layerProbe(context, targetScore(context));
}

/**
 * ReLU(Σ_k mean_ij(∂y_c/∂A_k)·A_k), `[H', W']`. Before a head of global average pooling and one dense layer the
 * mean gradient of a logit is W[k,c]/(H'·W'), so the map is the projection divided by H'·W'.
 */
export function gradCamMap(context: MethodContext): Generator<MethodStep, RawMap, readonly GoodRow[]> {
  if (!isClosed(context)) return layerMap(context, meanGradientSum);
  const floor = floorOf(context.options);
  return projectedMap(
    context,
    (projected, { height, width }) => Math.max(floor, projected / (height * width)),
  );
}

const meanGradientSum: Combine = (activation, gradient) => {
  const positions = activation.height * activation.width;
  return weightedSum(activation, channelSums(activation, gradient, (_, g) => g / positions));
};

/** The gradient of a probability depends on every class, so only the logit has the closed form. */
function isClosed({ layer, model, options }: MethodContext): boolean {
  return layer === model.projectionLayer && scoreName(options) === "logit";
}
