/** Running figures of the stream: ages, rates, percentiles. */

/** Ages kept for the percentiles. */
const KEPT_AGES = 300;

/** Window of the rates, in ms. */
const RATE_WINDOW_MS = 2_000;

/** Returns the value below which `share` (0…1) of the samples lie, or null without samples. */
export function percentile(samples: readonly number[], share: number): number | null {
  if (samples.length === 0) return null;
  const sorted = [...samples].sort((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.floor(share * sorted.length));
  return sorted[at] ?? null;
}

/** Remembers when each frame was drawn and how old it was then. */
export class Meter {
  #ages: number[] = [];
  #drawnMs: number[] = [];
  #total = 0;

  /** Frames drawn since the page was opened. */
  get total(): number {
    return this.#total;
  }

  /** Notes one drawn frame: when, and its age in ms. */
  drawn(nowMs: number, ageMs: number): void {
    this.#total++;
    this.#ages.push(ageMs);
    if (this.#ages.length > KEPT_AGES) this.#ages.shift();
    this.#drawnMs.push(nowMs);
    this.#forget(nowMs);
  }

  /** Frames drawn per second over the last two seconds. */
  rate(nowMs: number): number {
    this.#forget(nowMs);
    const [first] = this.#drawnMs;
    if (first === undefined || this.#drawnMs.length < 2) return 0;
    return (this.#drawnMs.length - 1) / Math.max(nowMs - first, 1) * 1000;
  }

  /** Median age of the frames drawn in the last half second, in ms, or null when there were none. */
  recentAge(nowMs: number): number | null {
    const recent = this.#drawnMs.filter((at) => nowMs - at <= 500).length;
    return recent === 0 ? null : percentile(this.#ages.slice(-recent), 0.5);
  }

  /** The age in ms below which `share` of the last 300 frames lie. */
  age(share: number): number | null {
    return percentile(this.#ages, share);
  }

  /** Forgets ages and rates, for another source. */
  clear(): void {
    this.#ages = [];
    this.#drawnMs = [];
  }

  #forget(nowMs: number): void {
    while (this.#drawnMs[0] !== undefined && nowMs - this.#drawnMs[0] > RATE_WINDOW_MS) this.#drawnMs.shift();
  }
}
