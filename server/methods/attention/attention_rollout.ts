/** Attention rollout (Abnar and Zuidema 2020, https://arxiv.org/abs/2005.00928). */
import { oneUnit } from "../raw_values.ts";
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
 * Raw map: the class token's row of Â_L·…·Â_1 with Â = (mean of A over heads + I)/2, `[rows, columns]` of patches, as
 * shares of the whole; without a class token the mean of all rows.
 */
export const attentionRollout: Method = {
  id: "attention-rollout",
  name: "Attention rollout",
  family: "inside",
  plain:
    "Follows what a transformer's blocks attend to from the last one down to the patches of the picture.",
  expert:
    "R = Â_L·…·Â_1 with Â = (mean over heads of A + I)/2, the class token's row over the patches (the mean of all " +
    "rows where there is none); one forward pass, no gradients.",
  weakness:
    "The same for every class: it shows where the network looks and not what speaks for the class, and takes " +
    "attention for all that a block does.",
  signed: false,
  progressive: false,
  cost: 1,
  withoutGradients: true,
  values: {
    unit: oneUnit("share of attention"),
    meaning: "How much of each place is mixed into what the class is read from",
    zero: "nothing",
    range: null,
  },
  sampling: null,
  options: [],
  layers: () => [],
  check(model) {
    checkAttention(attentionRollout.id, model);
  },
  first: (context) => attentionProbe(context, "shares"),
  *attribute(context): Attribution {
    const info = checkAttention(attentionRollout.id, context.model);
    const { classIndex, tokens, maps } = yield* attentionRow(context, "shares");
    let rollout = identity(tokens);
    for (const shares of maps) {
      const mixed = identity(tokens);
      for (let at = 0; at < mixed.length; at++) {
        mixed[at] = ((mixed[at] as number) + (shares[at] as number)) / 2;
      }
      rollout = times(mixed, rollout, tokens);
    }
    return patchMap(info, classIndex, intoReadout(rollout, info));
  },
};
