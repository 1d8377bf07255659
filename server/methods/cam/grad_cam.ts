/** Grad-CAM (Selvaraju et al. 2017, https://arxiv.org/abs/1610.02391). */
import { gradCamMap, gradCamProbe } from "./grad_cam_map.ts";
import { SCORE_OPTION } from "../options/score_option.ts";
import { SIGNED_OPTION } from "../options/signed_option.ts";
import { checkTargetLayers, targetLayers } from "./target_layers.ts";
import { CONTRIBUTION } from "../raw_values.ts";
import type { Method } from "../method.ts";

/** Raw map: ReLU(Σ_k mean_ij(∂y_c/∂A_k)·A_k), `[H', W']`. */
export const gradCam: Method = {
  id: "grad-cam",
  name: "Grad-CAM",
  family: "layer",
  plain: "Shows where in the picture the evidence for the class lies; coarse, but as fast as the network.",
  expert: "ReLU(Σ_k mean(∂y_c/∂A_k)·A_k) at any spatial layer; at the last one before global average " +
    "pooling and one dense layer the logit's map has a closed form: no backward pass, one forward for all classes.",
  weakness:
    "The map is coarse, one value for each cell of the layer; averaging the gradients can hide what single " +
    "positions contribute, at early layers above all; evidence against the class is left out unless signed.",
  signed: false,
  progressive: false,
  cost: 1,
  values: CONTRIBUTION,
  sampling: null,
  options: [SIGNED_OPTION, SCORE_OPTION],
  layers: targetLayers,
  check(model) {
    checkTargetLayers(gradCam.id, model);
  },
  first: gradCamProbe,
  attribute: gradCamMap,
};
