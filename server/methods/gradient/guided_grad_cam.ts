/** Guided Grad-CAM (Selvaraju et al. 2017, https://arxiv.org/abs/1610.02391). */
import { resizeBilinear } from "../../../shared/resize.ts";
import { gradCamMap, gradCamProbe } from "../cam/grad_cam_map.ts";
import { channelMax, inputRow } from "../rows/input_row.ts";
import { SCORE_OPTION } from "../options/score_option.ts";
import { checkTargetLayers, targetLayers } from "../cam/target_layers.ts";
import type { Attribution, Method } from "../method.ts";

/** Raw map: guided backpropagation ⊙ Grad-CAM enlarged bilinearly, `[height, width]` px. */
export const guidedGradCam: Method = {
  id: "guided-grad-cam",
  name: "Guided Grad-CAM",
  family: "gradient",
  plain:
    "Draws the edges and textures that the network picks up, where Grad-CAM sees evidence for the class.",
  expert:
    "Guided backpropagation times Grad-CAM of the target layer, enlarged bilinearly to the input; two forwards " +
    "and one backward pass, one more to the layer where Grad-CAM has no closed form.",
  weakness:
    "Only the coarse half of it depends on the class; the fine half is guided backpropagation, which fails the " +
    "randomised-logits check, so its detail is not evidence.",
  signed: false,
  progressive: false,
  cost: 3.5,
  values: {
    unit: { logit: "slope × logits", probability: "slope × probability" },
    meaning: "Guided slope at each pixel times the Grad-CAM there",
    zero: "nothing",
    range: null,
  },
  sampling: null,
  options: [SCORE_OPTION],
  layers: targetLayers,
  check(model) {
    checkTargetLayers(guidedGradCam.id, model);
  },
  first: gradCamProbe,
  *attribute(context): Attribution {
    // Stretched over the input, as the method is defined; the result has a value for each pixel.
    const { extent: _extent, ...coarse } = yield* gradCamMap(context);
    const { gradient } = yield* inputRow(context, "guided");
    const { height, width } = gradient;
    const share = resizeBilinear(coarse, gradient);
    const fine = channelMax(gradient);
    return { ...coarse, height, width, values: share.map((value, px) => value * (fine[px] ?? 0)) };
  },
};
