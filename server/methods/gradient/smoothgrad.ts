/** SmoothGrad (Smilkov et al. 2017, https://arxiv.org/abs/1706.03825). */
import { frameProbe, frameRow } from "../rows/frame_row.ts";
import { groupsOf, wholeTile } from "../rows/sample_groups.ts";
import { channelMax, inputDetail, inputMap, inputProbe, inputRow } from "../rows/input_row.ts";
import { RunningMean } from "../numerics/running_mean.ts";
import { SCORE_OPTION } from "../options/score_option.ts";
import { SEED_OPTION } from "../options/seed_option.ts";
import { SLOPE } from "../raw_values.ts";
import type { Attribution, GoodRow, Method, MethodContext, MethodStep } from "../method.ts";
import { targetClass } from "../ranking.ts";

/** Most samples; also how far the noises of two seeds lie apart, so that no two seeds share one. */
const MAX_SAMPLES = 1_000;

/**
 * Raw map: the mean of the saliency at x + N(0, σ²) over the samples, `[height, width]` px, with
 * σ = noise/100·(max x − min x). Sample i of the seed s has the noise of seed 1000·s + i, on every frame.
 */
export const smoothGrad: Method = {
  id: "smoothgrad",
  name: "SmoothGrad",
  family: "gradient",
  plain: "Saliency with less noise: it is averaged over many slightly different copies of the picture.",
  expert:
    "Mean over n of max over RGB |∂y_c/∂x| at x + N(0, σ²), σ = 15 % of the input's range, with the same noise " +
    "on every frame; 25 forward and backward passes, grouped into batches.",
  weakness:
    "Slow, so that a moving picture shows few of its samples; it still shows what a change would do and not what " +
    "the score is made of, and much noise shows another picture's saliency.",
  signed: false,
  progressive: true,
  cost: 62.5,
  values: SLOPE,
  sampling: { one: "sample", many: "samples", error: "standard-error" },
  options: [
    SCORE_OPTION,
    {
      kind: "integer",
      name: "samples",
      default: 25,
      min: 1,
      max: MAX_SAMPLES,
      unit: "",
      help: "Noisy copies of the picture.",
    },
    {
      kind: "integer",
      name: "noise",
      default: 15,
      min: 1,
      max: 100,
      unit: "%",
      help: "Standard deviation of the noise, in per cent of the range of the picture's values.",
    },
    SEED_OPTION,
  ],
  layers: () => [],
  first: (context) => context.still ? frameProbe(context) : inputProbe(context),
  *attribute(context): Attribution {
    const { classIndex, unchanged } = yield* begin(context);
    const mean = new RunningMean(unchanged);
    const size = context.model;
    if (unchanged !== null) yield { kind: "tile", tile: wholeTile(inputMap(classIndex, size, unchanged), 0) };
    const level = Number(context.options["noise"]) / 100;
    const seeds = seedsOf(context);
    const mapOf = (values: Float64Array) => ({
      ...inputMap(classIndex, size, values),
      samples: { count: mean.count, of: null, error: mean.standardError() },
    });
    const fixed: MethodContext = { ...context, target: { kind: "class", index: classIndex } };
    for (const group of groupsOf(seeds, context)) {
      const probes = group.map((seed) => inputProbe(fixed, { variation: { kind: "noise", seed, level } }));
      const rows = yield { kind: "probes", lane: "tile", probes };
      for (const row of rows) mean.add(channelMax(inputDetail(row).gradient));
      if (mean.count === seeds.length) break;
      const tile = wholeTile(mapOf(mean.shown()), mean.count / seeds.length);
      yield { kind: "tile", tile };
    }
    return mapOf(mean.finished());
  },
};

/**
 * The first row says which class it is. On a moving picture it also has the unchanged frame's own saliency, for
 * the next frame may come before any sample does.
 */
function* begin(
  context: MethodContext,
): Generator<MethodStep, { classIndex: number; unchanged: Float64Array | null }, readonly GoodRow[]> {
  if (context.still) {
    const { logits } = yield* frameRow(context);
    return { classIndex: targetClass(logits, context.target), unchanged: null };
  }
  const { classIndex, gradient } = yield* inputRow(context);
  return { classIndex, unchanged: channelMax(gradient) };
}

function seedsOf({ options }: MethodContext): number[] {
  const first = Number(options["seed"]) * MAX_SAMPLES;
  return Array.from({ length: Number(options["samples"]) }, (_, sample) => first + sample);
}
