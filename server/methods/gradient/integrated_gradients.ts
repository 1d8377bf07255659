/** Integrated gradients (Sundararajan, Taly and Yan 2017, https://arxiv.org/abs/1703.01365). */
import type { Fill } from "../../engine/port.ts";
import { frameProbe, frameRow } from "../rows/frame_row.ts";
import { Baseline, GradientPath, stepsInOrder } from "./_gradient_path.ts";
import { groupsOf, wholeTile } from "../rows/sample_groups.ts";
import { inputDetail, inputMap, inputProbe } from "../rows/input_row.ts";
import { SCORE_OPTION, scoreName, scoreOf } from "../options/score_option.ts";
import { CONTRIBUTION, STEPS } from "../raw_values.ts";
import type { Attribution, Carry, Method, MethodContext } from "../method.ts";
import { targetClass } from "../ranking.ts";

/** Pictures that the way can begin at; none depends on the frame, so a stream needs its row only once. */
const BASELINES = ["grey", "black", "white"] as const satisfies readonly Fill[];

/** Where a stream keeps the row of its baseline. */
const CARRY_KEY = "integrated-gradients";

/** Steps at most. */
const MAX_STEPS = 1_000;

/**
 * Raw map: Σ_rgb (x − x′) ⊙ mean_k ∂y_c/∂x at x′ + α_k·(x − x′), `[height, width]` px, signed, in logits, with
 * α_k = (k+½)/n and the baseline x′. Completeness is |Σ map − (y_c(x) − y_c(x′))|.
 */
export const integratedGradients: Method = {
  id: "integrated-gradients",
  name: "Integrated gradients",
  family: "gradient",
  plain:
    "Shares the score of the class out among the pixels: what each adds or takes as the picture fades in from grey.",
  expert:
    "Σ_rgb (x − x′) ⊙ mean gradient at the midpoints of n steps from a baseline x′ to x; signed, and complete: it " +
    "adds up to y_c(x) − y_c(x′) up to the error of the sum, which is reported; n + 1 forward and backward passes, batched.",
  weakness:
    "Noisy, and the baseline decides: pixels of its colour get nothing whatever they mean; the pictures on the way " +
    "are unlike any that the network has learnt from. Slow, so that a moving picture shows few of its steps.",
  signed: true,
  progressive: true,
  cost: 80,
  values: CONTRIBUTION,
  sampling: { ...STEPS, error: "completeness" },
  options: [
    SCORE_OPTION,
    {
      kind: "integer",
      name: "steps",
      default: 32,
      min: 1,
      max: MAX_STEPS,
      unit: "",
      help:
        "Places between baseline and picture at which the gradient is taken; with more the sum comes nearer to the score.",
    },
    {
      kind: "choice",
      name: "baseline",
      default: "grey",
      choices: [...BASELINES],
      help: "The picture without information that the way begins at; grey is the model's zero.",
    },
  ],
  layers: () => [],
  first: (context) => context.still ? frameProbe(context) : inputProbe(context),
  *attribute(context): Attribution {
    const { model, carry, still, options } = context;
    const frame = yield* frameRow(context, still ? frameProbe(context) : inputProbe(context));
    const classIndex = targetClass(frame.logits, context.target);
    const path = new GradientPath(still ? null : inputDetail(frame), baselineOf(carry));
    const mapOf = (values: Float64Array) => inputMap(classIndex, model, values);
    const preview = path.shown();
    if (preview !== null) yield { kind: "tile", tile: wholeTile(mapOf(preview), 0) };
    const fixed: MethodContext = { ...context, target: { kind: "class", index: classIndex } };
    const base = BASELINES.find((name) => name === options["baseline"]) ?? "grey";
    const steps = Number(options["steps"]);
    const alphas = [...(path.baseline === null ? [0] : []), ...stepsInOrder(steps)];
    for (const group of groupsOf(alphas, context)) {
      const probes = group.map((alpha) => inputProbe(fixed, { variation: { kind: "scale", alpha, base } }));
      const rows = yield { kind: "probes", lane: "tile", probes };
      for (const [place, row] of rows.entries()) path.take(group[place] ?? NaN, row);
      if (path.baseline !== null) carry.set(CARRY_KEY, path.baseline);
      const values = path.shown();
      if (values === null || path.count === steps) continue;
      const samples = { count: path.count, of: null, error: null };
      const map = path.count === 0 ? mapOf(values) : { ...mapOf(values), samples };
      yield { kind: "tile", tile: wholeTile(map, path.count / steps) };
    }
    const { values, baseline } = path.finished();
    const score = { score: scoreName(options), head: context.model.head };
    const difference = scoreOf(score, frame.logits, classIndex) - scoreOf(score, baseline.logits, classIndex);
    const sum = values.reduce((total, value) => total + value, 0);
    const completeness = Math.abs(sum - difference);
    return {
      ...mapOf(values),
      completeness,
      total: difference,
      samples: { count: steps, of: null, error: completeness },
    };
  },
};

function baselineOf(carry: Carry): Baseline | null {
  const carried = carry.get(CARRY_KEY);
  return carried instanceof Baseline ? carried : null;
}
