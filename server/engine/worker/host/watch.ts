/** Measures how long something has been awaited, in small steps: sleep of the machine and a late timer do not count. */

/** Time between two looks, in ms. */
const STEP_MS = 100;

/** What a look counts at most, in ms: one that comes later was held up itself, and so was what it waits for. */
const MOST_STEP_MS = 200;

/** Time as a watch sees it. */
export interface Ticks {
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** Calls `look` every `ms`; the result ends that. */
  every(ms: number, look: () => void): () => void;
}

/** The machine's own time. */
export const systemTicks: Ticks = {
  now: () => performance.now(),
  every(ms, look) {
    const timer = setInterval(look, ms);
    return () => clearInterval(timer);
  },
};

/** One wait at a time, with a limit. */
export class Watch {
  readonly #ticks: Ticks;
  readonly #onLate: (limitMs: number) => void;
  #limitMs = Infinity;
  #countedMs = 0;
  #lastMs = 0;
  #stop: (() => void) | null = null;

  /** @param onLate called when a wait has taken its limit; the wait is over then */
  constructor(ticks: Ticks, onLate: (limitMs: number) => void) {
    this.#ticks = ticks;
    this.#onLate = onLate;
  }

  /** Begins a wait of at most `limitMs`. */
  begin(limitMs: number): void {
    this.#limitMs = limitMs;
    this.#countedMs = 0;
    this.#lastMs = this.#ticks.now();
    this.#stop ??= this.#ticks.every(STEP_MS, () => this.#look());
  }

  /** Ends the wait; returns what it took, in counted ms. */
  end(): number {
    this.#count();
    this.#stop?.();
    this.#stop = null;
    return this.#countedMs;
  }

  #look(): void {
    this.#count();
    if (this.#countedMs < this.#limitMs) return;
    this.end();
    this.#onLate(this.#limitMs);
  }

  #count(): void {
    const nowMs = this.#ticks.now();
    this.#countedMs += Math.min(nowMs - this.#lastMs, MOST_STEP_MS);
    this.#lastMs = nowMs;
  }
}
