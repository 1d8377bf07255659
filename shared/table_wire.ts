/** What goes over HTTP when a table is explained: `/api/tables` (PROTOCOL.md, Q). */
import * as v from "valibot";
import { ERROR_CODES } from "./errors.ts";
import { HeadExplanationSchema } from "./head_explanation.ts";
import { HEAD_KINDS, type HeadKind, HeadModelSchema, MAX_HEAD_CLASSES } from "./head_model.ts";

/** Largest table, in bytes (Q1). */
export const MAX_TABLE_BYTES = 20_000_000;

/** Rows of a table at most, its header left out (Q1). */
export const MAX_TABLE_ROWS = 50_000;

/** Cells of a table at most, and numbers once its features are made (Q1). */
export const MAX_TABLE_CELLS = 4_000_000;

/** Columns of a table at most, and features once text columns are one-hot (Q1). */
export const MAX_TABLE_COLUMNS = 300;

/** Different values of a text column that becomes one-hot at most (Q3). */
export const MAX_ONE_HOT = 50;

/** Longest cell, in characters (Q1). */
export const MAX_CELL_CHARS = 10_000;

/** Tables that the server keeps in memory, and how long one is kept unused, in ms (Q2). */
export const MAX_TABLES = 8;
export const TABLE_IDLE_MS = 10 * 60_000;

/** Tables that are fitted at the same time (Q2). */
export const MAX_TABLE_FITS = 2;

/** Rows that one answer holds at most (Q5). */
export const MAX_TABLE_PAGE = 200;

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Name = v.string();
const Numbers = v.pipe(v.array(v.number()), v.readonly());

/** What is done with rows in which a value is missing. */
export const MISSING_WAYS = ["refuse", "median", "drop"] as const;
export type MissingWay = typeof MISSING_WAYS[number];

/** What a column holds: numbers, a few words that repeat, words that do not, or nothing. */
export const COLUMN_KINDS = ["number", "category", "text", "empty"] as const;
export type ColumnKind = typeof COLUMN_KINDS[number];

/** Something to know of a table before it is trusted. */
export const TableWarningSchema = v.object({
  kind: v.picklist([
    /** The same value in every row: left out. */
    "constant",
    /** No value in any row: left out. */
    "empty",
    /** Another value in (nearly) every row, as numbers of rows have: left out. */
    "identifier",
    /** Words with more different values than one-hot takes: left out. */
    "too-many-values",
    /** The column names the target by itself. */
    "equals-target",
    /** Some values are missing. */
    "missing",
    /** Words among numbers, counted as missing. */
    "mixed",
    /** Two columns of the same name: the later one was renamed. */
    "renamed",
    /** A class has so few rows that it cannot be in every fold. */
    "rare-class",
    /** No model does better under cross-validation than always naming the most frequent class. */
    "no-better-than-chance",
  ]),
  /** The column that is meant; null: the whole table. */
  column: v.nullable(v.string()),
  /** A sentence for people. */
  words: v.string(),
});
export type TableWarning = v.InferOutput<typeof TableWarningSchema>;

export const TableColumnSchema = v.object({
  name: Name,
  kind: v.picklist(COLUMN_KINDS),
  missing: Count,
  /** Different values; counted up to a bound, so "at least" from 1,000 on. */
  distinct: Count,
  /** Of numbers: smallest, mean and largest; null for the others. */
  range: v.nullable(v.object({ low: v.number(), mean: v.number(), high: v.number() })),
  /** The most frequent values with their rows, at most ten. */
  values: v.pipe(v.array(v.object({ value: v.string(), rows: Count })), v.readonly()),
  /** Whether it can be the target: 2 to 100 different values. */
  target: v.boolean(),
  /** Why it is no feature unless it is asked for; null: it is one. */
  leftOut: v.nullable(v.string()),
});
export type TableColumn = v.InferOutput<typeof TableColumnSchema>;

/** A table that the server holds: the answer to `POST /api/tables` and `POST /api/tables/samples/NAME`. */
export const TableInfoSchema = v.object({
  id: v.string(),
  name: v.string(),
  rows: Count,
  columns: v.pipe(v.array(TableColumnSchema), v.readonly()),
  /** The column that looks most like a target, or null. */
  suggested: v.nullable(v.string()),
  warnings: v.pipe(v.array(TableWarningSchema), v.readonly()),
  /** Origin and licence of a sample; null for the others. */
  source: v.nullable(v.string()),
});
export type TableInfo = v.InferOutput<typeof TableInfoSchema>;

