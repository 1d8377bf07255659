/** The head that keeps most of the variance in a few directions, and tells the classes apart by those. */
import type { PcaLinearHead } from "../../shared/head_model.ts";
import { fitLogistic } from "./_logistic.ts";
import { principalComponents } from "./_pca.ts";
import type { FitOptions } from "./options.ts";
import { countRows, type LabelledRows, scaleOf, standardised, step, type Steps } from "./rows.ts";

/** Fits the head: standardise, PCA, logistic regression. */
export function fitPcaLinear(from: LabelledRows, { seed, c, keep }: FitOptions, steps: Steps): PcaLinearHead {
  const { rows, labels, classes, features = [] } = from;
  const { width } = rows;
  const scale = scaleOf(rows);
  const values = standardised(rows, scale);
  const { components, explained } = principalComponents(
    values,
    width,
    keep,
    (done) => step(steps, done / 2),
  );
  const fit = fitLogistic(
    {
      values: coordinates(values, components, countRows(rows)),
      width: components.length,
      labels,
      classes: classes.length,
    },
    c,
    { ...steps, onProgress: (done) => steps.onProgress?.(0.5 + done / 2) },
  );
  const { weights, bias } = fit;
  return {
    kind: "pca-linear",
    classes,
    width,
    features,
    seed,
    ...scale,
    components: components.map((component) => [...component]),
    explained,
    weights,
    bias,
  };
}

/** [rows][k]: where each row lies along each direction. */
function coordinates(
  values: Float32Array | Float64Array,
  components: readonly Float64Array[],
  count: number,
): Float64Array {
  const along = new Float64Array(count * components.length);
  components.forEach((component, k) => {
    for (let row = 0; row < count; row++) {
      const from = row * component.length;
      let sum = 0;
      for (let i = 0; i < component.length; i++) sum += (values[from + i] ?? 0) * (component[i] ?? 0);
      along[row * components.length + k] = sum;
    }
  });
  return along;
}
