/** The first line of a ranking in words: the class, or that the network is not sure. */
import { unsureWords } from "../../shared/unsure.ts";
import { percent } from "./format.ts";
import { shortLabel } from "../../shared/labels.ts";

/** A row as far as its words go. */
export interface Named {
  readonly label: string;
  readonly probability: number;
}

/** A ranking as far as its headline goes. */
export interface Headlined<Row extends Named> {
  readonly rows: readonly Row[];
  readonly unsure: boolean;
}

/** "espresso", "Not sure: perhaps barbell (8 %)", or null before the first result. */
export function headlineOf<Row extends Named>(
  { rows: [top], unsure }: Headlined<Row>,
  nameOf: (row: Row) => string = ({ label }) => shortLabel(label),
): string | null {
  if (top === undefined) return null;
  const name = nameOf(top);
  return unsure ? unsureWords(name, percent(top.probability)) : name;
}

/** The same with its number, for places that show both as one text: "espresso  94 %". */
export function headlineWithNumber<Row extends Named>(
  ranking: Headlined<Row>,
  between = "  ",
  nameOf: (row: Row) => string = ({ label }) => shortLabel(label),
): string | null {
  const [top] = ranking.rows;
  const words = headlineOf(ranking, nameOf);
  return top === undefined || ranking.unsure ? words : `${words}${between}${percent(top.probability)}`;
}
