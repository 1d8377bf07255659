/** What the page of tables says: sizes, columns, accuracies, heads in a sentence each. Pure. */
import type { HeadKind } from "../../shared/head_model.ts";
import { HEAD_NAMES } from "../../shared/head_model.ts";
import type { CrossValidation, PreparedTable, TableColumn, TableInfo } from "../../shared/table_wire.ts";
import { columnValue, count, share } from "../plots/numbers.ts";
import { fileSize } from "../ui/format.ts";
import { bestOf, type FitState, type HeadRun } from "./fit_state.ts";

/** What each head does, for a newcomer, and what it is bad at. */
export const HEAD_WORDS: ReadonlyMap<HeadKind, string> = new Map([
  [
    "linear",
    "Every column gets a weight; a row's weighted values are added up for each class. Easy to read, blind to what only " +
    "columns together show.",
  ],
  [
    "pca-linear",
    "Columns that go together are put together first; then every direction gets a weight, and the weights are brought back " +
    "to the columns.",
  ],
  [
    "tree",
    "Asks one question after another. Easy to follow for one row; a few other rows may give quite another tree.",
  ],
  [
    "forest",
    "Many trees, each on other rows and columns, vote. More accurate than one tree, but too many to read: what counts is " +
    "summed up by column.",
  ],
  [
    "nearest",
    "Looks for the rows that are most alike and takes their class. Nothing is summed up: its reasons are the rows themselves.",
  ],
]);

/** What is wrong with a file before it is sent; null: nothing. */
export function tooLargeWords(name: string, bytes: number, most: number): string | null {
  return bytes <= most
    ? null
    : `${name} has ${fileSize(bytes)}; a table has at most ${
      fileSize(most)
    }. Keep fewer rows or columns, then choose it again.`;
}

/** The table in one line. */
export function tableWords({ rows, columns }: TableInfo): string {
  return `${count(rows)} rows, ${count(columns.length)} columns`;
}

/** What a column holds, in a word or two. */
export function kindWords({ kind, distinct }: TableColumn): string {
  switch (kind) {
    case "number":
      return "numbers";
    case "category":
      return `${count(distinct)} words`;
    case "text":
      return "text";
    case "empty":
      return "nothing";
    default: {
      const _never: never = kind;
      return _never;
    }
  }
}

/** Values of a column that give an idea of it: its range, or its most frequent words. */
export function valuesWords({ range, values }: TableColumn): string {
  if (range !== null) return `${columnValue(range.low)} … ${columnValue(range.high)}`;
  return values.slice(0, 3).map(({ value }) => value).join(", ") + (values.length > 3 ? ", …" : "");
}

/** Accuracy under cross-validation: "97.9 % ± 1.1". */
export function accuracyWords({ accuracy, deviation }: CrossValidation): string {
  return `${share(accuracy)} ± ${(100 * deviation).toFixed(1)}`;
}

/** How far a head is, in words. */
export function runWords(run: HeadRun): string {
  switch (run.state) {
    case "waiting":
      return "waits";
    case "running":
      return `${run.step === "fit" ? "learns" : "is checked"}, ${Math.round(100 * run.done)} %`;
    case "done":
      return accuracyWords(run.result.validation);
    default: {
      const _never: never = run;
      return _never;
    }
  }
}

/** What rows were used, and what was done to them; empty where there is nothing to say. */
export function preparedWords({ rows, dropped, unnamed, filled }: PreparedTable): string {
  const parts = [
    dropped > 0 ? `${count(dropped)} left out for missing values` : "",
    unnamed > 0 ? `${count(unnamed)} left out as their target is missing` : "",
    filled > 0 ? `${count(filled)} missing values filled` : "",
  ].filter((part) => part !== "");
  return `${count(rows)} rows used${parts.length === 0 ? "" : `; ${parts.join(", ")}`}.`;
}

/** What screen readers hear of a run. */
export function runNews(state: FitState): string {
  const best = bestOf(state);
  switch (state.phase) {
    case "idle":
    case "failed":
      return "";
    case "running":
      return `Learning: ${
        state.heads.filter(({ run }) => run.state === "done").length
      } of ${state.heads.length} done`;
    case "cancelled":
      return "Cancelled.";
    case "done":
      return best === undefined
        ? ""
        : `Done. Best: ${HEAD_NAMES[best.head.kind]}, ${accuracyWords(best.validation)}`;
    default: {
      const _never: never = state.phase;
      return _never;
    }
  }
}
