/** Layers that are a function of one value, and softmax: how each is read into operations. */
import { activation, draft, type Readers } from "./_drafts.ts";
import {
  ActivationSettings,
  ELUSettings,
  LeakyReLUSettings,
  ReLUSettings,
  settings,
  SoftmaxSettings,
} from "./settings.ts";

/** By Keras class. */
export const ACTIVATION_LAYERS = {
  ReLU: (layer) => [activation(layer, settings(layer, ReLUSettings))],
  LeakyReLU: (layer) => [activation(layer, settings(layer, LeakyReLUSettings))],
  ELU(layer) {
    settings(layer, ELUSettings);
    return [activation(layer, { function: "elu" })];
  },
  Activation: (layer) => [activation(layer, settings(layer, ActivationSettings).activation)],
  Softmax: (layer) => [draft("softmax", layer, settings(layer, SoftmaxSettings), {})],
} satisfies Readers;