/** The answer to `GET /api/tables/samples`. */
export const TableSamplesSchema = v.object({
  samples: v.pipe(
    v.array(v.object({
      id: v.string(),
      name: v.string(),
      rows: Count,
      columns: Count,
      target: v.string(),
      /** A sentence: what is told apart by what. */
      words: v.string(),
      source: v.string(),
      licence: v.string(),
    })),
    v.readonly(),
  ),
});
export type TableSample = v.InferOutput<typeof TableSamplesSchema>["samples"][number];

/** The answer to `GET /api/tables/ID/rows?from=0&count=50`: cells as they were read. */
export const TableRowsSchema = v.object({
  from: Count,
  total: Count,
  rows: v.pipe(v.array(v.pipe(v.array(v.string()), v.readonly())), v.readonly()),
});
export type TableRows = v.InferOutput<typeof TableRowsSchema>;

/** The body of `POST /api/tables/ID/fit`. */
export const FitTableSchema = v.strictObject({
  target: v.pipe(v.string(), v.maxLength(200)),
  heads: v.pipe(v.array(v.picklist(HEAD_KINDS)), v.minLength(1), v.maxLength(HEAD_KINDS.length)),
  missing: v.optional(v.picklist(MISSING_WAYS), "refuse"),
  /** Columns that are no features; the ones that are left out by themselves stay out unless `keep` names them. */
  leaveOut: v.optional(v.pipe(v.array(v.string()), v.maxLength(MAX_TABLE_COLUMNS)), []),
  keep: v.optional(v.pipe(v.array(v.string()), v.maxLength(MAX_TABLE_COLUMNS)), []),
  seed: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(2 ** 31 - 1)), 0),
  folds: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(2), v.maxValue(10)), 5),
});
export type FitTable = v.InferOutput<typeof FitTableSchema>;

/** What was made of the table for one target. */
export const PreparedTableSchema = v.object({
  target: v.string(),
  classes: v.pipe(v.array(v.string()), v.maxLength(MAX_HEAD_CLASSES), v.readonly()),
  /** Rows of each class. */
  counts: Numbers,
  /** Names of the features: a column, or `column = value` of a one-hot one. */
  features: v.pipe(v.array(v.string()), v.readonly()),
  /** Rows that are used, dropped for a missing value, and dropped as their target is missing. */
  rows: Count,
  dropped: Count,
  unnamed: Count,
  /** Values that were filled with the column's median, or its most frequent word. */
  filled: Count,
  warnings: v.pipe(v.array(TableWarningSchema), v.readonly()),
  /** Accuracy of always naming the most frequent class, 0…1. */
  chance: v.number(),
});
export type PreparedTable = v.InferOutput<typeof PreparedTableSchema>;

const BarSchema = v.object({
  /** Place of the feature in `PreparedTable.features`. */
  feature: Count,
  name: v.string(),
  value: v.number(),
  /** Standard deviation over trees or repetitions; null: there is none. */
  deviation: v.nullable(v.number()),
});
export type BarOfFeature = v.InferOutput<typeof BarSchema>;

/** Bars of features, sorted by falling size: weights have signs, importances have none. */
export const BarsSchema = v.object({
  /** What one bar is, for a heading: "Weight of the standardised value", "Mean decrease in impurity". */
  title: v.string(),
  signed: v.boolean(),
  /** One list, or one for each class. Of two classes there is one: above 0 speaks for the second class, below for the first. */
  series: v.pipe(
    v.array(v.object({ name: v.string(), bars: v.pipe(v.array(BarSchema), v.readonly()) })),
    v.readonly(),
  ),
});
export type Bars = v.InferOutput<typeof BarsSchema>;

