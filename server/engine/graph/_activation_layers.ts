/** Layers that are a function of one value, and softmax: how each is read into operations. */
import * as v from "valibot";
import type { Layer } from "../model/topology.ts";
import { activation, draft, type FindWeight, type Readers, vector, weight } from "./_drafts.ts";
import type { Draft } from "./graph.ts";
import {
  ActivationSettings,
  ELUSettings,
  LeakyReLUSettings,
  ReLUSettings,
  settings,
  SoftmaxSettings,
} from "./settings.ts";

/** Axes over which the slopes are the same, the batch being 0. */
const PReLUSettings = v.object({
  shared_axes: v.pipe(
    v.optional(v.nullable(v.array(v.pipe(v.number(), v.integer()))), null),
    v.transform((axes) => axes ?? []),
  ),
});

/** By Keras class. */
export const ACTIVATION_LAYERS = {
  ReLU: (layer) => [activation(layer, settings(layer, ReLUSettings))],
  LeakyReLU: (layer) => [activation(layer, settings(layer, LeakyReLUSettings))],
  ELU: (layer) => [activation(layer, settings(layer, ELUSettings))],
  PReLU: readPReLU,
  Activation: (layer) => [activation(layer, settings(layer, ActivationSettings).activation)],
  Softmax: (layer) => [draft("softmax", layer, settings(layer, SoftmaxSettings), {})],
} satisfies Readers;

/** A slope for each channel: where a window is computed by itself, nobody knows which position a value has. */
function readPReLU(layer: Layer, find: FindWeight): readonly Draft[] {
  const { shared_axes } = settings(layer, PReLUSettings);
  const alpha = weight(layer, find, "alpha", find("alpha")?.shape.length ?? 1);
  if (alpha.shape.slice(0, -1).every((side) => side === 1)) {
    return [draft("prelu", layer, {}, { alpha: vector(alpha.values) })];
  }
  throw new Error(
    `Cannot load the model: the slopes of ${layer.className} layer ${layer.name} must be shared over rows and columns ` +
      `(shared_axes [1, 2]), got [${shared_axes}]`,
  );
}
