/** The option `score`: whether a class's logit or its probability is explained. */
import type { Head, OptionSpec, OptionValues } from "../../../shared/protocol.ts";
import type { Score } from "../../engine/port.ts";
import type { MethodContext } from "../method.ts";
import { probabilityOf } from "../ranking.ts";

/** What is explained of a class. */
export type ScoreName = Extract<Score, { kind: "target" }>["score"];

/** One table entry for every method that takes it. */
export const SCORE_OPTION: OptionSpec = {
  kind: "choice",
  name: "score",
  default: "logit",
  choices: ["logit", "probability"],
  help: "What of the class is explained; the probability hardly moves where the network is sure.",
};

/** Reads an option that was checked before. */
export function scoreName(options: OptionValues): ScoreName {
  return options["score"] === "probability" ? "probability" : "logit";
}

/** The score of a context's target, as a probe asks for its gradient. */
export function targetScore({ target, options }: Pick<MethodContext, "target" | "options">): Score {
  return { kind: "target", target, score: scoreName(options) };
}

/** The score of one class, in logits or 0…1. */
export function scoreOf(
  { score, head }: { readonly score: ScoreName; readonly head: Head | undefined },
  logits: Float32Array,
  classIndex: number,
): number {
  return score === "probability" ? probabilityOf(logits, classIndex, head) : logits[classIndex] ?? NaN;
}
