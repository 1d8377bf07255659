import assert from "node:assert/strict";
import { meterTitle, meterVerdict, meterWords } from "./small_meter.ts";

Deno.test("meterVerdict() compares what strong places cost with what others cost", () => {
  assert.equal(meterVerdict({ drop: 0.6, random: 0.1 }), "good");
  assert.equal(meterVerdict({ drop: 0.9, random: 0.8 }), "doubtful");
  assert.equal(meterVerdict({ drop: 0.3, random: 0.28 }), "doubtful");
  assert.equal(meterVerdict({ drop: 0.1, random: 0.5 }), "doubtful");
  assert.deepEqual([0.46, 0.44].map((drop) => meterVerdict({ drop, random: 0.25 })), ["good", "doubtful"]);
});

Deno.test("meterWords() and meterTitle() say it in plain words", () => {
  assert.deepEqual([meterWords("good"), meterWords("doubtful")], ["good", "doubtful"]);
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  assert.equal(
    meterTitle({ drop: 0.6, random: -0.1 }, percent),
    "Hiding the 10, 20 and 30 % of the picture where the map is strongest takes 60 % of the probability on average. " +
      "Hiding the same shapes elsewhere raises the probability by 10 % of itself on average.",
  );
});
