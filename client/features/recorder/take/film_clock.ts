/** The time of a film: it begins with the first picture and stands while the recording is paused. */
export class FilmClock {
  #zeroMs: number | null = null;
  #pausedMs = 0;
  #pausedSinceMs: number | null = null;

  /** Whether the film is paused. */
  get paused(): boolean {
    return this.#pausedSinceMs !== null;
  }

  /** The film begins at this time, in ms, unless it has begun. */
  begin(atMs: number): void {
    this.#zeroMs ??= atMs;
  }

  /** Returns the time in the film at a moment in ms, in s; 0 before it has begun. */
  secondsAt(atMs: number): number {
    return (atMs - (this.#zeroMs ?? atMs) - this.#pausedMs) / 1_000;
  }

  /** Returns the time in the film now, in s, which stands while it is paused. */
  secondsNow(nowMs: number): number {
    return this.secondsAt(this.#pausedSinceMs ?? nowMs);
  }

  pause(nowMs: number): void {
    this.#pausedSinceMs ??= nowMs;
  }

  /** Ends a pause; returns false where there was none. */
  resume(nowMs: number): boolean {
    if (this.#pausedSinceMs === null) return false;
    this.#pausedMs += nowMs - this.#pausedSinceMs;
    this.#pausedSinceMs = null;
    return true;
  }
}
