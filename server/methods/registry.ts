/** All methods, and what a person asks for looked up among them. */
import { GradcastError } from "../../shared/errors.ts";
import { classOf } from "../../shared/class_text.ts";
import { didYouMean } from "../../shared/nearest.ts";
import type { OptionValues, Target, View } from "../../shared/protocol.ts";
import type { LoadedModel } from "../engine/port.ts";
import { attentionGradient } from "./attention/attention_gradient.ts";
import { attentionRollout } from "./attention/attention_rollout.ts";
import { activations } from "./network/activations.ts";
import { cam } from "./cam/cam.ts";
import { cnnFixations } from "./gradient/cnn_fixations.ts";
import { eigenCam } from "./cam/eigen_cam.ts";
import { featureVisualization } from "./network/feature_visualization.ts";
import { finerCam } from "./cam/finer_cam.ts";
import { fullGrad } from "./gradient/fullgrad.ts";
import { gradCam } from "./cam/grad_cam.ts";
import { gradCamGated } from "./cam/grad_cam_gated.ts";
import { gradCamPlusPlus } from "./cam/grad_cam_plus_plus.ts";
import { gradientXInput } from "./gradient/gradient_x_input.ts";
import { guidedBackprop } from "./gradient/guided_backprop.ts";
import { guidedGradCam } from "./gradient/guided_grad_cam.ts";
import { hiresCam } from "./cam/hirescam.ts";
import { integratedGradients } from "./gradient/integrated_gradients.ts";
import { leGrad } from "./attention/legrad.ts";
import { layerCam } from "./cam/layercam.ts";
import type { Method } from "./method.ts";
import { occlusion } from "./perturbation/occlusion.ts";
import { resolveOptions } from "./options/options.ts";
import type { ResolvedTarget } from "./ranking.ts";
import { rise } from "./perturbation/rise.ts";
import { saliency } from "./gradient/saliency.ts";
import { scoreCam } from "./cam/score_cam.ts";
import { smoothGrad } from "./gradient/smoothgrad.ts";
import { xgradCam } from "./cam/xgrad_cam.ts";

/** Every method, in the order in which they are shown; a new method is one file and one line here. */
export const METHODS: readonly Method[] = [
  gradCam,
  cam,
  gradCamGated,
  gradCamPlusPlus,
  xgradCam,
  hiresCam,
  layerCam,
  eigenCam,
  finerCam,
  saliency,
  gradientXInput,
  smoothGrad,
  integratedGradients,
  guidedBackprop,
  guidedGradCam,
  fullGrad,
  attentionGradient,
  leGrad,
  occlusion,
  scoreCam,
  rise,
  cnnFixations,
  attentionRollout,
  activations,
  featureVisualization,
];

/** The method of a viewer who has not chosen one. */
export const DEFAULT_METHOD: Method = gradCam;

/** Layers that a refusal names at most. */
const MAX_NAMED_LAYERS = 5;

/** What a view asks for, with every name looked up. */
export interface ResolvedRequest {
  readonly method: Method;
  readonly target: ResolvedTarget;
  readonly layer: string;
  readonly options: OptionValues;
}

/**
 * Finds a method by its id.
 *
 * @throws GradcastError `unknown-method`
 */
export function findMethod(id: string): Method {
  const method = METHODS.find((method) => method.id === id);
  if (method !== undefined) return method;
  const ids = METHODS.map(({ id }) => id);
  throw new GradcastError(
    "unknown-method",
    `Cannot choose the method: expected one of ${ids.join(", ")}, got '${id}'${didYouMean(ids, id)}`,
  );
}

/**
 * Looks up everything that a view names; what it resolves to resolves to itself.
 *
 * @throws GradcastError `unknown-method`, `unknown-class`, `ambiguous-class`, `unknown-layer` or `bad-option`
 */
export function resolveRequest(model: LoadedModel, view: Omit<View, "revision">): ResolvedRequest {
  const method = findMethod(view.method);
  return {
    method,
    target: resolveTarget(model, view.target),
    options: resolveOptions(model, method, view.options),
    layer: resolveLayer(model, method, view.layer),
  };
}

function resolveTarget(model: LoadedModel, target: Target): ResolvedTarget {
  switch (target.kind) {
    case "label":
      return { kind: "class", index: classOf(model.labels, target.label) };
    case "class":
      if (target.index >= 0 && target.index < model.classes) return { kind: "class", index: target.index };
      throw new GradcastError(
        "unknown-class",
        `Cannot choose the class: expected an index from 0 to ${model.classes - 1}, got ${target.index}`,
      );
    case "rank":
      if (target.rank <= model.classes) return target;
      throw new GradcastError(
        "unknown-class",
        `Cannot follow the rank: the model has ${model.classes} classes, got ${target.rank}`,
      );
    default: {
      const never: never = target;
      throw new TypeError(
        `Cannot find the class: the target's kind ${never} is unknown`,
      );
    }
  }
}

/** A method without a layer takes the model's default one, which is what its own answer names. */
function resolveLayer(model: LoadedModel, method: Method, asked: string | undefined): string {
  const allowed = method.layers(model);
  if (asked === undefined) return allowed[0] ?? model.defaultLayer;
  if (allowed.length === 0) {
    if (asked === model.defaultLayer) return asked;
    throw new GradcastError(
      "unknown-layer",
      `Cannot choose the layer: ${method.id} looks at the whole network, got '${asked}'`,
    );
  }
  if (allowed.includes(asked)) return asked;
  throw new GradcastError(
    "unknown-layer",
    `Cannot choose the layer: ${method.id} takes ${inWords(allowed)}, got '${asked}'${
      didYouMean(allowed, asked)
    }`,
  );
}

/** The layers that are allowed: all of a few, otherwise the first of them. */
function inWords(allowed: readonly string[]): string {
  if (allowed.length <= MAX_NAMED_LAYERS) return allowed.join(", ");
  return `one of ${allowed.length} layers such as ${allowed.slice(0, MAX_NAMED_LAYERS).join(", ")}`;
}
