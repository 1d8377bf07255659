/** Occlusion's options as their own types. */
import type { OptionValues } from "../../../shared/protocol.ts";
import { type Fill, FILLS } from "../../engine/port.ts";
import type { InputSize } from "../rows/input_size.ts";
import { type ScoreName, scoreName } from "../options/score_option.ts";

/** Lengths in pixels. */
export interface OcclusionOptions {
  readonly window: number;
  readonly stride: number;
  readonly fill: Fill;
  readonly score: ScoreName;
  /** Windows to measure at most; null: all. */
  readonly budget: number | null;
}

/** Windows that side by side make up about one side of the input. */
const WINDOWS_PER_SIDE = 7;

/** Windows are a multiple of this, in pixels, where the input has room for two of them. */
const WINDOW_STEP_PX = 8;

/** Shortest window and stride, in pixels. */
export const MIN_WINDOW_PX = 4;
export const MIN_STRIDE_PX = 2;

/**
 * The window and the stride that fit an input, in px: 8 and 4 for a side of 32, 32 and 16 for 224. A window of a fixed
 * length would hide all of a small picture and hardly anything of a large one.
 */
export function windowPresets(
  { width, height }: InputSize,
): { readonly window: number; readonly stride: number } {
  const side = Math.min(width, height);
  const steps = Math.max(1, Math.round(side / WINDOWS_PER_SIDE / WINDOW_STEP_PX));
  const window = Math.max(MIN_WINDOW_PX, Math.min(steps * WINDOW_STEP_PX, Math.floor(side / 2)));
  return { window, stride: Math.max(MIN_STRIDE_PX, Math.floor(window / 2)) };
}

/** Reads options that were checked before. */
export function occlusionOptions(options: OptionValues): OcclusionOptions {
  return {
    window: Number(options["window"]),
    stride: Number(options["stride"]),
    fill: FILLS.find((fill) => fill === options["fill"]) ?? "grey",
    score: scoreName(options),
    budget: Number(options["budget"]) || null,
  };
}
