/**
 * The ranking that people read of a moving picture: calm, sorted by the numbers it shows, each its class's own. One
 * reducer for page, watchers, recordings and log (rules R in PROTOCOL.md). Pure.
 */
import { TOP_CLASSES } from "./limits.ts";
import { predictionsOf, probabilityOf, topClasses } from "./logits.ts";
import type { Head, Prediction } from "./protocol.ts";
import { isUnsure } from "./unsure.ts";

/** Time after which a frame's share of the smoothed logits has fallen to 1/e, in ms. */
export const SMOOTHING_MS = 200;

/** Lead in probability with which a rival takes first place at once. */
export const LEAD = 0.05;

/** Age that what is shown never exceeds, in ms: a rival that has led for that long takes first place. */
export const HOLD_MS = 150;

/** A frame as the ranking takes it. */
export interface RankedFrame {
  readonly id: number;
  /** Time of capture in ms, on any clock that all frames share. */
  readonly capturedMs: number;
  /** No newer frame is about to follow: it shows its own numbers. */
  readonly still: boolean;
  /** `[classes]` */
  readonly logits: Float32Array;
  /** The model's; absent: softmax. */
  readonly head?: Head | undefined;
}

/** The ranking after a frame. */
export interface Ranking {
  /** The frame that was taken last, and when it was captured. */
  readonly id: number;
  readonly capturedMs: number;
  readonly head: Head;
  /** `[classes]`, smoothed up to that frame. */
  readonly smoothed: Float32Array;
  /** `[classes]`, the smoothed logits of the moment that is shown, at most HOLD_MS before. */
  readonly shown: Float32Array;
  readonly shownMs: number;
  /** The first classes of that moment, in falling order of their logits. */
  readonly order: readonly number[];
  /** Whether the network was unsure at that moment. */
  readonly unsure: boolean;
}

/**
 * Takes a frame. A still frame, the first of a source (`before` is null) and a cut show their own numbers at once;
 * otherwise the logits are smoothed by capture time. While a rival leads by little, and for less than HOLD_MS, all that
 * is shown stays that of the last moment at which the first class did lead: so every list is sorted, and every number
 * its class's own. A frame that was taken before changes nothing.
 */
export function rankFrame(before: Ranking | null, frame: RankedFrame): Ranking {
  if (before === null || frame.still) return alone(frame);
  if (frame.id === before.id) return before;
  const passedMs = frame.capturedMs - before.capturedMs;
  if (passedMs <= 0 || frame.logits.length !== before.smoothed.length) return alone(frame);
  if (isCut(before, frame.logits)) return alone(frame);
  const smoothed = towards(before.smoothed, frame.logits, 1 - Math.exp(-passedMs / SMOOTHING_MS));
  const { id, capturedMs, head = "softmax" } = frame;
  if (isHeld(before, smoothed, capturedMs)) return { ...before, id, capturedMs, smoothed };
  return showing({ id, capturedMs, head, smoothed, wasUnsure: before.unsure });
}

/** The lines that people read; `labels` are the model's. */
export function linesOf({ shown, order, head }: Ranking, labels: readonly string[]): Prediction[] {
  return predictionsOf(shown, { labels, head }, order);
}

function alone({ id, capturedMs, logits, head = "softmax" }: RankedFrame): Ranking {
  return showing({ id, capturedMs, head, smoothed: Float32Array.from(logits), wasUnsure: false });
}

function showing(
  { wasUnsure, ...now }: Pick<Ranking, "id" | "capturedMs" | "head" | "smoothed"> & {
    readonly wasUnsure: boolean;
  },
): Ranking {
  const { smoothed, capturedMs, head } = now;
  const order = topClasses(smoothed, TOP_CLASSES);
  return {
    ...now,
    shown: smoothed,
    shownMs: capturedMs,
    order,
    unsure: unsureOf(smoothed, head, order, wasUnsure),
  };
}

/**
 * Whether a frame shows something else altogether: its first class was none of those that are shown. From one unsure
 * moment to the next, where first classes come and go with the noise, nothing is a cut.
 */
function isCut(before: Ranking, logits: Float32Array): boolean {
  const [first = 0] = topClasses(logits, 1);
  if (before.order.includes(first)) return false;
  return !before.unsure || !unsureOf(logits, before.head, [first], false);
}

/** Whether the first class stays although another one's smoothed value leads. */
function isHeld(
  { order: [held = 0], shownMs, head }: Ranking,
  smoothed: Float32Array,
  nowMs: number,
): boolean {
  const [first = 0] = topClasses(smoothed, 1);
  if (first === held || nowMs - shownMs >= HOLD_MS) return false;
  return probabilityOf(smoothed, first, head) - probabilityOf(smoothed, held, head) < LEAD;
}

function unsureOf(
  logits: Float32Array,
  head: Head,
  [first = 0]: readonly number[],
  wasUnsure: boolean,
): boolean {
  return isUnsure(probabilityOf(logits, first, head), { classes: logits.length, head }, wasUnsure);
}

function towards(from: Float32Array, to: Float32Array, share: number): Float32Array {
  return from.map((value, at) => value + share * ((to[at] as number) - value));
}
