/**
 * CNN Fixations (Mopuri, Garg and Babu 2019, https://arxiv.org/abs/1708.06670).
 */
import { GradcastError } from "../../../shared/errors.ts";
import { frameRow } from "../rows/frame_row.ts";
import { blur, BLUR_SIGMA_PX, countPoints, dropOutliers } from "./_fixation_map.ts";
import type { Probe } from "../../engine/port.ts";
import { oneUnit } from "../raw_values.ts";
import type { Attribution, Method, MethodContext } from "../method.ts";

/**
 * Raw map: points per pixel, `[height, width]`: each point that the class is traced back to, without outliers, blurred by
 * a Gaussian of 20 px.
 */
export const cnnFixations: Method = {
  id: "cnn-fixations",
  name: "CNN Fixations",
  family: "inside",
  plain: "Follows the class back through the network to the points of the picture that it was built on.",
  expert:
    "From the class's neuron back through positive contributions a⊙W, layer by layer, to positions of the input; a " +
    "point counts where more than 5 % of the points lie within 10 % of the diagonal, and is blurred with σ = 20 px; " +
    "no gradients, one forward and a walk through its values.",
  weakness:
    "It follows the strongest contribution at each step and forgets the others, and says where and not how much: " +
    "values are counts of points and not logits. What speaks against the class is not seen, and in deep networks the " +
    "points of different classes come to lie close together.",
  signed: false,
  progressive: false,
  cost: 1.5,
  values: {
    unit: oneUnit("points per pixel"),
    meaning: "How densely the points lie that the class was traced back to",
    zero: "nothing",
    range: null,
  },
  sampling: null,
  options: [],
  layers: () => [],
  check({ id, multipliesValues = false }) {
    if (!multipliesValues) return;
    throw new GradcastError(
      "unknown-method",
      "Cannot explain with cnn-fixations: it follows values back through convolutions and dense layers, " +
        `got the model '${id}', which multiplies values with each other`,
    );
  },
  first: fixationsProbe,
  *attribute(context): Attribution {
    const { detail } = yield* frameRow(context, fixationsProbe(context));
    if (detail?.kind !== "fixations") {
      throw new TypeError(
        `Cannot explain the frame: its row must have the fixations, got ${detail?.kind ?? "nothing"}`,
      );
    }
    const { height, width } = context.model;
    const kept = dropOutliers(countPoints(detail.points, context.model), context.model);
    return {
      classIndex: detail.classIndex,
      layer: null,
      height,
      width,
      values: Float32Array.from(blur(kept, context.model, BLUR_SIGMA_PX)),
    };
  },
};

function fixationsProbe({ frame, target }: MethodContext): Probe {
  return { frame, variation: { kind: "none" }, want: { kind: "fixations", target } };
}
