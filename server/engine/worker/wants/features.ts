/** Rows with the numbers that the dense layer reads which yields the logits. */
import { firstUnsound } from "./finite.ts";
import { rowOf } from "./volumes.ts";
import type { SharedWant } from "./want.ts";

export interface FeaturesWant {
  readonly kind: "features";
}

export interface FeaturesDetail {
  readonly kind: "features";
  /** `[features]`. */
  readonly values: Float32Array;
}

export const features: SharedWant<FeaturesWant, FeaturesDetail> = {
  kind: "features",
  pass: "shared",
  fault: (_want, { model }) =>
    model.features === undefined
      ? "features need a dense layer on a row of numbers that yields the logits"
      : null,
  plan: () => ({
    kind: "forward",
    layers: [],
    nodes: ({ features }) => features === null ? [] : [features],
    read({ kernels, form, index, value }) {
      const values = form.features === null
        ? new Float32Array()
        : rowOf(kernels, value(form.features), index).slice();
      return { projection: null, detail: { kind: "features", values } };
    },
  }),
  arrays: ({ values }) => [values],
  unsound: ({ values }) => firstUnsound(values),
};
