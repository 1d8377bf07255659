import assert from "node:assert/strict";
import {
  fakeExplanation,
  fakeMap,
  type FakeMapOptions,
  fakePrediction,
  fakeTrust,
} from "../report/testing/fake_explained.ts";
import { summaryOf } from "./_summary.ts";

function summary(values: readonly number[], options: FakeMapOptions = {}, colour = false): string {
  return summaryOf(fakeExplanation([fakeMap(values, options)]), colour);
}

Deno.test("summaryOf() writes predictions, the explained class, the map and its ends", () => {
  const text = summary([0, 0.2, 0.5, 1]);
  assert.match(text, /▸ class 0, number 0 +90\.0 % +█+ +2\.00/);
  assert.match(text, / {2}class 2, number 2 +<0\.1 %/);
  assert.match(text, /Grad-CAM of class 0 \(0\) at features: 2×2 cells, 12 ms/);
  assert.match(text, / {4}░░\n {2}▒▒██\n/);
  assert.match(text, /0 {3}██ 1\.00 logits/);
});

Deno.test("summaryOf() says first when nothing is sure, with what the model knows", () => {
  const explanation = fakeExplanation([fakeMap([0, 0.2, 0.5, 1])]);
  const model = { ...explanation.model, knows: "3 classes", tries: ["cup", "cat"] };
  const text = summaryOf({ ...explanation, model, unsure: true }, false);
  assert.match(
    text,
    /\n\nNot sure: perhaps class 0 \(90\.0 %\)\nIt knows 3 classes\. Try cup or cat\.\n\n▸ class 0/,
  );
  assert.ok(!summary([0, 1, 2, 3]).includes("Not sure"));
});

Deno.test("summaryOf() says that there is no evidence instead of drawing an empty map", () => {
  assert.match(summary([0, 0, 0, 0]), /No evidence for class 0\./);
});

Deno.test("summaryOf() says what a map is made of, and that it singles out no place", () => {
  const options: FakeMapOptions = {
    method: "rise",
    samples: { count: 500, of: null, error: 0.0171 },
    clarity: "everywhere",
  };
  const text = summary([0.3, 0.4, 0.4, 0.4], options);
  assert.match(text, /^Made of 500 masks, standard error 0\.017\.$/m);
  assert.match(text, /^No clear place: most of the picture counts about the same\.$/m);
  assert.match(text, /0\.300 {3}██ 0\.400 mean probability$/m);
  const several = summaryOf(
    fakeExplanation([fakeMap([0, 0, 0, 1]), fakeMap([0.3, 0.4, 0.4, 0.4], options)]),
    false,
  );
  assert.match(several, /^rise of class 0: No clear place: /m);
});

Deno.test("summaryOf() tells evidence against the class apart without colours", () => {
  assert.match(summary([-1, 0, 0, 1], { signed: true }), / {2}==\n {4}██\n/);
});

Deno.test("summaryOf() writes escapes only where colours are shown", () => {
  assert.ok(!summary([0, 1, 2, 3]).includes("\x1b"));
  assert.ok(summary([0, 1, 2, 3], {}, true).includes("\x1b[48;2;253;231;37m"));
});

Deno.test("summaryOf() lays several maps out as a table, and marks every class that is explained", () => {
  const maps = [fakeMap([0, 0, 0, 1]), fakeMap([-1, 0, 0, 2], { signed: true, target: fakePrediction(2) })];
  const text = summaryOf(fakeExplanation(maps), false);
  assert.match(text, /▸ class 0.*\n {2}class 1.*\n▸ class 2/);
  assert.match(text, /^grad-cam {2}class 0 \(0\) {2}features +2×2 +0 +1\.00 +logits +12 ms$/m);
  assert.match(text, /^cam {7}class 2 \(2\) {2}features +2×2 +−1\.00 +2\.00 +logits +12 ms$/m);
});

Deno.test("summaryOf() writes the meters, and which map does not depend on its class", () => {
  const text = summary([0, 0, 0, 1], { trust: fakeTrust({ randomLogits: 0.95, completeness: 0.5 }) });
  assert.match(text, /^grad-cam of class 0 +0\.250 +0\.750 +12\.5 % +0\.950 +0\.500$/m);
  assert.match(text, /grad-cam of class 0 hardly depends on the class/);
});

Deno.test("summaryOf() tells classes of one name apart by their index", () => {
  const [first, second] = [517, 134].map((index) =>
    fakeMap([0, 0, 0, 1], { target: { ...fakePrediction(0), index, label: "crane" }, trust: fakeTrust() })
  );
  assert.ok(first !== undefined && second !== undefined);
  const text = summaryOf(fakeExplanation([first, second]), false);
  assert.match(text, /▸ crane .*\(517\)\n▸ crane .*\(134\)\n/);
  assert.match(text, /^grad-cam of crane \(517\) .*\ngrad-cam of crane \(134\) /m);
});

Deno.test("summaryOf() says how a picture that a method makes is seen", () => {
  assert.match(
    summary([0, 0, 0, 1], { rgb: new Uint8Array(12) }),
    /makes a picture of its own: --png writes it/,
  );
});

Deno.test("summaryOf() says of one map and of several where nothing was found that activates what is raised", () => {
  const silent = { rgb: new Uint8Array(12), silent: true } as const;
  const words = "Nothing was found that activates it: try another --seed.";
  assert.ok(summary([0, 0, 0, 1], silent).includes(`\n${words}\n`));
  const several = summaryOf(fakeExplanation([fakeMap([0, 1, 2, 3]), fakeMap([0, 0, 0, 1], silent)]), false);
  assert.equal(several.split(`grad-cam of class 0: ${words}`).length, 2);
});
