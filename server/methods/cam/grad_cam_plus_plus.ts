/** Grad-CAM++ (Chattopadhyay et al. 2018, https://arxiv.org/abs/1710.11063). */
import { GradcastError } from "../../../shared/errors.ts";
import type { Volume } from "../../engine/port.ts";
import { camMethod, channelSums, weightedSum } from "./_cam.ts";

const ID = "grad-cam++";

/** Keeps the denominator of a from 0; that of the reference implementations. */
const EPSILON = 1e-6;

/**
 * Raw map: ReLU(Σ_k w_k·A_k), `[H', W']`, with w_k = Σ_ij ReLU(g)·a and a = g²/(2g² + (Σ_ij A_k)·g³ + 1e-6);
 * where the gradient is 0 or less it has no weight, whatever a is.
 */
export const gradCamPlusPlus = camMethod({
  id: ID,
  name: "Grad-CAM++",
  plain:
    "A Grad-CAM that gives small and repeated things their share, where the class is there more than once.",
  expert:
    "ReLU(Σ_k w_k·A_k) with w_k = Σ_ij ReLU(g)·g²/(2g² + ΣA_k·g³ + 1e-6), which stands for second and third " +
    "derivatives under an exponential score; one forward pass and the backward pass to the layer.",
  weakness:
    "Only for layers that are nowhere negative, behind a ReLU; the weights are positive, so what speaks " +
    "against the class is hardly heard and the map tends to cover every salient thing. Coarse.",
  combine(activation, gradient, layer) {
    refuseNegative(activation, layer);
    const totals = channelSums(activation, gradient, (a) => a);
    const weights = channelSums(
      activation,
      gradient,
      (_, g, k) => g > 0 ? g ** 3 / (2 * g ** 2 + (totals[k] ?? 0) * g ** 3 + EPSILON) : 0,
    );
    return weightedSum(activation, weights);
  },
});

/** The weights are derived for activations that a ReLU has made. */
function refuseNegative({ values }: Volume, layer: string): void {
  const negative = values.find((value) => value < 0);
  if (negative === undefined) return;
  throw new GradcastError(
    "unknown-layer",
    `Cannot explain with ${ID}: it needs a layer without negative values, such as one behind a ReLU, ` +
      `got '${layer}' with ${negative.toFixed(3)}`,
  );
}
