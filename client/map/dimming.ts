/** How much of a map shows while the network is not sure. Pure. */
import type { ReadRanking, Target } from "../../shared/protocol.ts";
import { UNSURE_OPACITY } from "../../shared/unsure.ts";

/**
 * Whether a map is dimmed: the network is not sure, and the map follows its guess. One of a class that somebody chose
 * says where that class's evidence lies, whatever comes first.
 */
export function isDimmed({ unsure }: Pick<ReadRanking, "unsure">, target: Target): boolean {
  return unsure && target.kind === "rank";
}

/** The map's opacity, 0…1. */
export function dimmed(opacity: number, dims: boolean): number {
  return dims ? opacity * UNSURE_OPACITY : opacity;
}

/** What decides how strongly a map lies over the picture. */
export interface MapLook {
  /** As it was chosen, 0…1. */
  readonly opacity: number;
  readonly hidden: boolean;
  /** Whether the map shows the network itself, in place of the picture. */
  readonly network: boolean;
  readonly dims: boolean;
}

/** The opacity with which a map lies over the picture now, 0…1. */
export function mapOpacity({ opacity, hidden, network, dims }: MapLook): number {
  if (hidden) return 0;
  return network ? 1 : dimmed(opacity, dims);
}
