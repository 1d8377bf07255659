/** How much each viewer from elsewhere may write into the log (L9). */
import { MAX_LOG_BYTES_PER_HOUR, MAX_LOG_ENTRIES_PER_HOUR } from "../../shared/limits.ts";

const HOUR_MS = 60 * 60_000;

/** What one address may still write. */
interface Allowance {
  entries: number;
  bytes: number;
  atMs: number;
}

/** Allowances of all addresses; each grows back evenly within an hour. */
export class LogBudget {
  readonly #allowances = new Map<string, Allowance>();
  readonly #monotonicMs: () => number;

  /** @param monotonicMs milliseconds of a clock that only rises */
  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
  }

  /** Whether `address` may write so much more now; if so, it counts as written. */
  take(address: string, entries: number, bytes: number): boolean {
    const allowance = this.#allowanceOf(address);
    if (allowance.entries < entries || allowance.bytes < bytes) return false;
    allowance.entries -= entries;
    allowance.bytes -= bytes;
    return true;
  }

  #allowanceOf(address: string): Allowance {
    const nowMs = this.#monotonicMs();
    const known = this.#allowances.get(address);
    const grown = (nowMs - (known?.atMs ?? nowMs)) / HOUR_MS;
    const allowance = {
      entries: Math.min(
        MAX_LOG_ENTRIES_PER_HOUR,
        (known?.entries ?? MAX_LOG_ENTRIES_PER_HOUR) + grown * MAX_LOG_ENTRIES_PER_HOUR,
      ),
      bytes: Math.min(
        MAX_LOG_BYTES_PER_HOUR,
        (known?.bytes ?? MAX_LOG_BYTES_PER_HOUR) + grown * MAX_LOG_BYTES_PER_HOUR,
      ),
      atMs: nowMs,
    };
    this.#forget(nowMs);
    this.#allowances.set(address, allowance);
    return allowance;
  }

  /** After an hour an address may write everything again, as one that was never heard of. */
  #forget(nowMs: number): void {
    for (const [address, { atMs }] of this.#allowances) {
      if (nowMs - atMs >= HOUR_MS) this.#allowances.delete(address);
    }
  }
}
