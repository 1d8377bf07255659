/** The linear head: multinomial logistic regression on standardised features. */
import type { LinearHead } from "../../shared/head_model.ts";
import { fitLogistic } from "./_logistic.ts";
import type { FitOptions } from "./options.ts";
import { type LabelledRows, scaleOf, standardised, type Steps } from "./rows.ts";

/** Fits the head. */
export function fitLinear(from: LabelledRows, { seed, c }: FitOptions, steps: Steps): LinearHead {
  const { rows, labels, classes, features = [] } = from;
  const scale = scaleOf(rows);
  const fit = fitLogistic(
    { values: standardised(rows, scale), width: rows.width, labels, classes: classes.length },
    c,
    steps,
  );
  const { weights, bias } = fit;
  return { kind: "linear", classes, width: rows.width, features, seed, ...scale, weights, bias };
}
