/** What a learner does next, and how long it waits before. Pure. */
import type { HeadKind } from "../../shared/head_model.ts";

/** Pictures come ten a second: a fit begins when they have paused for so long, and at the latest so long after the first. */
const PAUSE_MS = 150;
const LONGEST_PAUSE_MS = 600;

/** A validation costs five fits: it begins when nothing has changed for so long, in ms. */
const QUIET_MS = 1_000;

/** Something to compute. */
export interface Job {
  readonly kind: HeadKind;
  readonly does: "fit" | "validate";
}

/** What is known and what is wanted. */
export interface Wishes {
  readonly chosen: HeadKind;
  /** Kinds whose heads somebody waits for, or looks at. */
  readonly waited: readonly HeadKind[];
  /** Kinds whose validation was asked for though they are not the chosen one. */
  readonly compared: readonly HeadKind[];
  /** Whether a head is fitted to the pictures of now. */
  readonly isNew: (kind: HeadKind) => boolean;
  readonly isValidated: (kind: HeadKind) => boolean;
}

/** The chosen head first, then what others wait for, then how good they are; null where all is done. */
export function nextJob({ chosen, waited, compared, isNew, isValidated }: Wishes): Job | null {
  const stale = [chosen, ...waited].find((kind) => !isNew(kind));
  if (stale !== undefined) return { kind: stale, does: "fit" };
  const unproven = [chosen, ...compared].find((kind) => isNew(kind) && !isValidated(kind));
  if (unproven !== undefined) return { kind: unproven, does: "validate" };
  const missing = compared.find((kind) => !isNew(kind));
  return missing === undefined ? null : { kind: missing, does: "fit" };
}

/** When pictures came. */
export interface Changes {
  readonly nowMs: number;
  /** The first that no fit has seen; null where there is none. */
  readonly firstChangeMs: number | null;
  readonly lastChangeMs: number;
}

/** How long a job has to wait, in ms; 0 or less: not at all. */
export function waitMs(does: Job["does"], { nowMs, firstChangeMs, lastChangeMs }: Changes): number {
  if (does === "validate") return lastChangeMs + QUIET_MS - nowMs;
  return Math.min(lastChangeMs + PAUSE_MS, (firstChangeMs ?? -Infinity) + LONGEST_PAUSE_MS) - nowMs;
}
