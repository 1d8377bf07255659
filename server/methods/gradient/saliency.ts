/** Saliency (Simonyan, Vedaldi and Zisserman 2013, https://arxiv.org/abs/1312.6034). */
import { channelMax, channelSum, inputMap, inputProbe, inputRow } from "../rows/input_row.ts";
import { SCORE_OPTION } from "../options/score_option.ts";
import { SLOPE } from "../raw_values.ts";
import type { Attribution, Method } from "../method.ts";

/** Raw map: the largest |∂y_c/∂x| of the three colours, or their sum, `[height, width]` px, in logits per unit of x. */
export const saliency: Method = {
  id: "saliency",
  name: "Saliency",
  family: "gradient",
  plain: "Shows the pixels that would change the score of the class most if they changed a little.",
  expert:
    "max over RGB of |∂y_c/∂x| at the input, or the sum; one forward and one backward pass, for any network.",
  weakness:
    "Noisy: it shows what a small change would do, not what the score is made of, and says nothing of the " +
    "direction; where the network is sure a probability's gradient vanishes.",
  signed: false,
  progressive: false,
  cost: 2.5,
  values: SLOPE,
  sampling: null,
  options: [
    SCORE_OPTION,
    {
      kind: "choice",
      name: "channels",
      default: "max",
      choices: ["max", "sum"],
      help: "How the three colours of a pixel become one value.",
    },
  ],
  layers: () => [],
  first: (context) => inputProbe(context),
  *attribute(context): Attribution {
    const { classIndex, gradient } = yield* inputRow(context);
    const reduce = context.options["channels"] === "sum" ? channelSum : channelMax;
    return inputMap(classIndex, gradient, reduce(gradient));
  },
};
