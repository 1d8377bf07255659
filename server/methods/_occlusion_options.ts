/** Occlusion's options as their own types. */
import type { OptionValues } from "../../shared/protocol.ts";
import { type Fill, FILLS } from "../engine/port.ts";

/** Lengths in px. */
export interface OcclusionOptions {
  readonly window: number;
  readonly stride: number;
  readonly fill: Fill;
  readonly score: "logit" | "probability";
}

/** Reads options that were checked before. */
export function occlusionOptions(options: OptionValues): OcclusionOptions {
  return {
    window: Number(options["window"]),
    stride: Number(options["stride"]),
    fill: FILLS.find((fill) => fill === options["fill"]) ?? "grey",
    score: options["score"] === "probability" ? "probability" : "logit",
  };
}
