/** Which classes have a line on the timeline, in which colour, and through which points. Pure. */
import { CLASS_COLOURS } from "../../../shared/class_colours.ts";
import type { Prediction } from "../../../shared/protocol.ts";
import type { Seen } from "../../stage/seen.ts";
import { nameOf } from "../../view/labels.ts";
import { follows } from "./bands.ts";
import { classKey, type Moment } from "./moment.ts";

/** Lines at most: more cannot be told apart in a strip. */
export const MAX_LINES = 4;

/** How much more a class has to weigh than the least one that has a line to take its place. */
const MARGIN = 1.3;

/** A class needs this probability once to have a line, 0…1. */
const LEAST_PEAK = 0.05;

/** A class with a line, and its colour on its number in the table of class colours. */
export interface LineClass {
  /** By model and index. */
  readonly key: string;
  readonly model: string;
  readonly index: number;
  readonly name: string;
  readonly colour: number;
}

/** A point: time in ms on the timeline, and probability, 0…1. */
export type Point = readonly [atMs: number, probability: number];

/** A line in strokes: between two of them nothing is known. */
export interface Line extends LineClass {
  readonly strokes: readonly (readonly Point[])[];
}

/**
 * Chooses the classes with lines: those with the most probability over the time, the one that is explained among them.
 * Who has a line keeps it, with its colour, until another class weighs clearly more.
 */
export function lineClasses(moments: readonly Moment[], before: readonly LineClass[]): readonly LineClass[] {
  const kept = new Map(before.map(({ key, colour }) => [key, colour]));
  const chosen = weigh(moments)
    .map((weight) => ({ ...weight, key: classKey(weight.model, weight.row.index) }))
    .filter(({ key, peak }) => peak >= LEAST_PEAK || kept.has(key))
    .map((one) => ({ ...one, weight: one.sum * (kept.has(one.key) ? MARGIN : 1) }))
    .sort((one, other) => other.weight - one.weight)
    .slice(0, MAX_LINES);
  const taken = new Set(chosen.flatMap(({ key }) => kept.get(key) ?? []));
  return chosen.map(({ key, model, row, seen }) => {
    const colour = kept.get(key) ?? freeColour(taken);
    taken.add(colour);
    return { key, model, index: row.index, name: nameOf(row, seen), colour };
  });
}

/** Returns the lines of the chosen classes; a class that is not listed at a moment lies below those that are. */
export function linesOf(moments: readonly Moment[], classes: readonly LineClass[]): readonly Line[] {
  return classes.map((one) => ({ ...one, strokes: strokesOf(moments, one) }));
}

/** The probabilities that were said of a moment: the ranking that people read, and the class that is explained. */
export function saidOf({ result: { ranking, target } }: Moment): readonly Prediction[] {
  return ranking.rows.some(({ index }) => index === target.index) ? ranking.rows : [...ranking.rows, target];
}

function strokesOf(
  moments: readonly Moment[],
  { model, index }: LineClass,
): readonly (readonly Point[])[] {
  const strokes: Point[][] = [];
  for (const [at, moment] of moments.entries()) {
    if (moment.result.model !== model) continue;
    const before = moments[at - 1];
    const probability = probabilityOf(moment, index) ?? 0;
    const joins = before !== undefined && before.result.model === model && follows(before, moment);
    if (!joins || strokes.length === 0) strokes.push([]);
    const stroke = strokes.at(-1);
    stroke?.push([moment.atMs, probability]);
    if (moment.untilMs > moment.atMs) stroke?.push([moment.untilMs, probability]);
  }
  return strokes;
}

/** What was said of a class at a moment; undefined where nothing was. */
export function probabilityOf(
  { result: { ranking: { rows }, target } }: Moment,
  index: number,
): number | undefined {
  for (const row of rows) if (row.index === index) return row.probability;
  return target.index === index ? target.probability : undefined;
}

/** A class's weight over the time: all its probability, its largest, and where it was seen last. */
interface Weight {
  readonly model: string;
  readonly row: Prediction;
  readonly seen: Seen;
  sum: number;
  peak: number;
}

function weigh(moments: readonly Moment[]): readonly Weight[] {
  const models = new Map<string, Map<number, Weight>>();
  for (const moment of moments) {
    const { result: { model }, seen } = moment;
    const weights = models.get(model) ?? new Map<number, Weight>();
    models.set(model, weights);
    for (const row of saidOf(moment)) {
      const known = weights.get(row.index);
      if (known === undefined) {
        weights.set(row.index, { model, row, seen, sum: row.probability, peak: row.probability });
      } else {
        known.sum += row.probability;
        known.peak = Math.max(known.peak, row.probability);
      }
    }
  }
  return [...models.values()].flatMap((weights) => [...weights.values()]);
}

function freeColour(taken: ReadonlySet<number>): number {
  return CLASS_COLOURS.findIndex((_, place) => !taken.has(place));
}
