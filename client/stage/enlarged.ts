/** One channel of a layer shown over the picture in place of the heatmap. */
import { displayRange } from "../../shared/display_range.ts";
import type { MapExtent } from "../../shared/map_extent.ts";
import { follow, type Scale } from "../../shared/moving_scale.ts";

/** What is shown. */
export interface Enlarged {
  readonly layer: string;
  readonly channel: number;
  /** Null until its values are there. */
  readonly map: EnlargedMap | null;
}

/** The channel's activations as they are. */
export interface EnlargedMap {
  readonly height: number;
  readonly width: number;
  /** Where the cells lie on the input; absent: they tile it. */
  readonly extent?: MapExtent;
  /** `[height, width]` */
  readonly values: Float32Array<ArrayBuffer>;
  /** True where some lie below zero. */
  readonly signed: boolean;
  /** The activations that get the first colour and the last. */
  readonly scale: Scale | null;
}

/** Takes the next values of the channel; the scale moves slowly from one to the next. */
export function enlarge(
  before: Enlarged,
  plane: Pick<EnlargedMap, "height" | "width" | "extent" | "values">,
  nowMs: number,
): Enlarged {
  // Once below zero, always with two ends: the legend would jump with every picture otherwise.
  const signed = before.map?.signed === true || plane.values.some((value) => value < 0);
  const scale = follow(
    before.map?.scale ?? null,
    displayRange(plane.values, { signed, zero: "nothing", range: null }),
    nowMs,
  );
  return { ...before, map: { ...plane, signed, scale } };
}
