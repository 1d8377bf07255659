/** What goes over HTTP when a model is opened: `/api/models` (PROTOCOL.md, Y). */
import * as v from "valibot";
import { MAX_MODEL_FILES } from "./limits.ts";
import { ModelHashSchema, OUTPUTS } from "./model_about.ts";

/** Normalisations that can be chosen by name, with what each does to a value of 0 to 255. */
export const NORMALISATION_WORDS = {
  "0to1": "0 to 1",
  "-1to1": "−1 to 1",
  "0to255": "0 to 255, as they are",
  torch: "PyTorch: ImageNet’s mean and deviation",
  caffe: "Caffe: blue first, ImageNet’s mean taken off",
} as const;
export type NormalisationName = keyof typeof NORMALISATION_WORDS;
export const NORMALISATION_NAMES = Object.keys(NORMALISATION_WORDS) as readonly NormalisationName[];

const Bytes = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Name = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(120));

/** Announces an upload: a name, and the files with their sizes. */
export const NewModelSchema = v.strictObject({
  name: Name,
  files: v.pipe(
    v.array(v.strictObject({ path: v.pipe(v.string(), v.minLength(1), v.maxLength(200)), bytes: Bytes })),
    v.minLength(1),
    v.maxLength(MAX_MODEL_FILES),
  ),
});
export type NewModel = v.InferOutput<typeof NewModelSchema>;

/** What of an uploaded model can be set: the others stay as they are. */
export const ModelChangeSchema = v.strictObject({
  name: v.optional(Name),
  normalisation: v.optional(v.picklist(NORMALISATION_NAMES)),
  /** One name for each class, in the order of the outputs. */
  labels: v.optional(v.array(v.pipe(v.string(), v.maxLength(500)))),
});
export type ModelChange = v.InferOutput<typeof ModelChangeSchema>;

/** What was understood of a model. */
export const OpenedModelSchema = v.object({
  id: v.string(),
  name: v.string(),
  /** Input size in pixels. */
  width: v.number(),
  height: v.number(),
  classes: v.number(),
  /** The first classes and the last one, as they are called now. */
  firstLabels: v.array(v.string()),
  lastLabel: v.string(),
  /** Where they come from; null: nothing names them. */
  labelsFrom: v.nullable(v.string()),
  /** Format that it was read from, and the file's name. */
  format: v.string(),
  file: v.string(),
  /** Channels of the pictures that it was made for: of one, the colours are mixed to grey. */
  channels: v.number(),
  output: v.picklist(OUTPUTS),
  /** What is taken off each channel's 0 to 255, and what the rest is divided by; the order of the channels. */
  mean: v.array(v.number()),
  scale: v.array(v.number()),
  order: v.picklist(["rgb", "bgr"]),
  /** Preset that these are; null: they are others. */
  normalisation: v.nullable(v.picklist(NORMALISATION_NAMES)),
  /** Where that was read, or how sure it was guessed; null: not known. */
  normalisationFrom: v.nullable(v.string()),
  layers: v.number(),
  parameters: v.number(),
  multiplyAdds: v.number(),
  defaultLayer: v.string(),
  /** Bytes of the weights in all their forms, and of what one picture takes beside them; null: not known. */
  memory: v.nullable(v.object({ weights: v.number(), picture: v.number() })),
  /** By which it is known; null: not known. */
  hash: v.nullable(ModelHashSchema),
  /** A sentence on each thing that was guessed. */
  notes: v.array(v.string()),
});
export type OpenedModel = v.InferOutput<typeof OpenedModelSchema>;

/** What the model says of the sample photos under one normalisation. */
export const PresetRowSchema = v.object({
  normalisation: v.picklist(NORMALISATION_NAMES),
  tops: v.array(v.object({
    /** Name of the photo. */
    sample: v.string(),
    index: v.number(),
    label: v.string(),
    probability: v.number(),
  })),
  /** Mean of the first classes' probabilities, 0…1: a hint, no proof. */
  confidence: v.number(),
});
export type PresetRow = v.InferOutput<typeof PresetRowSchema>;

/** Room for uploads, in bytes. */
export const ModelRoomSchema = v.object({ usedBytes: Bytes, maxBytes: Bytes });
export type ModelRoom = v.InferOutput<typeof ModelRoomSchema>;
