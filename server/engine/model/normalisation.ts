/** What a network's input is made of. */
import * as v from "valibot";

/** Order in which the network takes the colours of a pixel. */
export type ChannelOrder = "rgb" | "bgr";

/** For each colour, red, green and blue in this order. */
export type PerColour = readonly [number, number, number];

/** The network's input is (value − mean) / scale, value 0…255. */
export interface Normalisation {
  readonly mean: PerColour;
  readonly scale: PerColour;
  /** By default `rgb`; mean and scale are given for red, green and blue in any case. */
  readonly order?: ChannelOrder;
}

/** Normalisations by the names that Keras has for them, and those of its Rescaling layers. */
export const PRESETS = {
  "0to1": { mean: [0, 0, 0], scale: [255, 255, 255] },
  "-1to1": { mean: [127.5, 127.5, 127.5], scale: [127.5, 127.5, 127.5] },
  "0to255": { mean: [0, 0, 0], scale: [1, 1, 1] },
  /** Mean and standard deviation of ImageNet's colours, the values being 0 to 1. */
  torch: { mean: [123.675, 116.28, 103.53], scale: [58.395, 57.12, 57.375] },
  /** Mean of ImageNet's colours taken off, blue first: VGG16, VGG19 and ResNet50 of Keras. */
  caffe: { mean: [123.68, 116.779, 103.939], scale: [1, 1, 1], order: "bgr" },
} as const satisfies Record<string, Normalisation>;

/** Name of a ready normalisation. */
export type PresetName = keyof typeof PRESETS;

const PerColourSchema = v.strictTuple([v.number(), v.number(), v.number()]);
const Scale = v.pipe(
  v.number(),
  v.check((scale) => scale !== 0, "Invalid scale: Expected !0 but received 0"),
);

const Preset = v.pipe(
  v.picklist(Object.keys(PRESETS) as PresetName[]),
  v.transform((name): Normalisation => PRESETS[name]),
);
const Written = v.pipe(
  v.object({
    mean: PerColourSchema,
    scale: v.strictTuple([Scale, Scale, Scale]),
    order: v.optional(v.picklist(["rgb", "bgr"]), "rgb"),
  }),
  v.transform((written): Normalisation => written),
);

/** A preset's name, or mean and scale; decided by the first look, so that an error names the very place. */
export const NormalisationSchema = v.lazy((input) => typeof input === "string" ? Preset : Written);
