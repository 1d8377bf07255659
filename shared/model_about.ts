/** What a model is made of and where it comes from, as `GET /api/model` says it. */
import * as v from "valibot";

const Count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** How a network ends: what its output means. */
export const OUTPUTS = ["softmax", "sigmoids", "one-unit", "logits"] as const;

/**
 * What a SHA-256 is of: the card, which holds that of every file; the one file; the list that `sha256sum` writes of them; the
 * list of a taught model's base and its head.
 */
export const HASHED = ["card", "file", "files", "head"] as const;

/** By which a model is known, in hex. */
export const ModelHashSchema = v.object({
  of: v.picklist(HASHED),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u)),
});
export type ModelHash = v.InferOutput<typeof ModelHashSchema>;

/** Facts about a model beside its name; what is optional is known of models that were read from files. */
export const ModelAboutSchema = v.object({
  /** A sentence or two; empty where the card has none. */
  description: v.string(),
  /** Where its parts come from, such as weights and labels, by the part's name. */
  source: v.record(v.string(), v.string()),
  /** Under which licences, by the part's name. */
  licence: v.record(v.string(), v.string()),
  /** Layers that the file lists, those that only pass values on included. */
  layers: Count,
  /** Learned numbers. */
  parameters: Count,
  /** Multiply-adds of one forward pass, those of convolutions and dense layers. */
  multiplyAdds: Count,
  /** Format that it was read from, as people read it. */
  format: v.optional(v.string()),
  /** Name of its file. */
  file: v.optional(v.string()),
  /** Channels of the pictures that it was made for: of one, the colours are mixed to grey. */
  channels: v.optional(Count),
  output: v.optional(v.picklist(OUTPUTS)),
  /** Where the class names come from; null: nothing names them. */
  labelsFrom: v.optional(v.nullable(v.string())),
  /** Bytes of the weights in all their forms, and of what one picture takes beside them. */
  memory: v.optional(v.object({ weights: Count, picture: Count })),
  hash: v.optional(ModelHashSchema),
});
export type ModelAbout = v.InferOutput<typeof ModelAboutSchema>;
