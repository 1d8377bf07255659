/** What of a head is drawn as bars: weights with their signs, or importances. */
import { featureName } from "../../shared/head_model.ts";
import type { BarOfFeature, Bars } from "../../shared/table_wire.ts";
import { type Importance, type RunnableHead, standardisedWeights } from "../heads/mod.ts";

/** The bars of a head; null for nearest neighbours, which have neither weights nor importances. */
export function barsOf(head: RunnableHead): Bars | null {
  switch (head.kind) {
    case "linear":
    case "pca-linear":
      return weightBars(head);
    case "tree":
      return importanceBars(head, { means: head.importances, deviations: null });
    case "forest":
      return importanceBars(head, { means: head.importances, deviations: head.deviations });
    case "nearest":
      return null;
    default: {
      const never: never = head;
      throw new TypeError(`Cannot draw bars: the head's kind ${never} is unknown`);
    }
  }
}

/** Bars of permutation importance. */
export function permutationBars(features: readonly string[], { means, deviations }: Importance): Bars {
  return {
    title: "Accuracy lost when the column is shuffled",
    signed: true,
    series: [{ name: "loss", bars: sorted({ features }, means, deviations) }],
  };
}

function weightBars(head: Extract<RunnableHead, { kind: "linear" | "pca-linear" }>): Bars {
  const weights = standardisedWeights(head);
  const title = head.kind === "linear"
    ? "Weight of the standardised value"
    : "Weight of the standardised value, composed back through the principal components";
  const [first = [], second = []] = weights;
  const series = weights.length === 2
    ? [{ name: head.classes[1] ?? "", own: second.map((weight, i) => weight - (first[i] ?? 0)) }]
    : weights.map((own, k) => ({ name: head.classes[k] ?? "", own }));
  return {
    title,
    signed: true,
    series: series.map(({ name, own }) => ({ name, bars: sorted(head, own, null) })),
  };
}

function importanceBars(
  head: { readonly features: readonly string[] },
  { means, deviations }: { readonly means: readonly number[]; readonly deviations: readonly number[] | null },
): Bars {
  return {
    title: "Share of the decrease in impurity",
    signed: false,
    series: [{ name: "importance", bars: sorted(head, means, deviations) }],
  };
}

function sorted(
  head: { readonly features: readonly string[] },
  values: readonly number[],
  deviations: readonly number[] | null,
): readonly BarOfFeature[] {
  return values.map((value, feature) => ({
    feature,
    name: featureName(head, feature),
    value,
    deviation: deviations?.[feature] ?? null,
  })).sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
}