/** How well a head does on rows that it was not fitted to. */
export const CrossValidationSchema = v.object({
  /** Mean and standard deviation over the folds, 0…1. */
  accuracy: v.number(),
  deviation: v.number(),
  /** Accuracy of each fold. */
  folds: Numbers,
  /** [actual class][predicted class] rows, over all folds. */
  confusion: v.pipe(v.array(Numbers), v.readonly()),
});
export type CrossValidation = v.InferOutput<typeof CrossValidationSchema>;

/** A fitted head with everything that is shown of it. */
export const HeadResultSchema = v.object({
  /** Of nearest neighbours without the rows, of a forest with its first five trees: the others stay on the server. */
  head: HeadModelSchema,
  validation: CrossValidationSchema,
  /** Accuracy on the rows that it was fitted to, 0…1. */
  fitted: v.number(),
  /** Weights or importances; null for nearest neighbours. */
  bars: v.nullable(BarsSchema),
  /** A sentence on what was fitted: "30 → 17 dimensions, 99.11 % of the variance kept." */
  words: v.string(),
  /** How long fitting took, cross-validation left out, in ms. */
  ms: v.number(),
});
export type HeadResult = v.InferOutput<typeof HeadResultSchema>;

/** Everything that was made of a table: what the command line prints and `GET /api/tables/ID/report?format=json` sends. */
export interface TableDocument {
  readonly gradcast: "table";
  readonly table: Omit<TableInfo, "id">;
  readonly prepared: PreparedTable;
  readonly results: readonly HeadResult[];
  /** Permutation importance, where it was asked for. */
  readonly importance: readonly { readonly head: HeadKind; readonly bars: Bars }[];
  /** Rows that were explained. */
  readonly explained: readonly { readonly head: HeadKind; readonly row: ExplainedRow }[];
  readonly warnings: readonly TableWarning[];
}

const RefusalSchema = v.object({ code: v.picklist(ERROR_CODES), message: v.string(), words: v.string() });

/**
 * One line of the answer to `POST /api/tables/ID/fit`: first `prepared`, then progress and results head by head, `done` at the
 * end; or a refusal, which ends it.
 */
export const FitLineSchema = v.union([
  v.object({ prepared: PreparedTableSchema }),
  v.object({
    progress: v.object({
      head: v.picklist(HEAD_KINDS),
      step: v.picklist(["fit", "validate"]),
      /** 0…1 of the step. */
      done: v.number(),
    }),
  }),
  v.object({ result: HeadResultSchema }),
  v.object({
    done: v.literal(true),
    /** What only the results show: that no head does better than chance. */
    warnings: v.optional(v.pipe(v.array(TableWarningSchema), v.readonly())),
  }),
  RefusalSchema,
]);
export type FitLine = v.InferOutput<typeof FitLineSchema>;

/** The body of `POST /api/tables/ID/importance`: permutation importance of a fitted head. */
export const ImportanceRequestSchema = v.strictObject({ head: v.picklist(HEAD_KINDS) });

/** One line of its answer. */
export const ImportanceLineSchema = v.union([
  v.object({ progress: v.number() }),
  v.object({ bars: BarsSchema }),
  RefusalSchema,
]);
export type ImportanceLine = v.InferOutput<typeof ImportanceLineSchema>;

/**
 * The body of `POST /api/tables/ID/explain`: by a fitted head, a row of the table, counted from 0, or numbers that no row has, in the
 * order of the features.
 */
export const ExplainRowSchema = v.union([
  v.strictObject({ head: v.picklist(HEAD_KINDS), row: Count }),
  v.strictObject({
    head: v.picklist(HEAD_KINDS),
    values: v.pipe(v.array(v.pipe(v.number(), v.finite())), v.maxLength(MAX_TABLE_COLUMNS)),
  }),
]);

/** Its answer. */
export const ExplainedRowSchema = v.object({
  /** Null where the values were given. */
  row: v.nullable(Count),
  /** The row's class in the table; null where it is missing, or the values were given. */
  actual: v.nullable(Count),
  /** The class that the head names, and how probable it is. */
  predicted: Count,
  probability: v.number(),
  /** Class that it was given while it was not fitted to; null where it was in no fold. */
  validated: v.nullable(Count),
  /** The row's numbers, in the order of the features. */
  values: Numbers,
  explanation: HeadExplanationSchema,
});
export type ExplainedRow = v.InferOutput<typeof ExplainedRowSchema>;
