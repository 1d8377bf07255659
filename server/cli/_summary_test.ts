import assert from "node:assert/strict";
import { fakeExplained } from "./_fake_explained.ts";
import { summaryOf } from "./_summary.ts";

Deno.test("summaryOf() tells predictions, the explained class, the map and its ends", () => {
  const text = summaryOf(fakeExplained([0, 0.2, 0.5, 1]), false);
  assert.match(text, /▸ class 0, number 0 +90\.0 % +█+ +2\.00/);
  assert.match(text, / {2}class 2, number 2 +<0\.1 %/);
  assert.match(text, /Grad-CAM of class 0 \(0\) at features: 2×2 cells, 12 ms/);
  assert.match(text, / {4}░░\n {2}▒▒██\n/);
  assert.match(text, /0\.000 {3}██ 1\.00 logits/);
});

Deno.test("summaryOf() says that there is no evidence instead of drawing an empty map", () => {
  assert.match(summaryOf(fakeExplained([0, 0, 0, 0]), false), /No evidence for class 0\./);
});

Deno.test("summaryOf() tells evidence against the class apart without colours", () => {
  assert.match(summaryOf(fakeExplained([-1, 0, 0, 1], { signed: true }), false), / {2}==\n {4}██\n/);
});

Deno.test("summaryOf() writes escapes only where colours are shown", () => {
  assert.ok(!summaryOf(fakeExplained([0, 1, 2, 3]), false).includes("\x1b"));
  assert.ok(summaryOf(fakeExplained([0, 1, 2, 3]), true).includes("\x1b[48;2;253;231;37m"));
});
