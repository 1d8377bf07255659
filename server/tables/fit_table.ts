/** Fits heads to a prepared table, one after the other, and explains its rows by them. */
import type { HeadExplanation } from "../../shared/head_explanation.ts";
import type { HeadKind, HeadModel } from "../../shared/head_model.ts";
import {
  type Bars,
  type ExplainedRow,
  type FitLine,
  type FitTable,
  type HeadResult,
  type TableWarning,
} from "../../shared/table_wire.ts";
import {
  explainer,
  type HeadWorker,
  type JobOptions,
  labelledAt,
  type LabelledRows,
  MersenneTwister,
  mostProbable,
  plain,
  type RunnableHead,
  sharedRows,
  type Validation,
} from "../heads/mod.ts";
import { barsOf, permutationBars } from "./_bars.ts";
import { headWords } from "./_head_words.ts";
import type { Prepared } from "./prepare.ts";
import { refused } from "./refused.ts";

/**
 * Rows that a head is fitted to at most: nearest neighbours are looked for among all of theirs, and a forest's nodes, about
 * 45 a row where classes overlap, pass the event loop, which every viewer waits for.
 */
const MOST_ROWS: Partial<Record<HeadKind, number>> = { nearest: 5_000, forest: 10_000 };

/** Trees of a forest. */
const TREES = 100;

/** A fitted head with what it was fitted to. */
export interface FittedHead {
  readonly result: HeadResult;
  readonly explain: (row: ArrayLike<number>) => HeadExplanation;
  readonly validation: Validation;
  /** Places of `Prepared.from` that it was fitted to and validated on; null: all. */
  readonly sample: Int32Array | null;
}

/** What a table was fitted with. */
export interface FittedTable {
  readonly prepared: Prepared;
  readonly request: FitTable;
  readonly heads: ReadonlyMap<HeadKind, FittedHead>;
  readonly warnings: readonly TableWarning[];
}

/** What fitting works with. */
export interface FitParts {
  readonly worker: HeadWorker;
  readonly onLine: (line: FitLine) => void;
  /** Takes what is fitted so far, one head more each time, before that head's line. */
  readonly onFitted?: (fitted: FittedTable) => void;
  readonly now: () => number;
  readonly signal?: AbortSignal;
}

/**
 * Fits the heads that are asked for, in that order; each line is reported as soon as it is known, `done` left out.
 *
 * @throws GradcastError `head-refused` or `server-fault`, or the signal's reason
 */
export async function fitTable(prepared: Prepared, request: FitTable, parts: FitParts): Promise<FittedTable> {
  const { onLine, onFitted, signal } = parts;
  onLine({ prepared: prepared.described });
  const from = { ...prepared.from, rows: sharedRows(prepared.from.rows) };
  let table: FittedTable = { prepared, request, heads: new Map(), warnings: [] };
  for (const kind of new Set(request.heads)) {
    const fitted = await fitOne(kind, from, request, parts);
    signal?.throwIfAborted();
    const heads = new Map([...table.heads, [kind, fitted]]);
    table = { ...table, heads, warnings: warningsOf(heads, prepared) };
    onFitted?.(table);
    onLine({ result: fitted.result });
  }
  return table;
}

function warningsOf(heads: FittedTable["heads"], { described: { chance } }: Prepared): TableWarning[] {
  const best = Math.max(...[...heads.values()].map(({ validation }) => validation.accuracy));
  return best > chance ? [] : [{
    kind: "no-better-than-chance",
    column: null,
    words: "No model does better on rows that it has not seen than always naming the most frequent class: " +
      "what follows explains chance.",
  }];
}

async function fitOne(
  kind: HeadKind,
  all: LabelledRows,
  request: FitTable,
  { worker, onLine, now, signal }: FitParts,
): Promise<FittedHead> {
  const sample = sampleOf(all.labels.length, MOST_ROWS[kind] ?? Infinity, request.seed);
  const from = withNames(kind, sample === null ? all : labelledAt(all, sample));
  const options = optionsOf(request);
  const steps = (step: "fit" | "validate") => ({
    signal,
    onProgress: (done: number) => onLine({ progress: { head: kind, step, done } }),
  });
  const beganMs = now();
  const head = await worker.fit(kind, from, options, steps("fit"));
  const ms = now() - beganMs;
  const fitted = await worker.score(head, some(from), { signal });
  const validation = await worker.crossValidate(kind, from, options, steps("validate"));
  const { accuracy, deviation, folds, confusion } = validation;
  const result: HeadResult = {
    head: shown(head),
    validation: { accuracy, deviation, folds, confusion },
    fitted,
    bars: barsOf(head),
    words: headWords(head, from.labels.length, all.labels.length),
    ms,
  };
  return { explain: explainer(head), result, validation, sample };
}

