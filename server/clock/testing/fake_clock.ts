import type { Clock } from "../clock.ts";

interface Alarm {
  readonly dueMs: number;
  readonly order: number;
  readonly fire: () => void;
}

/** A clock that stands still until a test advances it. */
export class FakeClock implements Clock {
  #nowMs = 0;
  #orders = 0;
  readonly #alarms = new Set<Alarm>();

  now(): number {
    return this.#nowMs;
  }

  after(ms: number, fire: () => void): () => void {
    const alarm = { dueMs: this.#nowMs + ms, order: this.#orders++, fire };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  }

  /** Alarms that wait; 0 after a clean stop. */
  get pending(): number {
    return this.#alarms.size;
  }

  /** Moves on by `ms`, firing what falls due in order and letting promises settle after each. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await settle();
    for (let next = this.#next(untilMs); next !== null; next = this.#next(untilMs)) {
      this.#alarms.delete(next);
      this.#nowMs = next.dueMs;
      next.fire();
      await settle();
    }
    this.#nowMs = untilMs;
  }

  #next(untilMs: number): Alarm | null {
    let first: Alarm | null = null;
    for (const alarm of this.#alarms) {
      if (alarm.dueMs > untilMs) continue;
      const earlier = first === null || alarm.dueMs < first.dueMs ||
        (alarm.dueMs === first.dueMs && alarm.order < first.order);
      if (earlier) first = alarm;
    }
    return first;
  }
}

/** How many rounds of promise callbacks a chain in this code base needs at most to come to rest. */
const SETTLE_ROUNDS = 20;

/** Lets every promise that is already resolved run its callbacks. */
export async function settle(): Promise<void> {
  for (let round = 0; round < SETTLE_ROUNDS; round++) await Promise.resolve();
}
