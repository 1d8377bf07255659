/** What CAM and Grad-CAM share: both are read off the projection of the frame's own row. */
import { GradcastError } from "../../../shared/errors.ts";
import type { LoadedModel } from "../../engine/port.ts";
import { extentOfLayer } from "../rows/layer_extent.ts";
import { type ClassMap, classMap, frameRow } from "../rows/frame_row.ts";
import type { MethodContext, MethodStep, RawMap } from "../method.ts";
import type { GoodRow } from "../method.ts";
import { targetClass } from "../ranking.ts";

/** The only layer whose weighted sum needs no backward pass. */
export function projectionLayers({ projectionLayer }: LoadedModel): readonly string[] {
  return projectionLayer === null ? [] : [projectionLayer];
}

/**
 * Refuses a model with another head than global average pooling and one dense layer.
 *
 * @throws GradcastError `unknown-layer`
 */
export function checkHead(methodId: string, { id, projectionLayer }: LoadedModel): void {
  if (projectionLayer !== null) return;
  throw new GradcastError(
    "unknown-layer",
    `Cannot explain with ${methodId}: it needs global average pooling followed by one dense layer, ` +
      `got the model '${id}', which ends in another way`,
  );
}

/** Asks for the frame's row and makes the raw map from the target's projection, value by value. */
export function* projectedMap(
  context: MethodContext,
  valueOf: (projected: number, map: ClassMap) => number,
): Generator<MethodStep, RawMap, readonly GoodRow[]> {
  const { logits, projection } = yield* frameRow(context);
  const classIndex = targetClass(logits, context.target);
  const map = classMap(projection, classIndex);
  if (map === null) {
    throw new TypeError(
      `Cannot explain class ${classIndex}: the row's projection lacks it, got ` +
        `${projection?.classes.join(", ") ?? "no projection"}`,
    );
  }
  return {
    classIndex,
    layer: context.layer,
    height: map.height,
    width: map.width,
    ...extentOfLayer(context.model, context.layer),
    values: map.values.map((value) => valueOf(value, map)),
  };
}
