/** Grad-CAM with gated gradients, the "guided gradients" of tf-explain (https://github.com/sicara/tf-explain). */
import { camMethod, channelSums, weightedSum } from "./_cam.ts";

/** Raw map: ReLU(Σ_k mean_ij(g_k·1[A_k>0]·1[g_k>0])·A_k), `[H', W']`. */
export const gradCamGated = camMethod({
  id: "grad-cam-gated",
  name: "Grad-CAM, gated",
  plain:
    "Grad-CAM that listens only to parts of the picture that already speak up and would raise the score if they grew.",
  expert:
    "Grad-CAM with g·1[A>0]·1[g>0] in place of the gradient before the mean; the gates act at the target " +
    "layer alone; one forward pass and the backward pass to the layer.",
  weakness:
    "Less sensitive to the class than Grad-CAM, as gradients against it are thrown away: maps of two classes " +
    "look more alike than they are. Coarse.",
  combine: (activation, gradient) => {
    const positions = activation.height * activation.width;
    return weightedSum(
      activation,
      channelSums(activation, gradient, (a, g) => a > 0 && g > 0 ? g / positions : 0),
    );
  },
});
