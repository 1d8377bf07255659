/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { filmTimes, momentsIn } from "./film_times.ts";
import { momentAt } from "./testing/moments.ts";

const PART = { fromMs: 60_000, toMs: 90_000 };

Deno.test("a picture that has stood still since before the part fills it", () => {
  const still = momentAt(1_000, { untilMs: 90_000 });
  assert.deepEqual(momentsIn([momentAt(500), still, momentAt(90_001)], PART), [still]);
  assert.deepEqual(filmTimes([still], PART), { begins: [0], endS: 30 });
  const next = momentAt(70_000);
  assert.deepEqual(filmTimes([momentAt(1_000, { untilMs: 69_900 }), next], PART).begins, [0, 10]);
});
