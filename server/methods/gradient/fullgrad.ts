/** FullGrad (Srinivas and Fleuret 2019, https://arxiv.org/abs/1905.00780). */
import { type Plane, resizeBilinear } from "../../../shared/resize.ts";
import type { BiasTerm, Detail, InputGradient, Probe } from "../../engine/port.ts";
import { frameRow } from "../rows/frame_row.ts";
import { SCORE_OPTION, targetScore } from "../options/score_option.ts";
import { oneUnit } from "../raw_values.ts";
import type { Attribution, Method, MethodContext } from "../method.ts";
import { targetClass } from "../ranking.ts";

/** Keeps the scaling of a term that is the same everywhere from 0/0. */
const EPSILON = 1e-6;

/**
 * Raw map: ψ(g_x⊙x) + Σ_l up(ψ(g_l⊙b_l)), each summed over its channels, `[height, width]` px; ψ takes magnitudes
 * and scales each term to 0…1 over all of its positions and channels, so the map has no unit.
 */
export const fullGrad: Method = {
  id: "fullgrad",
  name: "FullGrad",
  family: "gradient",
  plain:
    "Adds up what the picture and every layer of the network contribute to the score, fine and coarse together.",
  expert:
    "ψ(x⊙∂y_c/∂x) + Σ_l up(ψ(b_l⊙∂y_c/∂out_l)) over all layers with a bias, batch normalisation's and a " +
    "saturated ReLU6's among them; ψ = |·|, scaled to 0…1 per term, enlarged bilinearly; one forward and one backward pass.",
  weakness:
    "Exact only before ψ: the scaling gives a layer that hardly matters the same weight as any other, signs are " +
    "lost, and many layers respond to edges of any class. Its values are no logits.",
  signed: false,
  progressive: false,
  cost: 2.5,
  values: {
    unit: oneUnit("scaled terms"),
    meaning: "Sum of what the pixels and every layer's biases contribute, each of these terms scaled to 0…1",
    zero: "arbitrary",
    range: null,
  },
  sampling: null,
  options: [SCORE_OPTION],
  layers: () => [],
  first: biasProbe,
  *attribute(context): Attribution {
    const { logits, detail } = yield* frameRow(context, biasProbe(context));
    if (detail?.kind !== "bias-terms") {
      throw new TypeError(
        `Cannot explain the frame: its row must have bias terms, got ${detail?.kind ?? "nothing"}`,
      );
    }
    const { height, width } = detail.gradient;
    const sum = inputTerm(detail);
    for (const plane of biasPlanes(detail.terms)) {
      const enlarged = resizeBilinear(plane, { height, width });
      for (let px = 0; px < sum.length; px++) sum[px] = (sum[px] ?? 0) + (enlarged[px] ?? 0);
    }
    return {
      classIndex: detail.classIndex ?? targetClass(logits, context.target),
      layer: null,
      height,
      width,
      values: new Float32Array(sum),
      completeness: completeness(detail),
      total: detail.score,
    };
  },
};

function biasProbe(context: MethodContext): Probe {
  const { frame } = context;
  return { frame, variation: { kind: "none" }, want: { kind: "bias-terms", score: targetScore(context) } };
}

/** ψ(g_x⊙x) summed over RGB, `[height, width]`. */
function inputTerm({ input, gradient }: InputGradient): Float64Array {
  const sizes = new Float64Array(gradient.values);
  let [least, largest] = [Infinity, 0];
  for (let at = 0; at < sizes.length; at++) {
    const size = Math.abs((sizes[at] as number) * (input.values[at] as number));
    sizes[at] = size;
    least = Math.min(least, size);
    largest = Math.max(largest, size);
  }
  const { min, range } = rangeOf(least, largest);
  const { channels } = gradient;
  const sums = new Float64Array(sizes.length / channels);
  for (let at = 0; at < sizes.length; at++) {
    const px = Math.floor(at / channels);
    sums[px] = (sums[px] as number) + ((sizes[at] as number) - min) / range;
  }
  return sums;
}

/** Σ of ψ over the biases' terms and their channels, a plane for each size: enlarging is linear and done once each. */
function biasPlanes(terms: readonly BiasTerm[]): readonly Plane[] {
  const planes = new Map<string, Plane>();
  for (const { height, width, channels, sums, ...extremes } of terms) {
    const key = `${height}×${width}`;
    const plane = planes.get(key) ?? { height, width, values: new Float32Array(height * width) };
    const { min, range } = rangeOf(extremes.min, extremes.max);
    for (let place = 0; place < sums.length; place++) {
      plane.values[place] = (plane.values[place] ?? 0) + ((sums[place] ?? 0) - channels * min) / range;
    }
    planes.set(key, plane);
  }
  return [...planes.values()];
}

function rangeOf(min: number, max: number): { min: number; range: number } {
  return { min, range: max - min + EPSILON };
}

/** |y_c − (Σ g_x·x + Σ g_l·b_l)|: rounding only, where every bias is found. */
function completeness(
  { score, input, gradient, total }: Extract<Detail, { kind: "bias-terms" }>,
): number {
  let linear = 0;
  for (let at = 0; at < gradient.values.length; at++) {
    linear += (gradient.values[at] ?? 0) * (input.values[at] ?? 0);
  }
  return Math.abs(score - (linear + total));
}
