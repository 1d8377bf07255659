/** Occlusion's options as their own types. */
import type { OptionValues } from "../../shared/protocol.ts";
import { type Fill, FILLS } from "../engine/port.ts";
import { type ScoreName, scoreName } from "./_score_option.ts";

/** Lengths in px. */
export interface OcclusionOptions {
  readonly window: number;
  readonly stride: number;
  readonly fill: Fill;
  readonly score: ScoreName;
  /** Windows to measure at most; null: all. */
  readonly budget: number | null;
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
