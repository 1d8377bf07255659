/** Layers that a method of the CAM family can look at. */
import { GradcastError } from "../../../shared/errors.ts";
import type { LoadedModel } from "../../engine/port.ts";

/** Keras class of the picture itself, which is no layer's activation. */
const INPUT_KIND = "InputLayer";

/** Sides of a spatial layer: height, width, channels. */
const PLACED_SIDES = 3;

/**
 * Layers with an output of `[height, width, channels]` that the logits depend on, tokens of patches among them: the model's default layer, then the
 * others in their order.
 */
export function targetLayers({ layers, defaultLayer }: LoadedModel): readonly string[] {
  const names = layers
    .filter(({ kind, shape, unplaced = false, unusedByLogits = false }) =>
      kind !== INPUT_KIND && shape.length === PLACED_SIDES && !unplaced && !unusedByLogits
    )
    .map(({ name }) => name);
  const first = names.includes(defaultLayer) ? defaultLayer : names.at(-1);
  return first === undefined ? [] : [first, ...names.filter((name) => name !== first)];
}

/**
 * Refuses a model without a spatial layer.
 *
 * @throws GradcastError `unknown-layer`
 */
export function checkTargetLayers(methodId: string, model: LoadedModel): void {
  if (targetLayers(model).length > 0) return;
  throw new GradcastError(
    "unknown-layer",
    `Cannot explain with ${methodId}: it needs a layer with height, width and channels, ` +
      `got the model '${model.id}', which has none`,
  );
}
