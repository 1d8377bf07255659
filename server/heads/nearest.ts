/** The head of nearest neighbours: rows at length 1, compared by cosine. */
import { GradcastError } from "../../shared/errors.ts";
import { MAX_NEAREST_ROWS, type NearestHead } from "../../shared/head_model.ts";
import { base64ToFloats, floatsToBase64 } from "./_base64_floats.ts";
import type { FitOptions } from "./options.ts";
import { countRows, type LabelledRows, scaleOf, standardised } from "./rows.ts";

/**
 * Keeps the rows.
 *
 * @throws GradcastError `head-refused` where there are more than {@link MAX_NEAREST_ROWS}
 */
export function fitNearest(from: LabelledRows, { seed, k, standardise }: FitOptions): NearestHead {
  const { rows, labels, classes, features = [], ids } = from;
  const count = countRows(rows);
  if (count > MAX_NEAREST_ROWS) {
    throw new GradcastError(
      "head-refused",
      `Cannot fit nearest neighbours: expected at most ${MAX_NEAREST_ROWS} rows, got ${count}`,
    );
  }
  const scale = standardise ? scaleOf(rows) : null;
  const values = Float32Array.from(scale === null ? rows.values : standardised(rows, scale));
  for (let row = 0; row < count; row++) normalise(values.subarray(row * rows.width, (row + 1) * rows.width));
  return {
    kind: "nearest",
    classes,
    width: rows.width,
    features,
    seed,
    k: Math.min(k, count),
    scale,
    rows: floatsToBase64(values),
    labels: [...labels],
    ...(ids === undefined ? {} : { ids }),
  };
}

/** A row that is near. */
export interface Neighbour {
  readonly row: number;
  /** Cosine distance, 0…2. */
  readonly distance: number;
}

/** Makes the search ready: nearest rows first, `k` of them; of equally near ones the earlier. */
export function neighbourSearch(head: NearestHead): (row: ArrayLike<number>) => readonly Neighbour[] {
  const { width, k, scale, labels } = head;
  const stored = base64ToFloats(head.rows);
  return (row) => {
    const own = Float32Array.from({ length: width }, (_, i) => {
      const value = row[i] ?? 0;
      return scale === null ? value : (value - (scale.mean[i] ?? 0)) / (scale.deviation[i] ?? 1);
    });
    normalise(own);
    const best: Neighbour[] = [];
    for (let at = 0, from = 0; at < labels.length; at++, from += width) {
      let cosine = 0;
      for (let i = 0; i < width; i++) cosine += (own[i] ?? 0) * (stored[from + i] ?? 0);
      const distance = Math.max(0, 1 - cosine);
      if (best.length === k && distance >= (best.at(-1)?.distance ?? 0)) continue;
      const place = best.findLastIndex((other) => other.distance <= distance) + 1;
      best.splice(place, 0, { row: at, distance });
      if (best.length > k) best.pop();
    }
    return best;
  };
}

/** Brings a row to length 1 in place; a row of zeros stays. */
function normalise(row: Float32Array): void {
  let sum = 0;
  for (let i = 0; i < row.length; i++) sum += (row[i] ?? 0) ** 2;
  if (sum === 0) return;
  const factor = 1 / Math.sqrt(sum);
  for (let i = 0; i < row.length; i++) row[i] = (row[i] ?? 0) * factor;
}
