/** Curves of a trust meter as a drawing, for page and report: one line for the map, one for each baseline. Pure. */
import { type BaselineName, BASELINES, type Trust, type TrustCurve } from "./trust.ts";
import { BASELINE_NAMES } from "./trust_words.ts";
import { areaLike } from "./trust_verdict.ts";

/** Which of the two curves. */
export type CurveName = "deletion" | "insertion";

/** Size of the drawing, and where its axes lie in it. */
export const PLOT = { width: 300, height: 190, left: 46, right: 278, top: 10, bottom: 146 } as const;

/** A mark of an axis. */
export interface Tick {
  /** Place along the axis, in the drawing's units. */
  readonly at: number;
  readonly text: string;
}

/** One line of the drawing. */
export interface PlotLine {
  readonly name: "map" | BaselineName;
  readonly label: string;
  /** `x,y` of each step, with spaces between. */
  readonly points: string;
}

/** The drawing of one meter. */
export interface TrustPlot {
  /** The baselines first, so that the map's own line lies over them. */
  readonly lines: readonly PlotLine[];
  /** Of the share of pixels. */
  readonly across: readonly Tick[];
  /** Of the probability. */
  readonly up: readonly Tick[];
}

/** One row of the numbers behind a drawing: the share of pixels, and each line's probability. */
export interface PlotRow {
  readonly share: number;
  readonly map: number;
  readonly random: number;
  readonly centre: number;
}

/** Lays out a meter's curves. */
export function plotOf(trust: Trust, curve: CurveName): TrustPlot {
  const curves = [
    ...BASELINES.map((name) => ({ name, label: BASELINE_NAMES[name], ...trust.baselines[name][curve] })),
    { name: "map" as const, label: "this map", ...trust[curve] },
  ];
  const top = niceTop(Math.max(...curves.flatMap(({ probabilities }) => probabilities)));
  return {
    lines: curves.map(({ name, label, probabilities }) => ({
      name,
      label,
      points: points(probabilities, top),
    })),
    across: [0, 0.25, 0.5, 0.75, 1].map((share) => ({ at: round(acrossAt(share)), text: tickText(share) })),
    up: [0, top / 2, top].map((value) => ({ at: round(upAt(value / top)), text: tickText(value) })),
  };
}

/** The numbers at the steps of the baselines. */
export function rowsOf(trust: Trust, curve: CurveName): PlotRow[] {
  const { random, centre } = trust.baselines;
  const steps = random[curve].probabilities.length - 1;
  return random[curve].probabilities.map((value, step) => ({
    share: step / steps,
    map: at(trust[curve], step / steps),
    random: value,
    centre: at(centre[curve], step / steps),
  }));
}

/** The areas, the map's by as many steps as a baseline has. */
export function areasOf(trust: Trust, curve: CurveName): Omit<PlotRow, "share"> {
  const { random, centre } = trust.baselines;
  return {
    map: areaLike(trust[curve], random[curve]),
    random: random[curve].auc,
    centre: centre[curve].auc,
  };
}

function at({ probabilities }: TrustCurve, share: number): number {
  return probabilities[Math.round(share * (probabilities.length - 1))] ?? NaN;
}

function points(probabilities: readonly number[], top: number): string {
  const last = Math.max(1, probabilities.length - 1);
  return probabilities
    .map((value, step) => `${round(acrossAt(step / last))},${round(upAt(value / top))}`)
    .join(" ");
}

function acrossAt(share: number): number {
  return PLOT.left + share * (PLOT.right - PLOT.left);
}

function upAt(share: number): number {
  return PLOT.bottom - share * (PLOT.bottom - PLOT.top);
}

function round(value: number): number {
  return Math.round(10 * value) / 10;
}

/** The smallest of 1, 2 and 5 times a power of ten that a probability does not exceed; 1 at most. */
function niceTop(largest: number): number {
  if (!(largest > 1e-6)) return 1e-6;
  const power = 10 ** Math.floor(Math.log10(largest));
  const nice = [1, 2, 5, 10].map((times) => times * power).find((value) => value >= largest * (1 - 1e-9));
  return Math.min(1, nice ?? 1);
}

/** A share as a percentage with the digits that it has. */
function tickText(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}
