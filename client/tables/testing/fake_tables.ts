/** A server of tables in memory, for tests of the page's models. */
import type { HeadKind, HeadModel } from "../../../shared/head_model.ts";
import type { ExplainedRow, HeadResult, PreparedTable, TableInfo } from "../../../shared/table_wire.ts";
import { SMALL_CLASSES, SMALL_FEATURES, SMALL_TREE } from "../../plots/testing/small_tree.ts";
import type { FitNews, RowQuestion, TablesApi } from "../api.ts";

/** A table of two columns of numbers and a diagnosis. */
export const TABLE: TableInfo = {
  ...{ id: "t1", name: "cancer.csv", rows: 569, suggested: "diagnosis", warnings: [], source: null },
  columns: [...SMALL_FEATURES, "diagnosis", "id"].map((name) => ({
    ...{ name, missing: 0, distinct: 9, range: null, values: [], target: name === "diagnosis" },
    kind: name === "diagnosis" ? "category" as const : "number" as const,
    leftOut: name === "id" ? "another value in every row" : null,
  })),
};

/** What was made of it. */
export const PREPARED: PreparedTable = {
  ...{ target: "diagnosis", classes: SMALL_CLASSES, counts: [212, 357], features: SMALL_FEATURES },
  ...{ rows: 569, dropped: 0, unnamed: 0, filled: 0, warnings: [], chance: 0.627 },
};

/** A result of a head; the model in it is a tree, by whatever name. */
export function resultFor(kind: HeadKind, accuracy: number): HeadResult {
  const base = {
    classes: SMALL_CLASSES,
    width: 2,
    features: SMALL_FEATURES,
    seed: 0,
    importances: [0.9, 0.1],
  };
  const head: HeadModel = kind === "forest"
    ? { ...base, kind, trees: [SMALL_TREE], deviations: [0, 0] }
    : kind === "tree"
    ? { ...base, kind, tree: SMALL_TREE }
    : { ...base, kind: "linear", mean: [0, 0], deviation: [1, 1], weights: [[1, 0], [0, 1]], bias: [0, 0] };
  const validation = { accuracy, deviation: 0.014, folds: [accuracy], confusion: [[200, 12], [7, 350]] };
  return { head, validation, fitted: 1, bars: null, words: "7 boxes.", ms: 12 };
}

/** An explanation of a row by the tree. */
export function explained(row: number): ExplainedRow {
  const path = { steps: [], leaf: 6, counts: [180, 0] };
  return {
    ...{ row, actual: 0, predicted: 0, probability: 1, validated: 0, values: [900, 0.25] },
    explanation: { kind: "path", probabilities: [1, 0], path },
  };
}

/** What a fake server was asked. */
export interface FakeTables extends TablesApi {
  readonly fits: unknown[];
  readonly questions: (RowQuestion & { readonly head: HeadKind })[];
}

/** A server that holds `TABLE` and sends `news` while it fits; the last of them may be an error, which is thrown. */
export function fakeTables(news: readonly (FitNews | Error)[] = FITTED): FakeTables {
  const fits: unknown[] = [];
  const questions: FakeTables["questions"] = [];
  return {
    ...{ fits, questions },
    samples: () => Promise.resolve([]),
    openSample: () => Promise.resolve(TABLE),
    open: () => Promise.resolve(TABLE),
    rows: (_table, from) => Promise.resolve({ from, total: 569, rows: [["1", "2", "malignant"]] }),
    async *fit(_table, wanted) {
      fits.push(wanted);
      for (const one of news) {
        if (one instanceof Error) throw one;
        yield await Promise.resolve(one);
      }
    },
    async *importance() {
      yield await Promise.resolve({ progress: 0.5 });
      yield { bars: { title: "By shuffling", signed: false, series: [] } };
    },
    explain(_table, head, question) {
      questions.push({ head, ...question });
      return Promise.resolve(explained("row" in question ? question.row : 0));
    },
  };
}

/** A run of two heads. */
export const FITTED: readonly FitNews[] = [
  { prepared: PREPARED },
  { result: resultFor("linear", 0.979) },
  { result: resultFor("tree", 0.926) },
  { done: true },
];
