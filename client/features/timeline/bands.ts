/** Which class was first from when to when, and where the stream was interrupted. Pure. */
import { nameOf } from "../../view/labels.ts";
import { firstClass, type Moment } from "./moment.ts";

/** Longest time between two moments of one piece that still counts as one stream, in ms: some methods take seconds. */
const LONGEST_STEP_MS = 4_000;

/** Shortest interruption that is drawn as one, in ms. */
const SHORTEST_GAP_MS = 800;

/** A time in which one class was first; times in ms on the timeline. */
export interface Band {
  readonly fromMs: number;
  readonly toMs: number;
  /** The class by model and index; null where the network was not sure. */
  readonly key: string | null;
  /** Its name for people, and that of its model; empty where the network was not sure. */
  readonly name: string;
  readonly modelName: string;
  /** Largest probability in this time, 0…1. */
  readonly peak: number;
}

/** A time in which nothing was seen. */
export interface Gap {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Returns the bands, oldest first; a model that is switched begins another one. */
export function bandsOf(moments: readonly Moment[]): readonly Band[] {
  const bands: Band[] = [];
  for (const [at, moment] of moments.entries()) {
    const key = firstClass(moment);
    const before = moments[at - 1];
    const toMs = endOf(moments, at);
    const last = bands.at(-1);
    const { result: { model, ranking: { rows: [top] } }, seen } = moment;
    const peak = top?.probability ?? 0;
    const joins = last !== undefined && before !== undefined && follows(before, moment) && last.key === key &&
      before.result.model === model;
    if (joins) bands[bands.length - 1] = { ...last, toMs, peak: Math.max(last.peak, peak) };
    else {
      const name = key === null || top === undefined ? "" : nameOf(top, seen);
      bands.push({ fromMs: moment.atMs, toMs, key, name, modelName: seen.modelName, peak });
    }
  }
  return bands;
}

/** Returns where nothing was seen between the first moment and now; `live`: something may still come. */
export function gapsOf(moments: readonly Moment[], nowMs: number): readonly Gap[] {
  const gaps: Gap[] = [];
  for (const [at, moment] of moments.entries()) {
    const next = moments[at + 1];
    const [fromMs, toMs] = [moment.untilMs, next?.atMs ?? nowMs];
    const longest = next === undefined || follows(moment, next) ? LONGEST_STEP_MS : SHORTEST_GAP_MS;
    if (toMs - fromMs > longest) gaps.push({ fromMs, toMs });
  }
  return gaps;
}

/** Whether a moment comes right after another one, so that a line may join them. */
export function follows(before: Moment, after: Moment): boolean {
  return before.piece === after.piece && after.atMs - before.untilMs <= LONGEST_STEP_MS;
}

/** Until when what is said at a place holds: until the next moment of the same stream. */
function endOf(moments: readonly Moment[], at: number): number {
  const [moment, next] = [moments[at] as Moment, moments[at + 1]];
  return next !== undefined && follows(moment, next) ? next.atMs : moment.untilMs;
}