/** Only neighbours are called by the names of their rows: the worker is sent those of no other head. */
function withNames(kind: HeadKind, from: LabelledRows): LabelledRows {
  if (kind === "nearest") return from;
  const { ids: _, ...rest } = from;
  return rest;
}

function optionsOf({ seed, folds }: FitTable): JobOptions {
  return { seed, folds, trees: TREES, standardise: true };
}

/** Places of `most` rows in their order; null: of all. */
function sampleOf(count: number, most: number, seed: number): Int32Array | null {
  if (count <= most) return null;
  const places = Int32Array.from({ length: count }, (_, place) => place);
  new MersenneTwister(seed).shuffle(places);
  return places.slice(0, most).sort();
}

/** Rows that the accuracy on fitted rows is measured on at most: it only shows what was learned by heart. */
const SCORED_ROWS = 2_000;

function some(from: LabelledRows): LabelledRows {
  const stride = Math.ceil(from.labels.length / SCORED_ROWS);
  const places = Int32Array.from(from.labels.keys());
  return stride === 1 ? from : labelledAt(from, places.filter((place) => place % stride === 0));
}

/** Trees of a forest that are shown; all of them vote. */
const SHOWN_TREES = 5;

/** What leaves the server of a head: neighbours without their rows, a forest with a few of its trees. */
function shown(head: RunnableHead): HeadModel {
  return head.kind === "nearest" ? { ...head, rows: "" } : plain(head, SHOWN_TREES);
}

/** The head of a kind. */
function fittedHead({ heads }: FittedTable, kind: HeadKind): FittedHead {
  const fitted = heads.get(kind);
  if (fitted === undefined) {
    throw refused(`the head '${kind}' was not fitted; there is ${[...heads.keys()].join(", ")}`);
  }
  return fitted;
}

/**
 * Explains a row of the table.
 *
 * @throws GradcastError `table-refused` where the head was not fitted or there is no such row
 */
export function explainTableRow(table: FittedTable, kind: HeadKind, row: number): ExplainedRow {
  const { explain, validation, sample } = fittedHead(table, kind);
  const { places, valuesOf, labelOf } = table.prepared;
  if (row >= places.length) throw refused(`expected a row from 0 to ${places.length - 1}, got ${row}`);
  const place = places[row] ?? -1;
  const validated = sample === null ? place : sample.indexOf(place);
  const actual = labelOf(row);
  return {
    row,
    actual: actual < 0 ? null : actual,
    validated: validated < 0 ? null : validation.predicted[validated] ?? null,
    ...said(explain, valuesOf(row)),
  };
}

/**
 * Explains numbers that no row of the table has, in the order of the features.
 *
 * @throws GradcastError `table-refused` where the head was not fitted, or they are not as many as the features
 */
export function explainValues(table: FittedTable, kind: HeadKind, values: readonly number[]): ExplainedRow {
  const { explain } = fittedHead(table, kind);
  const { width } = table.prepared.from.rows;
  if (values.length !== width) {
    throw refused(`expected ${width} values, one for each feature, got ${values.length}`);
  }
  return { row: null, actual: null, validated: null, ...said(explain, Float64Array.from(values)) };
}

/** What a head says of numbers, and why. */
function said(explain: (values: Float64Array) => HeadExplanation, values: Float64Array) {
  const explanation = explain(values);
  const predicted = mostProbable(explanation.probabilities);
  const probability = explanation.probabilities[predicted] ?? 0;
  return { predicted, probability, values: [...values], explanation };
}

/**
 * Permutation importance of a head that was fitted.
 *
 * @throws GradcastError `table-refused` where it was not, or as the worker does
 */
export async function importanceOf(
  table: FittedTable,
  kind: HeadKind,
  { worker, onProgress, signal }: Pick<FitParts, "worker" | "signal"> & {
    readonly onProgress?: (done: number) => void;
  },
): Promise<Bars> {
  const { sample } = fittedHead(table, kind);
  const { from } = table.prepared;
  const rows = sample === null ? from : labelledAt(from, sample);
  const found = await worker.importance(kind, rows, optionsOf(table.request), { onProgress, signal });
  return permutationBars(from.features ?? [], found);
}
