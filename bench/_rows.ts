/** Pairs of measurements taken in turn, and the table that they become. */

/** One comparison: both sides do the same work and say what it cost, in ms. */
export interface Comparison {
  readonly name: string;
  /** Whom the row compares with, in words. */
  readonly other: string;
  /** The goal of the ratio, or null where the row is for information. */
  readonly goal: number | null;
  ours(): Promise<number>;
  others(): Promise<number>;
}

/** One row of the result; `ratio` is ours over the other's. */
export interface Row {
  readonly name: string;
  readonly oursMs: number;
  readonly otherMs: number;
  readonly other: string;
  readonly ratio: number;
}

/**
 * Measures a comparison in `rounds` pairs, ours and theirs in turn, so that both meet the same noise; the
 * ratio is the median of the pairs' ratios. A pair before them does not count, unless one is all that is asked
 * for: what takes half a minute need not warm up.
 */
export async function measure(comparison: Comparison, rounds: number): Promise<Row> {
  if (rounds > 1) {
    await comparison.ours();
    await comparison.others();
  }
  const pairs: { readonly ours: number; readonly other: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    // Whoever comes second finds warmer or colder cores: take turns.
    if (round % 2 === 0) {
      const ours = await comparison.ours();
      pairs.push({ ours, other: await comparison.others() });
    } else {
      const other = await comparison.others();
      pairs.push({ ours: await comparison.ours(), other });
    }
  }
  return {
    name: comparison.name,
    oursMs: median(pairs.map(({ ours }) => ours)),
    otherMs: median(pairs.map(({ other }) => other)),
    other: comparison.other,
    ratio: median(pairs.map(({ ours, other }) => ours / other)),
  };
}

/** The middle of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? sorted[middle] ?? NaN
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/** The rows as a table for people. */
export function table(rows: readonly Row[], goals: ReadonlyMap<string, number | null>): string {
  const lines = rows.map((row) => {
    const goal = goals.get(row.name) ?? null;
    return [
      row.name,
      `${row.oursMs.toFixed(1)} ms`,
      `${row.otherMs.toFixed(1)} ms`,
      `${row.ratio.toFixed(3)} ×`,
      goal === null ? "" : `${row.ratio <= goal ? "meets" : "misses"} ≤ ${goal.toFixed(2)}`,
      row.other,
    ];
  });
  const cells = [["", "ours", "other", "ratio", "goal", "compared with"], ...lines];
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0))) ??
    [];
  return cells.map((line) =>
    line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd()
  )
    .join("\n");
}
