/** Fits a head of any kind. */
import type { HeadKind, HeadModel } from "../../shared/head_model.ts";
import { fitForest } from "./forest.ts";
import { fitLinear } from "./linear.ts";
import { fitNearest } from "./nearest.ts";
import { FIT_DEFAULTS, type FitOptions } from "./options.ts";
import { fitPcaLinear } from "./pca_linear.ts";
import { checkLabelled, type LabelledRows, step, type Steps } from "./rows.ts";
import { fitTree } from "./tree.ts";

/**
 * Fits a head to labelled rows. It computes until it is done; {@link openHeadWorker} does the same beside the event loop.
 *
 * @throws GradcastError `head-refused` where the rows do not fit, or the signal's reason
 */
export function fitHead(
  kind: HeadKind,
  from: LabelledRows,
  options: Partial<FitOptions> = {},
  steps: Steps = {},
): HeadModel {
  checkLabelled(from);
  const all = { ...FIT_DEFAULTS, ...options };
  step(steps, 0);
  const head = fitKind(kind, from, all, steps);
  step(steps, 1);
  return head;
}

function fitKind(kind: HeadKind, from: LabelledRows, options: FitOptions, steps: Steps): HeadModel {
  switch (kind) {
    case "linear":
      return fitLinear(from, options, steps);
    case "pca-linear":
      return fitPcaLinear(from, options, steps);
    case "tree":
      return fitTree(from, options, steps);
    case "forest":
      return fitForest(from, options, steps);
    case "nearest":
      return fitNearest(from, options);
    default: {
      const never: never = kind;
      throw new TypeError(`Cannot fit a head: its kind ${never} is unknown`);
    }
  }
}
