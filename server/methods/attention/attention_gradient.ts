/** Gradient-weighted attention (Chefer, Gur and Wolf 2021, https://arxiv.org/abs/2103.15679), the rule of self-attention. */
import { oneUnit } from "../raw_values.ts";
import { SCORE_OPTION } from "../options/score_option.ts";
import type { Attribution, Method } from "../method.ts";
import {
  attentionProbe,
  attentionRow,
  checkAttention,
  identity,
  intoReadout,
  patchMap,
  times,
} from "./_attention_map.ts";

/**
 * Raw map: the class token's row of R, which begins as I and becomes R + Ā·R block by block, Ā being the mean over heads
 * of max(0, A·∂y_c/∂A), `[rows, columns]` of patches; without a class token the mean of all rows.
 */
export const attentionGradient: Method = {
  id: "attention-gradient",
  name: "Attention gradient",
  family: "gradient",
  plain:
    "Follows a transformer's attention down to the picture, but only as far as it raises the score of the class.",
  expert:
    "R ← R + Ā·R from R = I over all blocks, Ā = mean over heads of max(0, A⊙∂y_c/∂A) (Chefer et al., self-attention); " +
    "the class token's row over the patches, the mean of all rows where there is none; one forward and one backward pass.",
  weakness:
    "Only attention counts: what the blocks' dense layers do is left out, and what speaks against the class is cut " +
    "off. Its values are relevances and no logits.",
  signed: false,
  progressive: false,
  cost: 2.5,
  values: {
    unit: oneUnit("relevance"),
    meaning: "How much of each place is passed on to where it raises the score of the class",
    zero: "nothing",
    range: null,
  },
  sampling: null,
  options: [SCORE_OPTION],
  layers: () => [],
  check(model) {
    checkAttention(attentionGradient.id, model);
  },
  first: (context) => attentionProbe(context, "weighted-shares"),
  *attribute(context): Attribution {
    const info = checkAttention(attentionGradient.id, context.model);
    const { classIndex, tokens, maps } = yield* attentionRow(context, "weighted-shares");
    let relevance = identity(tokens);
    for (const gained of maps) {
      const passed = times(gained, relevance, tokens);
      relevance = relevance.map((value, at) => value + (passed[at] as number));
    }
    return patchMap(info, classIndex, intoReadout(relevance, info));
  },
};
