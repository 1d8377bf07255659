/** Finer-CAM (Zhang et al. 2025, https://arxiv.org/abs/2501.11309), as pytorch-grad-cam weighs the classes. */
import type { Probe } from "../../engine/port.ts";
import { SIGNED_OPTION } from "../options/signed_option.ts";
import { targetClass } from "../ranking.ts";
import { CONTRIBUTION } from "../raw_values.ts";
import { classMap, frameProbe, frameRow } from "../rows/frame_row.ts";
import { layerProbe } from "../rows/layer_row.ts";
import { channelSums, planeMap, weightedSum } from "./_cam.ts";
import { checkTargetLayers, targetLayers } from "./target_layers.ts";
import type { Attribution, GoodRow, Method, MethodContext, MethodStep, RawMap } from "../method.ts";

/** Classes that the target is set against. */
const RIVALS = 3;

/** Raw map: ReLU(Σ_k mean_ij(∂f/∂A_k)·A_k), f = y_c − Σ_r q_r·y_r over the rivals r, q their softmax; `[H', W']`. */
export const finerCam: Method = {
  id: "finer-cam",
  name: "Finer-CAM",
  family: "layer",
  plain: "Shows what sets the class apart from the three classes that the network finds most alike.",
  expert:
    "Grad-CAM of y_c − Σ_r q_r·y_r, r the three classes whose logits are nearest to y_c, q the softmax over them; " +
    "four backward passes to the layer, none at the last one before global average pooling and one dense layer.",
  weakness:
    "What the class shares with its rivals is left out, so it is no picture of all the evidence; which classes are " +
    "rivals may change from frame to frame.",
  signed: false,
  progressive: false,
  cost: 1,
  values: CONTRIBUTION,
  sampling: null,
  options: [SIGNED_OPTION],
  layers: targetLayers,
  check(model) {
    checkTargetLayers(finerCam.id, model);
  },
  *attribute(context): Attribution {
    const row = yield* frameRow(context);
    const classIndex = targetClass(row.logits, context.target);
    const slopes = finerSlopes(row.logits, classIndex);
    const plane = context.layer === context.model.projectionLayer
      ? yield* projectedPlane(context, slopes, row)
      : yield* gradientPlane(context, slopes);
    return planeMap(context, { classIndex, ...plane });
  },
};

/**
 * ∂f/∂y for the class and its rivals, by class index: 1 for the class, −q_r·(1 + y_r − Σ q·y) for a rival. That the share
 * q_r grows with y_r counts, as it does where pytorch-grad-cam takes the gradient.
 */
export function finerSlopes(logits: Float32Array, classIndex: number): ReadonlyMap<number, number> {
  const own = logits[classIndex] ?? NaN;
  const rivals = Array.from(logits.keys())
    .filter((index) => index !== classIndex)
    .map((index) => ({ index, logit: logits[index] ?? NaN }))
    .sort((a, b) => Math.abs(a.logit - own) - Math.abs(b.logit - own))
    .slice(0, RIVALS);
  const largest = Math.max(...rivals.map(({ logit }) => logit));
  const powers = rivals.map(({ logit }) => Math.exp(logit - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  const mean = rivals.reduce((sum, { logit }, place) => sum + logit * (powers[place] ?? 0) / total, 0);
  return new Map([
    [classIndex, 1],
    ...rivals.map(({ index, logit }, place): [number, number] => [
      index,
      -(powers[place] ?? 0) / total * (1 + logit - mean),
    ]),
  ]);
}

/** A map before its final ReLU. */
type Plane = Pick<RawMap, "height" | "width"> & { readonly values: Float64Array };

/** The closed form: a logit's mean gradient is its dense weight over H'·W', so classes' projections are added up. */
function* projectedPlane(
  context: MethodContext,
  slopes: ReadonlyMap<number, number>,
  row: GoodRow,
): Generator<MethodStep, Plane, readonly GoodRow[]> {
  const missing = [...slopes.keys()].filter((index) => classMap(row.projection, index) === null);
  const probe: Probe = { ...frameProbe(context), want: { kind: "projection", top: 0, also: missing } };
  const others = missing.length === 0 ? row : yield* frameRow(context, probe);
  let plane: Plane | null = null;
  for (const [index, slope] of slopes) {
    const map = classMap(row.projection, index) ?? classMap(others.projection, index);
    if (map === null) {
      throw new TypeError(`Cannot explain the frame: its row must have the projection of class ${index}`);
    }
    const { height, width } = map;
    plane ??= { height, width, values: new Float64Array(height * width) };
    for (const [at, value] of map.values.entries()) {
      plane.values[at] = (plane.values[at] ?? 0) + slope * value / (height * width);
    }
  }
  if (plane === null) throw new TypeError("Cannot explain the frame: no class has a slope");
  return plane;
}

/** Σ_k mean_ij(Σ_c slope_c·∂y_c/∂A_k)·A_k, from one gradient for each class. */
function* gradientPlane(
  context: MethodContext,
  slopes: ReadonlyMap<number, number>,
): Generator<MethodStep, Plane, readonly GoodRow[]> {
  const probes = [...slopes.keys()].map((index) =>
    layerProbe(context, { kind: "target", target: { kind: "class", index }, score: "logit" })
  );
  const rows = yield { kind: "probes", lane: "frame", probes };
  const weights = [...slopes.values()].map((slope, place) => {
    const detail = rows[place]?.detail;
    if (detail?.kind !== "layer" || detail.gradient === null) {
      throw new TypeError(`Cannot explain the frame: its row must have the gradient at ${context.layer}`);
    }
    const positions = detail.activation.height * detail.activation.width;
    const { activation, gradient } = detail;
    return { activation, sums: channelSums(activation, gradient, (_, g) => slope * g / positions) };
  });
  const [first] = weights;
  if (first === undefined) {
    throw new TypeError("Cannot explain the frame: its row must have a gradient, got none");
  }
  const sums = first.sums.map((_, k) => weights.reduce((sum, one) => sum + (one.sums[k] ?? 0), 0));
  const { height, width } = first.activation;
  return { height, width, values: weightedSum(first.activation, sums) };
}
