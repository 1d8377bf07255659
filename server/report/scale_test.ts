import assert from "node:assert/strict";
import { fakeMap } from "./testing/fake_explained.ts";
import { isEmpty, scaleOf, scalesOf, strengthOn } from "./scale.ts";

Deno.test("scaleOf() ends at the largest value of all maps, and begins at zero", () => {
  const { low, high, colours, cut } = scaleOf([fakeMap([0, 0, 0, 1]), fakeMap([0, 2, 3, -9])]);
  assert.deepEqual({ low, high, colours, cut }, { low: 0, high: 3, colours: "viridis", cut: false });
});

Deno.test("scaleOf() is symmetric for a signed map, so that zero has one colour", () => {
  const { low, high, colours } = scaleOf([fakeMap([-4, 0, 1, 2], { signed: true })]);
  assert.deepEqual({ low, high, colours }, { low: -4, high: 4, colours: "diverging" });
});

Deno.test("scaleOf() lets single cells lie beyond its end and says so", () => {
  const values = Array.from({ length: 1_024 }, (_, index) => index === 7 ? 100 : 1);
  const { high, cut } = scaleOf([fakeMap(values)]);
  assert.deepEqual({ high, cut }, { high: 1, cut: true });
});

Deno.test("scaleOf() holds the one pixel of a fine map that is not zero", () => {
  const values = Array.from({ length: 1_024 }, (_, index) => index === 7 ? 5 : 0);
  assert.equal(scaleOf([fakeMap(values)]).high, 5);
});

Deno.test("scaleOf() names the unit, which the score changes", () => {
  assert.equal(scaleOf([fakeMap([1])]).unit, "logits");
  assert.equal(scaleOf([{ ...fakeMap([1]), options: { score: "probability" } }]).unit, "probability");
  assert.equal(scaleOf([fakeMap([1], { method: "saliency" })]).unit, "logits per unit of input");
});

Deno.test("scalesOf() gives each method one scale", () => {
  const scales = scalesOf([fakeMap([1]), fakeMap([4]), fakeMap([9], { signed: true })]);
  assert.deepEqual([...scales].map(([id, { high }]) => [id, high]), [["grad-cam", 4], ["cam", 9]]);
});

Deno.test("isEmpty() holds for a map without evidence, which for a signed one is zero alone", () => {
  const empty = (values: number[], signed = false) => {
    const map = fakeMap(values, { signed });
    return isEmpty(map);
  };
  assert.ok(empty([0, 0, -1, 0]));
  assert.ok(!empty([0, 0, -1, 0], true));
  assert.ok(empty([0, 0, 0, 0], true));
});

Deno.test("scaleOf() begins at the least value of methods whose zero means nothing", () => {
  const { low, high } = scaleOf([
    fakeMap([5, 6, 7, 8], { method: "rise" }),
    fakeMap([4, 5, 5, 5], { method: "rise" }),
  ]);
  assert.deepEqual([low, high], [4, 8]);
});

Deno.test("scaleOf() is the same for every map of the network, from black to white", () => {
  const { low, high } = scaleOf([fakeMap([9, 12, 13, 20], { method: "activations", subject: "network" })]);
  assert.deepEqual([low, high], [0, 255]);
});

Deno.test("scaleOf() is signed by the method's nature alone, whatever the sign of its low end", () => {
  const scale = scaleOf([fakeMap([-0.01, 0, 0.02, 0.03], { method: "rise" })]);
  assert.deepEqual([scale.signed, scale.colours], [false, "viridis"]);
  assert.ok(strengthOn(scale, -0.01) === 0 && strengthOn(scale, 0.03) === 1);
});
