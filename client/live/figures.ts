/** The figures of the header, four times a second, and the percentiles that measurements read. */
import type { PaceDrops } from "./pacer.ts";

/** How often the figures change, in ms. */
export const FIGURES_STEP_MS = 250;

/** A stream whose newest map is older than this stands still, in ms: its age grows in the figures. */
export const STANDSTILL_MS = 1_000;

/** What the header shows. */
export interface Figures {
  /** Capture to drawing in ms; null before the first map. */
  readonly ageMs: number | null;
  /** Over the last 300 frames, in ms. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  /** Frames explained per second. */
  readonly perSecond: number;
  /** Frames whose map was shown, since the page was opened. */
  readonly shown: number;
  /** Frames that were not explained, since the page was opened. */
  readonly drops: PaceDrops & { readonly slow: number };
}

/** The figures before anything happened. */
export const NO_FIGURES: Figures = {
  ageMs: null,
  p50Ms: null,
  p95Ms: null,
  perSecond: 0,
  shown: 0,
  drops: {
    replaced: 0,
    aged: 0,
    superseded: 0,
    lost: 0,
    refused: 0,
    unsent: 0,
    disconnected: 0,
    slow: 0,
  },
};

/** Why frames are left out, in words. */
export const DROP_WORDS: Readonly<Record<keyof Figures["drops"], string>> = {
  replaced: "replaced by a newer frame on this page",
  aged: "too old when the connection was free",
  superseded: "replaced by a newer frame at the server",
  slow: "the connection was too slow",
  lost: "no answer within 3 s",
  refused: "refused by the server",
  unsent: "could not be sent",
  disconnected: "there was no connection",
};

/** Writes an age in ms as text, "38 ms" or "1234 ms": scripts read it too. */
export function ageText(ageMs: number | null): string {
  if (ageMs === null) return "– ms";
  return `${Math.round(ageMs)} ms`;
}

/** Sums the frames that were left out. */
export function totalDrops(drops: Figures["drops"]): number {
  return Object.values(drops).reduce((sum, one) => sum + one, 0);
}

/** "frames not shown: 12 %"; a dash before the first frame. */
export function notShownText({ drops, shown }: Pick<Figures, "drops" | "shown">): string {
  const dropped = totalDrops(drops);
  const all = dropped + shown;
  return `frames not shown: ${all === 0 ? "–" : `${Math.round(100 * dropped / all)} %`}`;
}
