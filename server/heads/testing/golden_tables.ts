/** The sample tables, and what scikit-learn makes of them (`tests/reference/heads.py`). */
import type { FeatureRows, LabelledRows } from "../rows.ts";

const FOLDER = new URL("../../../tests/reference/goldens/heads/", import.meta.url);
const SAMPLES = new URL("../../tables/samples/", import.meta.url);

/** Names of the tables, with their classes in scikit-learn's order. */
export const GOLDEN_TABLES = [
  { name: "breast-cancer", classes: ["malignant", "benign"] },
  { name: "iris", classes: ["setosa", "versicolor", "virginica"] },
  { name: "wine", classes: ["cultivar 1", "cultivar 2", "cultivar 3"] },
] as const;
export type GoldenName = typeof GOLDEN_TABLES[number]["name"];

interface LinearGolden {
  readonly weights: number[][];
  readonly bias: number[];
  readonly probabilities: number[][];
}

/** A table's golden. */
export interface Golden {
  readonly linear: LinearGolden;
  readonly pcaLinear: LinearGolden & {
    readonly explained: number[];
    readonly components: number[][];
    readonly composed: number[][];
  };
  /** By seed. */
  readonly trees: {
    readonly feature: number[];
    readonly threshold: number[];
    readonly left: number[];
    readonly right: number[];
    readonly counts: number[][];
    readonly impurity: number[];
    readonly importances: number[];
  }[];
  readonly forest: {
    readonly seeds: { accuracy: number; outOfBag: number; nodes: number; first: number[][] }[];
    readonly importances: number[];
    readonly deviations: number[];
  };
  readonly nearest: { distances: number[][]; rows: number[][]; probabilities: number[][] };
  readonly folds: { fold: number[]; linear: number[]; tree: number[]; forest: number[] };
  readonly permutation: number[][];
}

/** Reads a golden. */
export function readGolden(name: GoldenName): Golden {
  return JSON.parse(Deno.readTextFileSync(new URL(`${name}.json`, FOLDER)));
}

/** Reads a sample table; its last column is the class. */
export function readSample(name: GoldenName): LabelledRows {
  const classes: readonly string[] = GOLDEN_TABLES.find((table) => table.name === name)?.classes ?? [];
  const [header = [], ...lines] = Deno.readTextFileSync(new URL(`${name}.csv`, SAMPLES)).trim()
    .split("\n").map((line) => line.split(","));
  const width = header.length - 1;
  return {
    rows: { values: Float64Array.from(lines.flatMap((cells) => cells.slice(0, width).map(Number))), width },
    labels: Int32Array.from(lines, (cells) => classes.indexOf(cells[width] ?? "")),
    classes,
    features: header.slice(0, width),
  };
}

/** Places of the rows that a golden holds out, every fourth, and of the others. */
export function heldOut({ labels }: LabelledRows): { readonly held: Int32Array; readonly rest: Int32Array } {
  const places = Int32Array.from(labels.keys());
  return { held: places.filter((row) => row % 4 === 0), rest: places.filter((row) => row % 4 !== 0) };
}

/** Rows drawn by a fixed rule, and labels that depend on a few of them: for tests that need no real table. */
export function drawnTable(count: number, width: number, classes = 2): LabelledRows {
  let state = 7;
  const draw = () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
  const rows: FeatureRows = { values: Float64Array.from({ length: count * width }, draw), width };
  const labels = Int32Array.from({ length: count }, (_, row) => {
    const sum = (rows.values[row * width] ?? 0) + (rows.values[row * width + 1] ?? 0) / 2;
    return Math.min(classes - 1, Math.floor((sum / 1.5) * classes));
  });
  return { rows, labels, classes: Array.from({ length: classes }, (_, k) => `class ${k}`) };
}
