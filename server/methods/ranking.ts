/** The class that a target means for a frame. */
import { topClasses } from "../../shared/logits.ts";
import type { MethodContext } from "./method.ts";

export { predictionOf, probabilityOf, topClasses, topPredictions } from "../../shared/logits.ts";

/** A target whose label was looked up. */
export type ResolvedTarget = MethodContext["target"];

/** Index of the class that a target means for a frame with these logits; a rank is one of the frame's own ranking. */
export function targetClass(logits: Float32Array, target: ResolvedTarget): number {
  if (target.kind === "class") return target.index;
  const index = topClasses(logits, target.rank)[target.rank - 1];
  if (index === undefined) {
    throw new RangeError(
      `Cannot rank the classes: there are ${logits.length}, got rank ${target.rank}`,
    );
  }
  return index;
}
