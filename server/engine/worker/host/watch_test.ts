import assert from "node:assert/strict";
import { Watch } from "./watch.ts";

/** Time that passes when the test says so. */
class HandTicks {
  looks = new Set<() => void>();
  #nowMs = 0;

  now(): number {
    return this.#nowMs;
  }

  every(_ms: number, look: () => void): () => void {
    this.looks.add(look);
    return () => this.looks.delete(look);
  }

  /** Lets `ms` pass in looks of `stepMs`. */
  pass(ms: number, stepMs = 100): void {
    for (let passed = 0; passed < ms; passed += stepMs) {
      this.#nowMs += stepMs;
      for (const look of [...this.looks]) look();
    }
  }
}

function watched() {
  const ticks = new HandTicks();
  const late: number[] = [];
  return { ticks, late, watch: new Watch(ticks, (limitMs) => late.push(limitMs)) };
}

Deno.test("a wait beyond its limit is reported once", () => {
  const { ticks, late, watch } = watched();
  watch.begin(2_000);
  ticks.pass(1_900);
  assert.deepEqual(late, []);
  ticks.pass(5_000);
  assert.deepEqual(late, [2_000]);
  assert.equal(ticks.looks.size, 0, "no timer is left");
});

Deno.test("a machine that slept, or an event loop that was held up, does not make a wait late", () => {
  const { ticks, late, watch } = watched();
  watch.begin(2_000);
  ticks.pass(8 * 3_600_000, 8 * 3_600_000);
  ticks.pass(30_000, 5_000);
  assert.deepEqual(late, []);
  ticks.pass(600);
  assert.deepEqual(late, [2_000], "7 late looks of 200 ms each and 6 of 100");
});

Deno.test("end() says how long it was, and the next wait begins at nothing", () => {
  const { ticks, late, watch } = watched();
  watch.begin(2_000);
  ticks.pass(1_500);
  assert.equal(watch.end(), 1_500);
  watch.begin(2_000);
  ticks.pass(1_900);
  assert.deepEqual(late, []);
  watch.end();
  assert.equal(ticks.looks.size, 0);
});
