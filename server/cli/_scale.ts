/** From raw values to what is seen: the scale of one map, used by overlay, report and terminal alike. */
import { colormap, COLORMAP_ENTRIES, type ColormapName } from "../../shared/colormaps.ts";
import type { Explained } from "./_explained.ts";

/** Smallest and largest value. */
export interface Extent {
  readonly min: number;
  readonly max: number;
}

/** How one map is shown. */
export interface Scale {
  /** Value at the low end of the colour map: 0, or −high for a signed map. */
  readonly low: number;
  /** Value at its high end; 0 where nothing is to be seen. */
  readonly high: number;
  readonly colours: ColormapName;
  /** What the numbers are. */
  readonly unit: "logits" | "probability";
}

/** Finds the extremes of a map. */
export function extent(values: Float32Array): Extent {
  return {
    min: values.reduce((a, b) => Math.min(a, b), Infinity),
    max: values.reduce((a, b) => Math.max(a, b), -Infinity),
  };
}

/** Zero always has the same colour: a map of little evidence must not look like one of much. */
export function scaleOf({ map, request: { method, options } }: Explained): Scale {
  const { min, max } = extent(map.values);
  const unit = options["score"] === "probability" ? "probability" : "logits";
  const signed = method.signed || options["signed"] === true;
  if (!signed) return { low: 0, high: Math.max(0, max), colours: "viridis", unit };
  const high = Math.max(Math.abs(min), Math.abs(max));
  return { low: -high, high, colours: "diverging", unit };
}

/** Place of a value on the scale, 0…1. */
export function placeOn({ low, high }: Scale, value: number): number {
  return high === low ? 0 : Math.min(1, Math.max(0, (value - low) / (high - low)));
}

/** How much a value matters, 0…1, whichever its sign. */
export function strengthOn({ high }: Scale, value: number): number {
  return high === 0 ? 0 : Math.min(1, Math.abs(value) / high);
}

/** Colour of a value, 0…255 each. */
export function colourOn(scale: Scale, value: number): readonly [number, number, number] {
  const table = colormap(scale.colours);
  const at = 3 * Math.round(placeOn(scale, value) * (COLORMAP_ENTRIES - 1));
  return [table[at] ?? 0, table[at + 1] ?? 0, table[at + 2] ?? 0];
}

/** A value of the scale with its sign and no more digits than help. */
export function formatValue(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 1 ? 2 : 3;
  return value.toFixed(digits).replace("-", "−");
}

/** A share as per cent; what is above zero never reads as zero. */
export function formatShare(share: number): string {
  const percent = 100 * share;
  return percent > 0 && percent < 0.05 ? "<0.1 %" : `${percent.toFixed(1)} %`;
}
