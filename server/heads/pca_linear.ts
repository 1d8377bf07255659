/** The head that keeps most of the variance in a few directions, and tells the classes apart by those. */
import type { PcaLinearHead } from "../../shared/head_model.ts";
import { fitLogistic, type LogisticFit } from "./_logistic.ts";
import { type Components, type PcaMemory, principalComponents } from "./_pca.ts";
import type { FitOptions } from "./options.ts";
import {
  countRows,
  type FeatureRows,
  floatsLike,
  type LabelledRows,
  type Scale,
  scaleOf,
  type Steps,
} from "./rows.ts";

/** What a fit finds: its components lie in the memory that it was given. */
export interface PcaFit extends Scale, Components, Pick<LogisticFit, "weights" | "bias"> {}

/** Fits the head: standardise, PCA, logistic regression. */
export function fitPcaLinear(from: LabelledRows, options: FitOptions, steps: Steps): PcaLinearHead {
  const { components, ...rest } = pcaLinearOf(from, options, steps);
  const { weights, bias, explained, ...base } = rest;
  return { ...base, components: components.map((component) => [...component]), explained, weights, bias };
}

/** The same with components that are not copied. */
export function pcaLinearOf(
  from: LabelledRows,
  options: FitOptions,
  steps: Steps,
): Omit<PcaLinearHead, "components"> & Pick<Components, "components"> {
  const { rows: { width }, classes, features = [] } = from;
  const { mean, deviation, ...fit } = findPcaLinear(from, options, steps);
  const { components, explained, weights, bias } = fit;
  const base = { kind: "pca-linear", classes, width, features, seed: options.seed } as const;
  return { ...base, mean, deviation, components, explained, weights, bias };
}

/** Finds what the head is made of. With `memory`, the components of an earlier fit in it are overwritten. */
export function findPcaLinear(
  { rows, labels, classes }: LabelledRows,
  { c, keep }: FitOptions,
  steps: Steps,
  memory?: PcaMemory,
): PcaFit {
  const scale = scaleOf(rows);
  const { components, explained } = principalComponents(rows, scale, {
    keep,
    ...(memory === undefined ? {} : { memory }),
    onProgress(done) {
      steps.signal?.throwIfAborted();
      steps.onProgress?.(done / 2);
    },
  });
  const { weights, bias } = fitLogistic(
    {
      values: coordinates(rows, scale, components),
      width: components.length,
      labels,
      classes: classes.length,
    },
    c,
    { ...steps, onProgress: (done) => steps.onProgress?.(0.5 + done / 2) },
  );
  return { ...scale, components, explained, weights, bias };
}

/** Rows that are standardised at a time: the components are read once for all of them. */
const BLOCK_ROWS = 16;

/** [rows][k]: where each row lies along each direction, in the precision of the rows. */
function coordinates(
  { values, width }: FeatureRows,
  { mean, deviation }: Scale,
  components: readonly Float64Array[],
): Float32Array | Float64Array {
  const count = countRows({ values, width });
  const k = components.length;
  const along = floatsLike(values, count * k);
  const block = new Float64Array(BLOCK_ROWS * width);
  for (let first = 0; first < count; first += BLOCK_ROWS) {
    const some = Math.min(BLOCK_ROWS, count - first);
    for (let row = 0; row < some; row++) {
      const from = (first + row) * width;
      for (let i = 0; i < width; i++) {
        block[row * width + i] = ((values[from + i] ?? 0) - (mean[i] ?? 0)) / (deviation[i] ?? 1);
      }
    }
    components.forEach((component, place) => {
      const at = first * k + place;
      for (let row = 0; row < some; row += 4) {
        const own = row * width;
        let [s0, s1, s2, s3] = [0, 0, 0, 0];
        for (let i = 0; i < width; i++) {
          const part = component[i] ?? 0;
          s0 += part * (block[own + i] ?? 0);
          s1 += part * (block[own + width + i] ?? 0);
          s2 += part * (block[own + 2 * width + i] ?? 0);
          s3 += part * (block[own + 3 * width + i] ?? 0);
        }
        // Rows behind the last one are those of an earlier block, and are written nowhere.
        const left = some - row;
        along[at + row * k] = s0;
        if (left > 1) along[at + (row + 1) * k] = s1;
        if (left > 2) along[at + (row + 2) * k] = s2;
        if (left > 3) along[at + (row + 3) * k] = s3;
      }
    });
  }
  return along;
}
