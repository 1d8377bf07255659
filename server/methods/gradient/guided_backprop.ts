/** Guided backpropagation (Springenberg et al. 2014, https://arxiv.org/abs/1412.6806). */
import { channelMax, inputMap, inputProbe, inputRow } from "../rows/input_row.ts";
import { SCORE_OPTION } from "../options/score_option.ts";
import { SLOPE } from "../raw_values.ts";
import type { Attribution, Method } from "../method.ts";

/**
 * Raw map: the largest |g| of the three colours, `[height, width]` px, where every ReLU lets a gradient pass only
 * where both its value and the gradient are positive, and a ReLU6 only below 6.
 */
export const guidedBackprop: Method = {
  id: "guided-backprop",
  name: "Guided backpropagation",
  family: "gradient",
  plain:
    "Draws the edges and textures that the network picks up, sharp and pleasing, but hardly tied to the class.",
  expert:
    "max over RGB of |g| at the input with g·1[a>0]·1[g>0] at every ReLU (and a<6 at ReLU6) in the backward pass; one " +
    "forward and one backward pass.",
  weakness:
    "Not an explanation of the class: it comes close to restoring the picture's edges, looks much the same for " +
    "every class, and fails the randomised-logits check (Adebayo et al. 2018).",
  signed: false,
  progressive: false,
  cost: 2.5,
  values: SLOPE,
  sampling: null,
  options: [SCORE_OPTION],
  layers: () => [],
  first: (context) => inputProbe(context, { rule: "guided" }),
  *attribute(context): Attribution {
    const { classIndex, gradient } = yield* inputRow(context, "guided");
    return inputMap(classIndex, gradient, channelMax(gradient));
  },
};
