/** Rows of features, what they are standardised by, and what every fit is given. */
import { GradcastError } from "../../shared/errors.ts";
import { MAX_HEAD_CLASSES, MAX_HEAD_FEATURES } from "../../shared/head_model.ts";

/** Rows of numbers behind each other. */
export interface FeatureRows {
  /** [rows][width], finite. */
  readonly values: Float32Array | Float64Array;
  /** Numbers in a row, at least one. */
  readonly width: number;
}

/** Rows with the class of each. */
export interface LabelledRows {
  readonly rows: FeatureRows;
  /** [rows]: places in `classes`. */
  readonly labels: Int32Array;
  /** Names of the classes, at least two. */
  readonly classes: readonly string[];
  /** Names of the features; default: none, they have numbers. */
  readonly features?: readonly string[];
  /** What the rows are called, for nearest neighbours; default: their numbers. */
  readonly ids?: readonly string[];
}

/** What a fit reports, and what ends it. */
export interface Steps {
  /** Share that is done, 0…1. */
  readonly onProgress?: ((done: number) => void) | undefined;
  /** Looked at between two steps. */
  readonly signal?: AbortSignal | undefined;
}

/** Between two steps: throws the signal's reason where it is aborted, or reports how far the work is. */
export function step({ onProgress, signal }: Steps, done: number): void {
  signal?.throwIfAborted();
  onProgress?.(done);
}

/** Number of rows. */
export function countRows({ values, width }: FeatureRows): number {
  return values.length / width;
}

/** One row, not copied. */
export function rowAt({ values, width }: FeatureRows, row: number): Float32Array | Float64Array {
  return values.subarray(row * width, (row + 1) * width);
}

/** The rows at the given places, in their order, copied in their own precision. */
export function rowsAt(rows: FeatureRows, places: ArrayLike<number>): FeatureRows {
  const values = floatsLike(rows.values, places.length * rows.width);
  for (let at = 0; at < places.length; at++) values.set(rowAt(rows, places[at] ?? 0), at * rows.width);
  return { values, width: rows.width };
}

/** The labelled rows at the given places. */
export function labelledAt(from: LabelledRows, places: ArrayLike<number>): LabelledRows {
  const { ids } = from;
  return {
    ...from,
    rows: rowsAt(from.rows, places),
    labels: Int32Array.from(places, (place) => from.labels[place] ?? 0),
    ...(ids === undefined ? {} : { ids: Array.from(places, (place) => ids[place] ?? `${place}`) }),
  };
}

/**
 * Checks that labels fit rows and classes.
 *
 * @throws GradcastError `head-refused` where they do not, where a value is not finite, or where fewer than two classes have rows
 */
export function checkLabelled({ rows, labels, classes, features = [], ids }: LabelledRows): void {
  const refuse = (reason: string) => new GradcastError("head-refused", `Cannot fit a head: ${reason}`);
  const { width } = rows;
  const count = countRows(rows);
  if (!Number.isSafeInteger(width) || width < 1 || width > MAX_HEAD_FEATURES) {
    throw refuse(`expected rows of 1 to ${MAX_HEAD_FEATURES} numbers, got ${width}`);
  }
  if (count !== labels.length) {
    throw refuse(`expected one label for each row, got ${labels.length} labels for ${count} rows`);
  }
  if (classes.length < 2 || classes.length > MAX_HEAD_CLASSES) {
    throw refuse(`expected 2 to ${MAX_HEAD_CLASSES} classes, got ${classes.length}`);
  }
  if (features.length !== 0 && features.length !== width) {
    throw refuse(`expected ${width} names of features, got ${features.length}`);
  }
  if (ids !== undefined && ids.length !== count) {
    throw refuse(`expected ${count} names of rows, got ${ids.length}`);
  }
  const strange = labels.find((label) => !(label >= 0 && label < classes.length));
  if (strange !== undefined) throw refuse(`expected labels below ${classes.length}, got ${strange}`);
  if (new Set(labels).size < 2) throw refuse("expected rows of at least two classes, got those of one");
  const odd = rows.values.findIndex((value) => !Number.isFinite(value));
  if (odd >= 0) {
    throw refuse(`expected finite numbers, got ${rows.values[odd]} in row ${Math.floor(odd / width)}`);
  }
}

/** Mean and standard deviation of each feature. */
export interface Scale {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** Standard deviations are over all rows (divided by their number); a constant feature gets 1. */
export function scaleOf(rows: FeatureRows): Scale {
  const { values, width } = rows;
  const count = countRows(rows);
  const mean = new Float64Array(width);
  const squares = new Float64Array(width);
  for (let at = 0, feature = 0; at < values.length; at++) {
    mean[feature] = (mean[feature] ?? 0) + (values[at] ?? 0) / count;
    if (++feature === width) feature = 0;
  }
  for (let at = 0, feature = 0; at < values.length; at++) {
    const off = (values[at] ?? 0) - (mean[feature] ?? 0);
    squares[feature] = (squares[feature] ?? 0) + off * off;
    if (++feature === width) feature = 0;
  }
  const deviation = Array.from(squares, (sum, feature) => {
    const spread = Math.sqrt(sum / count);
    // What rounding leaves of a constant is no spread.
    return spread > 1e-12 * Math.abs(mean[feature] ?? 0) ? spread : 1;
  });
  return { mean: [...mean], deviation: deviation.map((spread) => spread || 1) };
}

/**
 * The rows with mean 0 and standard deviation 1, copied. 32-bit rows stay so: of 4,000 pictures with 1,280 features every
 * 64-bit copy would be 41 MB.
 */
export function standardised(
  { values, width }: FeatureRows,
  { mean, deviation }: Scale,
): Float32Array | Float64Array {
  const centre = Float64Array.from(mean);
  const factor = Float64Array.from(deviation, (spread) => 1 / spread);
  const scaled = floatsLike(values, values.length);
  for (let at = 0, feature = 0; at < values.length; at++) {
    scaled[at] = ((values[at] ?? 0) - (centre[feature] ?? 0)) * (factor[feature] ?? 0);
    if (++feature === width) feature = 0;
  }
  return scaled;
}

/** Zeros of the same precision. */
export function floatsLike(values: Float32Array | Float64Array, length: number): Float32Array | Float64Array {
  return values instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
}
