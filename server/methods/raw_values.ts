/** What the numbers of the methods' raw maps are, where several methods have the same. */
import type { MapValues, Sampling } from "../../shared/protocol.ts";

/** What each place adds to the score. */
export const CONTRIBUTION: MapValues = {
  unit: { logit: "logits", probability: "probability" },
  meaning: "How much each place adds to the score of the class",
  zero: "nothing",
  range: null,
};

/** The gradient at the input, whose colours are normalised. */
export const SLOPE: MapValues = {
  unit: { logit: "logits per unit of input", probability: "probability per unit of input" },
  meaning: "How fast the score of the class changes with each pixel",
  zero: "nothing",
  range: null,
};

/** What a layer's channels have at a place, put together. */
export const ACTIVATION: Omit<MapValues, "meaning"> = {
  unit: { logit: "activation", probability: "activation" },
  zero: "nothing",
  range: null,
};

/** Visualisations of the network. */
export const GREY_LEVEL: MapValues = {
  unit: { logit: "grey level", probability: "grey level" },
  meaning: "How bright each pixel of this picture of the network is",
  zero: "nothing",
  range: { low: 0, high: 255 },
};

/** What a method without the option `score` has in both positions. */
export function oneUnit(unit: string): MapValues["unit"] {
  return { logit: unit, probability: unit };
}

/** Steps of a calculation of which more come nearer to its limit. */
export const STEPS: Pick<Sampling, "one" | "many"> = { one: "step", many: "steps" };
