/** The clock of the timeline: it stands while the picture is frozen or an earlier moment is looked at. Pure. */
export class StreamClock {
  #stoodMs = 0;
  #standsSinceMs: number | null = null;

  get stands(): boolean {
    return this.#standsSinceMs !== null;
  }

  /** Time on the timeline of a moment of the page's clock; both in ms. */
  at(pageMs: number): number {
    return Math.min(pageMs, this.#standsSinceMs ?? Infinity) - this.#stoodMs;
  }

  stand(pageMs: number): void {
    this.#standsSinceMs ??= pageMs;
  }

  run(pageMs: number): void {
    if (this.#standsSinceMs === null) return;
    this.#stoodMs += pageMs - this.#standsSinceMs;
    this.#standsSinceMs = null;
  }
}
