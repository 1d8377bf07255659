/** Gradient × input (Shrikumar et al. 2016, https://arxiv.org/abs/1605.01713). */
import { channelProducts, inputMap, inputProbe, inputRow } from "../rows/input_row.ts";
import { SCORE_OPTION } from "../options/score_option.ts";
import { CONTRIBUTION } from "../raw_values.ts";
import type { Attribution, Method } from "../method.ts";

/** Raw map: Σ_rgb g·x, `[height, width]` px, signed, in logits; x is the normalised input, so mean grey counts as 0. */
export const gradientXInput: Method = {
  id: "gradient-x-input",
  name: "Gradient × input",
  family: "gradient",
  plain:
    "Shows how much each pixel adds to the score of the class or takes from it, by the slope at this picture.",
  expert:
    "Σ_rgb x⊙∂y_c/∂x, signed: the first-order share of each pixel in the score against a grey picture; one forward " +
    "and one backward pass.",
  weakness:
    "Noisy; grey pixels get nothing whatever they mean, and what has saturated counts for little, so the shares do " +
    "not add up to the score.",
  signed: true,
  progressive: false,
  cost: 2.5,
  values: CONTRIBUTION,
  sampling: null,
  options: [SCORE_OPTION],
  layers: () => [],
  first: (context) => inputProbe(context),
  *attribute(context): Attribution {
    const { classIndex, gradient, input } = yield* inputRow(context);
    return inputMap(classIndex, gradient, channelProducts(gradient, gradient.values, input.values));
  },
};
