/** How late the event loop is: the figure that shows whether anything computes on it. */

/** Time between two looks, in ms. */
const PERIOD_MS = 10;

/** Looks that are remembered: the last 20 s. */
const SAMPLES = 2_000;

/** Delays over the last 20 s, in ms. */
export interface LoopDelayFigures {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** A running measurement. */
export interface LoopDelay {
  read(): LoopDelayFigures;
  stop(): void;
}

/** Starts to measure by how much a timer comes late. */
export function watchLoopDelay(): LoopDelay {
  const samples: number[] = [];
  let next = 0;
  let lastMs = performance.now();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    samples[next] = Math.max(0, nowMs - lastMs - PERIOD_MS);
    next = (next + 1) % SAMPLES;
    lastMs = nowMs;
  }, PERIOD_MS);
  return {
    read() {
      const sorted = samples.toSorted((a, b) => a - b);
      const at = (share: number) =>
        round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
      return { p50: at(0.5), p99: at(0.99), max: round(sorted.at(-1) ?? 0) };
    },
    stop: () => clearInterval(timer),
  };
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
