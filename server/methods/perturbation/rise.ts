/** RISE (Petsiuk, Das and Saenko 2018, https://arxiv.org/abs/1806.07421). */
import { frameRow } from "../rows/frame_row.ts";
import { groupsOf, wholeTile } from "../rows/sample_groups.ts";
import { MaskSums, randomMask } from "./_random_masks.ts";
import { SEED_OPTION } from "../options/seed_option.ts";
import { oneUnit } from "../raw_values.ts";
import type { Attribution, Method, RawMap } from "../method.ts";
import { probabilityOf, targetClass } from "../ranking.ts";

/** Most masks; the method's authors took 8000. */
const MAX_MASKS = 20_000;

/** Most cells along a side of a mask. */
const MAX_GRID = 64;

/**
 * Raw map: Σ_i p_c(x ⊙ m_i)·m_i / (N·p), `[height, width]` px, a probability 0…1: how probable the class is on average
 * while a pixel can be seen. Mask i of a seed is the same on every frame and with any number of masks.
 *
 * As published, most of the sum's grain comes from how often each pixel happens to be seen: with 400 masks two seeds
 * correlated 0.16 and 0.63 on two photos. So by default the mean probability P is taken out of the sum and added again
 * as the constant that it is with many masks: Σ (p_c − P)·m_i / (N·p) + P. That has the same expectation but for a
 * share of 1/N, and the seeds correlated 0.83 and 0.92.
 */
export const rise: Method = {
  id: "rise",
  name: "RISE",
  family: "outside",
  plain:
    "Shows the network many randomly masked copies of the picture and averages the masks that keep the class.",
  expert:
    "Σ p_c(x ⊙ m)·m / (N·p) over random 7×7 masks, enlarged bilinearly and moved at random, with what all masks have " +
    "in common kept out of the grain; looks at the network from outside; one forward for the frame and one for each of " +
    "500 masks, the same for all classes.",
  weakness:
    "Slow and grainy: the grain falls with the root of the number of masks, and 500 are chosen to take seconds, where " +
    "the authors took 8000. Small things are lost between the cells, and all values lie far above 0, since hiding at " +
    "random leaves some probability everywhere.",
  signed: false,
  progressive: true,
  cost: 500,
  withoutGradients: true,
  values: {
    unit: oneUnit("mean probability"),
    meaning: "How probable the class is on average while the place can be seen",
    zero: "arbitrary",
    range: null,
  },
  sampling: { one: "mask", many: "masks", error: "standard-error" },
  options: [
    {
      kind: "integer",
      name: "masks",
      default: 500,
      min: 1,
      max: MAX_MASKS,
      unit: "",
      help: "Random masks; four times as many halve the grain.",
    },
    {
      kind: "integer",
      name: "grid",
      default: 7,
      min: 2,
      max: MAX_GRID,
      unit: "cells",
      help: "Cells along a side of a mask; more cells show smaller things and need more masks.",
    },
    {
      kind: "integer",
      name: "keep",
      default: 50,
      min: 1,
      max: 99,
      unit: "%",
      help: "Probability with which a cell stays visible.",
    },
    {
      kind: "choice",
      name: "estimate",
      default: "centred",
      choices: ["centred", "plain"],
      help: "How the masks are averaged: centred has far less grain, plain is the sum as it was published.",
    },
    SEED_OPTION,
  ],
  layers: () => [],
  *attribute(context): Attribution {
    const { frame, model, options } = context;
    const { logits } = yield* frameRow(context);
    const classIndex = targetClass(logits, context.target);
    const keep = Number(options["keep"]) / 100;
    const drawn = { seed: Number(options["seed"]), grid: Number(options["grid"]), keep };
    const count = Number(options["masks"]);
    const sums = new MaskSums(model);
    let done = 0;
    let total = 0;
    const map = (): RawMap => {
      const common = options["estimate"] === "plain" ? 0 : total / done;
      const error = sums.standardError(common);
      return {
        classIndex,
        layer: null,
        height: model.height,
        width: model.width,
        values: averaged(sums, common, done * keep),
        samples: { count: done, of: null, error: error === null ? null : error / keep },
      };
    };
    for (const group of groupsOf(Array.from({ length: count }, (_, index) => index), context)) {
      const masks = group.map((index) => randomMask(index, drawn, model));
      const rows = yield {
        kind: "probes",
        lane: "tile",
        probes: masks.map((mask) => ({
          frame,
          variation: { kind: "mix", mask, base: "grey" },
          want: { kind: "logits" },
        })),
      };
      for (const [place, row] of rows.entries()) {
        const mask = masks[place];
        if (mask === undefined) continue;
        const probability = probabilityOf(row.logits, classIndex, model.head);
        sums.add(mask, probability);
        total += probability;
      }
      done += group.length;
      if (done === count) break;
      yield { kind: "tile", tile: wholeTile(map(), done / count) };
    }
    return map();
  },
};

/** `[height, width]` (weighted − common·plain)/weight + common. */
function averaged({ weighted, plain }: MaskSums, common: number, weight: number): Float32Array {
  const values = new Float32Array(weighted.length);
  for (let px = 0; px < values.length; px++) {
    values[px] = ((weighted[px] ?? 0) - common * (plain[px] ?? 0)) / weight + common;
  }
  return values;
}
