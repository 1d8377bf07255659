/** The newest results of the stream, until the maps of their frames are there. */
import type { Result } from "../../../../shared/protocol.ts";

/** Results that are remembered. */
export const MAX_RESULTS = 32;

/** Results by frame. */
export class RecentResults {
  readonly #byFrame = new Map<number, Result>();
  #newest: Result | null = null;

  add(result: Result): void {
    this.#newest = result;
    this.#byFrame.set(result.frame, result);
    const [oldest] = this.#byFrame.keys();
    if (this.#byFrame.size > MAX_RESULTS && oldest !== undefined) this.#byFrame.delete(oldest);
  }

  /** Returns the result of a frame, or the newest where that one is not known; null before the first. */
  of(frame: number): Result | null {
    return this.#byFrame.get(frame) ?? this.#newest;
  }
}
