/** XGrad-CAM (Fu et al. 2020, https://arxiv.org/abs/2008.02312). */
import { camMethod, channelSums, weightedSum } from "./_cam.ts";

/** Keeps the weight of a silent channel from 0/0. */
const EPSILON = 1e-7;

/** Raw map: ReLU(Σ_k w_k·A_k), `[H', W']`, with w_k = Σ_ij g·A_k / (Σ_ij A_k + 1e-7). */
export const xgradCam = camMethod({
  id: "xgrad-cam",
  name: "XGrad-CAM",
  plain: "A Grad-CAM that trusts the gradient most where the network sees something.",
  expert:
    "ReLU(Σ_k w_k·A_k) with w_k = Σ_ij g·A_k/ΣA_k, the gradient's mean weighted by the activation, so that the " +
    "map adds up to Σ g·A; one forward pass and the backward pass to the layer.",
  weakness:
    "Equals Grad-CAM where gradients are the same at all positions, as before global average pooling; at layers " +
    "with negative values a channel's sum can come near 0 and its weight explode. Coarse.",
  combine(activation, gradient) {
    const totals = channelSums(activation, gradient, (a) => a);
    const products = channelSums(activation, gradient, (a, g) => a * g);
    return weightedSum(activation, products.map((product, k) => product / ((totals[k] ?? 0) + EPSILON)));
  },
});
