/** Class activation mapping (Zhou et al. 2016, https://arxiv.org/abs/1512.04150). */
import { checkHead, projectedMap, projectionLayers } from "./_projected.ts";
import { CONTRIBUTION } from "../raw_values.ts";
import type { Method } from "../method.ts";

/** Raw map: Σ_k W[k,c]·A_k, `[H', W']`, signed; its mean plus the bias is the logit. */
export const cam: Method = {
  id: "cam",
  name: "CAM",
  family: "layer",
  plain: "Shows which parts of the picture speak for the class and which speak against it.",
  expert:
    "Σ_k W[k,c]·A_k over the layer before global average pooling: the share of each place in the logit, " +
    "signed; its mean plus the bias is the logit itself; no backward pass, one forward for all classes.",
  weakness:
    "The map is coarse, one value for each cell of the last layer; it needs a head of global average pooling and " +
    "one dense layer.",
  signed: true,
  progressive: false,
  cost: 1,
  values: {
    ...CONTRIBUTION,
    meaning: "What the class would score, without its bias, if every place were like this one",
  },
  sampling: null,
  options: [],
  layers: projectionLayers,
  check(model) {
    checkHead(cam.id, model);
  },
  attribute(context) {
    return projectedMap(context, (projected) => projected);
  },
};
