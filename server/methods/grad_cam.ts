/** Grad-CAM (Selvaraju et al. 2017, https://arxiv.org/abs/1610.02391). */
import { checkHead, projectedMap, projectionLayers } from "./_projected.ts";
import type { Method } from "./method.ts";

/**
 * Raw map: ReLU(Σ_k mean_ij(∂y_c/∂A_k)·A_k), `[H', W']`. Before a head of global average pooling and one
 * dense layer the mean gradient is W[k,c]/(H'·W'), so the map is the projection divided by H'·W'.
 */
export const gradCam: Method = {
  id: "grad-cam",
  name: "Grad-CAM",
  plain: "Shows where in the picture the evidence for the class lies; coarse, but as fast as the network.",
  expert:
    "ReLU(Σ_k mean(∂y_c/∂A_k)·A_k) at the last convolutional layer, in closed form for a head of global " +
    "average pooling and one dense layer: no backward pass, one forward for all classes.",
  weakness:
    "The map is coarse, one value for each cell of the last layer; averaging the gradients can hide what single " +
    "places contribute; evidence against the class is left out unless signed.",
  signed: false,
  progressive: false,
  options: [{
    kind: "flag",
    name: "signed",
    default: false,
    help: "Leave out the final ReLU, so that evidence against the class shows as negative values.",
  }],
  layers: projectionLayers,
  check(model) {
    checkHead(gradCam.id, model);
  },
  attribute(context) {
    const floor = context.options["signed"] === true ? -Infinity : 0;
    return projectedMap(
      context,
      (projected, { height, width }) => Math.max(floor, projected / (height * width)),
    );
  },
};
