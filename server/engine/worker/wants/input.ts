/** Rows with the gradient of a score at the input. */
import { GRADIENT_RULES, type GradientRule, type InputGradient, type Score } from "../../port.ts";
import { firstUnsound } from "./finite.ts";
import { scoreFault, sourceOf } from "./score.ts";
import type { SharedWant } from "./want.ts";

/** The gradient of the score at the input. */
export interface InputWant {
  readonly kind: "input";
  readonly score: Score;
  readonly rule: GradientRule;
}

export interface InputDetail extends InputGradient {
  readonly kind: "input";
}

export const inputGradient: SharedWant<InputWant, InputDetail> = {
  kind: "input",
  pass: "shared",
  fault: ({ score, rule }, abilities) =>
    GRADIENT_RULES.includes(rule)
      ? scoreFault(score, abilities, null)
      : `expected a rule of ${GRADIENT_RULES.join(", ")}, got ${rule}`,
  plan: ({ score, rule }) => ({
    kind: "backward",
    score,
    backward: { from: sourceOf(score), at: null, rule },
    detail: ({ start: { classIndex, score }, activation, gradient }) => ({
      kind: "input",
      classIndex,
      score,
      input: activation,
      gradient,
    }),
  }),
  arrays: ({ input, gradient }) => [input.values, gradient.values],
  unsound: ({ gradient }) => firstUnsound(gradient.values),
};
