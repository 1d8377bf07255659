/** Why a probe cannot be computed. */
import type { Probe } from "../../port.ts";
import { isSeed, MAX_SEED, variationFault } from "../input/variation_fault.ts";
import { findKind, WANT_KINDS } from "../wants/mod.ts";
import type { Abilities } from "../wants/want.ts";

/**
 * Says in half a sentence why a probe cannot be computed, or null.
 *
 * @param here whether its frame is kept
 */
export function probeFault(probe: Probe, here: boolean, abilities: Abilities): string | null {
  const { frame, variation, want, randomHead } = probe;
  if (!here) {
    return `expected a frame that was admitted and neither released nor lost with a failed engine, got ${frame}`;
  }
  const kind = findKind(want);
  if (kind === null) {
    return `expected a want of ${WANT_KINDS.map(({ kind }) => kind).join(", ")}, got ${want.kind}`;
  }
  return kind.fault(want, abilities) ?? variationFault(variation, abilities.model) ??
    randomHeadFault(randomHead, abilities);
}

function randomHeadFault(seed: number | undefined, { denseLogits }: Abilities): string | null {
  if (seed === undefined) return null;
  if (!denseLogits) return "a random head needs a dense layer that yields the logits";
  return isSeed(seed) ? null : `expected a seed of 0 to ${MAX_SEED} for the random head, got ${seed}`;
}
