/** Why a probe cannot be computed. */
import type { LoadedModel, Probe, Variation, Want } from "../port.ts";

/**
 * Says in half a sentence why a probe cannot be computed, or null.
 *
 * @param here whether its frame is kept
 */
export function probeFault(
  { frame, variation, want }: Probe,
  here: boolean,
  model: LoadedModel,
): string | null {
  if (!here) {
    return `its frame is not here, never admitted, released or lost with a failed engine: current value is ${frame}`;
  }
  return wantFault(want, model) ?? variationFault(variation, model);
}

function wantFault(want: Want, { projectionLayer, classes }: LoadedModel): string | null {
  if (want.kind !== "projection") return null;
  if (projectionLayer === null) {
    return "a projection needs global average pooling followed by one dense layer: current value is another head";
  }
  const stranger = want.also.find((index) => !Number.isInteger(index) || index < 0 || index >= classes);
  return stranger === undefined
    ? null
    : `its classes have to be 0 to ${classes - 1}: current value is ${stranger}`;
}

function variationFault(variation: Variation, { height, width }: LoadedModel): string | null {
  if (variation.kind !== "fill") return null;
  const { window } = variation;
  const inside = [window.top, window.left, window.height, window.width].every(Number.isInteger) &&
    window.top >= 0 && window.left >= 0 && window.height >= 1 && window.width >= 1 &&
    window.top + window.height <= height && window.left + window.width <= width;
  return inside
    ? null
    : `its window has to lie inside ${height}×${width} px: current value is ${JSON.stringify(window)}`;
}
