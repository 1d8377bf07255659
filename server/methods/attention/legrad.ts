/** LeGrad (Bousselham, Boggust, Chaybouti, Strobelt and Kuehne 2024, https://arxiv.org/abs/2404.03214). */
import { GradcastError } from "../../../shared/errors.ts";
import { oneUnit } from "../raw_values.ts";
import { SCORE_OPTION } from "../options/score_option.ts";
import type { Attribution, Method } from "../method.ts";
import { attentionProbe, attentionRow, checkAttention, patchMap } from "./_attention_map.ts";

/**
 * Raw map: the mean over blocks l of the mean over heads and rows of max(0, ∂s_l/∂A_l), s_l being the score that the
 * model's head makes of block l's output, `[rows, columns]` of patches; before the paper's scaling to 0…1. A head that reads
 * a class token is given the mean of all tokens, as the authors' code does it.
 */
export const leGrad: Method = {
  id: "legrad",
  name: "LeGrad",
  family: "gradient",
  plain:
    "Asks of every block of a transformer which patches it should attend to more for the class to score higher.",
  expert:
    "mean over blocks of the mean over heads and rows of max(0, ∂s_l/∂A_l), with s_l the class's score that the head " +
    "makes of block l's own output, of the mean of all tokens where it reads a class token; one forward pass, and for each block a backward pass through itself and the head.",
  weakness:
    "It shows what a little more attention would do and not what the score is made of; early blocks, which the head " +
    "was not trained on, count as much as the last.",
  signed: false,
  progressive: false,
  cost: 2.5,
  values: {
    unit: oneUnit("mean slope"),
    meaning: "How fast the blocks' scores of the class rise with more attention to each place",
    zero: "nothing",
    range: null,
  },
  sampling: null,
  options: [SCORE_OPTION],
  layers: () => [],
  check(model) {
    if (checkAttention(leGrad.id, model).readouts) return;
    throw new GradcastError(
      "unknown-method",
      "Cannot explain with legrad: it needs a head that can be applied to the output of every block, " +
        `got the model '${model.id}', whose blocks are not alike`,
    );
  },
  first: (context) => attentionProbe(context, "readout-gradients"),
  *attribute(context): Attribution {
    const info = checkAttention(leGrad.id, context.model);
    const { classIndex, tokens, maps } = yield* attentionRow(context, "readout-gradients");
    const means = new Float64Array(tokens);
    for (const slopes of maps) {
      for (const [at, slope] of slopes.entries()) means[at] = (means[at] as number) + slope / maps.length;
    }
    return patchMap(info, classIndex, means);
  },
};
