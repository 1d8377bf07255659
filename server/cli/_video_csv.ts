/** A row of CSV for each explained frame of a video. Pure. */
import { csvField } from "../../shared/csv_field.ts";
import { strongestRegion } from "../../shared/region.ts";
import type { Explanation } from "../explain/mod.ts";

/** Classes that each row names. */
const CLASSES = 3;

/** What a row is made of. */
export interface CsvFrame {
  readonly index: number;
  readonly seconds: number;
  readonly explanation: Explanation;
}

/** The first line. */
export function csvHead(): string {
  const classes = Array.from(
    { length: CLASSES },
    (_, at) => `label_${at + 1},class_${at + 1},probability_${at + 1}`,
  );
  return `frame,seconds,${classes.join(",")},unsure,method,explained,explained_class,explained_probability,` +
    "box_left,box_top,box_right,box_bottom\n";
}

/** A frame's line; the box is the map's strongest region as shares of the input's sides, empty where there is none. */
export function csvRow({ index, seconds, explanation: { predictions, unsure, maps } }: CsvFrame): string {
  const [only] = maps;
  const classes = Array.from({ length: CLASSES }, (_, at) => {
    const one = predictions[at];
    return one === undefined ? ["", "", ""] : [one.label, one.index, rounded(one.probability)];
  });
  const region = only === undefined || only.subject === "network" ? null : strongestRegion(only.map);
  const box = region === null ? [] : [region.box.left, region.box.top, region.box.right, region.box.bottom];
  const fields: (string | number)[] = [
    index,
    seconds.toFixed(6),
    ...classes.flat(),
    unsure ? 1 : 0,
    ...(only === undefined ? ["", "", "", ""] : [
      only.method.id,
      only.target.label,
      only.target.index,
      rounded(only.target.probability),
    ]),
    ...Array.from({ length: 4 }, (_, at) => box[at] === undefined ? "" : rounded(box[at])),
  ];
  return `${fields.map(csvField).join(",")}\n`;
}

function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
