/** The JSON that --json prints (contract C2). */
import type { Prediction } from "../../shared/protocol.ts";
import { extent } from "./_scale.ts";
import type { Explained } from "./_explained.ts";

/** One picture's document. */
export interface ExplainDocument {
  /** Id of the model. */
  readonly model: string;
  /** The image file, as it was named. */
  readonly image: string;
  /** Size of the model's input, in px. */
  readonly input: { readonly width: number; readonly height: number };
  /** The five first predictions. */
  readonly predictions: readonly Prediction[];
  readonly attribution: {
    readonly method: string;
    readonly class: { readonly index: number; readonly label: string };
    /** The target layer, or null for a method that looks at none. */
    readonly layer: string | null;
    /** Height and width of the raw map, in cells. */
    readonly shape: readonly [number, number];
    /** Extremes of the raw map. */
    readonly min: number;
    readonly max: number;
    readonly options: Readonly<Record<string, unknown>>;
    readonly elapsedMs: number;
  };
}

/** Puts an explanation into the form that scripts rely on. */
export function documentOf(explained: Explained): ExplainDocument {
  const { image, model, predictions, request, target, map, elapsedMs } = explained;
  return {
    model: model.id,
    image,
    input: { width: model.width, height: model.height },
    predictions: predictions.map(({ index, label, logit, probability }) => ({
      index,
      label,
      logit,
      probability,
    })),
    attribution: {
      method: request.method.id,
      class: { index: target.index, label: target.label },
      layer: map.layer,
      shape: [map.height, map.width],
      ...extent(map.values),
      options: request.options,
      elapsedMs: Math.round(elapsedMs * 10) / 10,
    },
  };
}
