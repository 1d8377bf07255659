/** The row that every explanation of a frame begins with. */
import { TOP_CLASSES } from "../../../shared/limits.ts";
import type { Probe, Projection } from "../../engine/port.ts";
import type { GoodRow, MethodContext, MethodStep } from "../method.ts";

/**
 * The probe of the unchanged frame. Ranking, CAM, Grad-CAM and the order of occlusion all ask for this very
 * one, so it is computed once.
 */
export function frameProbe({ frame, model, target, projected = [] }: MethodContext): Probe {
  const variation = { kind: "none" } as const;
  if (model.projectionLayer === null) return { frame, variation, want: { kind: "logits" } };
  return {
    frame,
    variation,
    want: {
      kind: "projection",
      top: Math.min(TOP_CLASSES, model.classes),
      also: target.kind === "class" && !projected.includes(target.index) ? [target.index] : [],
    },
  };
}

/** Asks for the row of the unchanged frame. */
export function* frameRow(
  context: MethodContext,
  probe: Probe = frameProbe(context),
): Generator<MethodStep, GoodRow, readonly GoodRow[]> {
  const [row] = yield { kind: "probes", lane: "frame", probes: [probe] };
  if (row === undefined) {
    throw new TypeError("Cannot explain the frame: its probe was not answered, got 0 rows");
  }
  return row;
}

/** One class of a projection, `[height, width]`, signed; or null where the row does not hold it. */
export interface ClassMap {
  readonly height: number;
  readonly width: number;
  /** In logit units times `height·width`. */
  readonly values: Float32Array;
}

/** Cuts the map of one class out of a projection. */
export function classMap(projection: Projection | null, classIndex: number): ClassMap | null {
  const place = projection?.classes.indexOf(classIndex) ?? -1;
  if (projection === null || place < 0) return null;
  const { height, width, values } = projection;
  return { height, width, values: values.slice(place * height * width, (place + 1) * height * width) };
}
