/** What a model is made of and where it comes from, as `GET /api/model` says it. */
import * as v from "valibot";

const Count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** Facts about a model beside its name. */
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
});
export type ModelAbout = v.InferOutput<typeof ModelAboutSchema>;
