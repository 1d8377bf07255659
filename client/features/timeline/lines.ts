/** Which classes have a line on the timeline, in which colour, and through which points. Pure. */
import { CLASS_COLOURS } from "../../../shared/class_colours.ts";
import type { Prediction } from "../../../shared/protocol.ts";
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
  readonly key: string;
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
  const weights = weigh(moments);
  const shown = new Set(before.map(({ key }) => key));
  const chosen = [...weights]
    .filter(([key, { peak }]) => peak >= LEAST_PEAK || shown.has(key))
    .map(([key, { sum, name }]) => ({ key, name, weight: sum * (shown.has(key) ? MARGIN : 1) }))
    .sort((one, other) => other.weight - one.weight)
    .slice(0, MAX_LINES);
  const kept = new Map(before.map(({ key, colour }) => [key, colour]));
  const taken = new Set(chosen.flatMap(({ key }) => kept.get(key) ?? []));
  return chosen.map(({ key, name }) => {
    const colour = kept.get(key) ?? freeColour(taken);
    taken.add(colour);
    return { key, name, colour };
  });
}

/** Returns the lines of the chosen classes; a class that is not listed at a moment lies below those that are. */
export function linesOf(moments: readonly Moment[], classes: readonly LineClass[]): readonly Line[] {
  return classes.map((one) => ({ ...one, strokes: strokesOf(moments, one.key) }));
}

/** The probabilities that were said of a moment: the ranking that people read, and the class that is explained. */
export function saidOf({ result: { ranking, target } }: Moment): readonly Prediction[] {
  return ranking.rows.some(({ index }) => index === target.index) ? ranking.rows : [...ranking.rows, target];
}

function strokesOf(moments: readonly Moment[], key: string): readonly (readonly Point[])[] {
  const strokes: Point[][] = [];
  for (const [at, moment] of moments.entries()) {
    const before = moments[at - 1];
    const { model } = moment.result;
    if (!key.startsWith(`${model}:`)) continue;
    const said = saidOf(moment).find(({ index }) => classKey(model, index) === key)?.probability ?? 0;
    const joins = before !== undefined && before.result.model === model && follows(before, moment);
    if (!joins || strokes.length === 0) strokes.push([]);
    const stroke = strokes.at(-1);
    stroke?.push([moment.atMs, said]);
    if (moment.untilMs > moment.atMs) stroke?.push([moment.untilMs, said]);
  }
  return strokes;
}

function weigh(moments: readonly Moment[]) {
  const weights = new Map<string, { readonly sum: number; readonly peak: number; readonly name: string }>();
  for (const moment of moments) {
    for (const row of saidOf(moment)) {
      const key = classKey(moment.result.model, row.index);
      const { sum = 0, peak = 0 } = weights.get(key) ?? {};
      weights.set(key, {
        sum: sum + row.probability,
        peak: Math.max(peak, row.probability),
        name: nameOf(row, moment.seen),
      });
    }
  }
  return weights;
}

function freeColour(taken: ReadonlySet<number>): number {
  return CLASS_COLOURS.findIndex((_, place) => !taken.has(place));
}
