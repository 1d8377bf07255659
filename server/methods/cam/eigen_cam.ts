/** Eigen-CAM (Muhammad and Yeasin 2020, https://arxiv.org/abs/2008.00299). */
import { planeMap } from "./_cam.ts";
import { layerProbe, layerRow } from "../rows/layer_row.ts";
import { principalProjection } from "../numerics/principal.ts";
import { SIGNED_OPTION } from "../options/signed_option.ts";
import { checkTargetLayers, targetLayers } from "./target_layers.ts";
import { ACTIVATION } from "../raw_values.ts";
import type { Attribution, Method } from "../method.ts";

/** Raw map: ReLU of the projection of the centred activations onto their main direction, `[H', W']`, no logits. */
export const eigenCam: Method = {
  id: "eigen-cam",
  name: "Eigen-CAM",
  family: "layer",
  plain: "Shows what stands out to the network in the picture, whatever it takes it for.",
  expert:
    "ReLU of the projection of the centred H'W'×K activations onto their first right-singular vector, its sign " +
    "fixed by Σ_k A_k; no gradient, so it costs one forward.",
  weakness:
    "It ignores the class: the map is the same for every target, and so says nothing about why the network " +
    "chose one. Its values are activations and not logits. Coarse.",
  signed: false,
  progressive: false,
  cost: 1,
  withoutGradients: true,
  values: { ...ACTIVATION, meaning: "How strongly each place follows the main pattern of the layer" },
  sampling: null,
  options: [SIGNED_OPTION],
  layers: targetLayers,
  check(model) {
    checkTargetLayers(eigenCam.id, model);
  },
  first: (context) => layerProbe(context, null),
  *attribute(context): Attribution {
    const { classIndex, activation } = yield* layerRow(context);
    return planeMap(context, { classIndex, ...activation, values: principalProjection(activation) });
  },
};
