/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { ClassNames } from "./class_names.ts";

function makeNames(answer: unknown) {
  return new ClassNames({
    known: () => ({ model: { id: "birds" }, sharedNames: [1, 2] }),
    modelOf: () => undefined,
    fetchModel: () => Promise.resolve(answer),
  });
}

const LABELS = ["tench, Tinca tinca", "crane", "crane", "mug"];

Deno.test("ClassNames.load() loads labels, by which nameOf() names a class and says which of two it is", async () => {
  const names = makeNames({ labels: LABELS });
  await names.load(() => null);
  assert.equal(names.nameOf(0), "tench");
  assert.notEqual(names.nameOf(1), names.nameOf(2));
});

Deno.test("ClassNames.load() asks which class is meant where several have the name", async () => {
  const names = makeNames({ labels: LABELS });
  await names.load(() => "crane");
  assert.equal(names.query.value, "crane");
});

Deno.test("ClassNames.load() asks nothing of a clear name, or while something else is searched", async () => {
  const names = makeNames({ labels: LABELS });
  await names.load(() => "mug");
  assert.equal(names.query.value, null);
  names.query.value = "ten";
  await names.load(() => "crane");
  assert.equal(names.query.value, "ten");
});

Deno.test("ClassNames.load() leaves the labels as they are where the answer is of no use", async () => {
  const names = makeNames({ labels: 7 });
  await names.load(() => "crane");
  assert.deepEqual(names.labels.value, []);
  assert.equal(names.query.value, null);
});

Deno.test("ClassNames.need() loads the labels of another model once, and again where it was changed", async () => {
  const cats = () => ({ model: { id: "cats" }, sharedNames: [] });
  let known = cats();
  const asked: string[] = [];
  const names = new ClassNames({
    known: () => null,
    modelOf: () => known,
    fetchModel(id) {
      asked.push(id);
      return Promise.resolve({ labels: [`cat ${asked.length}`] });
    },
  });
  await names.need("cats");
  await names.need("cats");
  assert.equal(names.nameOfModel("cats")(0), "cat 1");
  known = cats();
  await names.need("cats");
  assert.equal(names.nameOfModel("cats")(0), "cat 2");
  assert.deepEqual(asked, ["cats", "cats"]);
});
