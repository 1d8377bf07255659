import assert from "node:assert/strict";
import { classText } from "../../shared/class_text.ts";
import { SmallNetwork } from "../engine/testing/small_network.ts";
import type { LoadedModel } from "../engine/port.ts";
import { readAsk, type Words } from "./ask.ts";
import { type Plan, planOf } from "./explanation_plan.ts";

const { model } = new SmallNetwork({ width: 8, height: 8 });

function plan(words: Omit<Words, "trust" | "options">, some: Partial<typeof model> = {}): Plan {
  return planOf({ ...model, ...some }, readAsk({ ...words, trust: false, options: new Map() }));
}

function namesOf({ maps }: Plan): string[] {
  return maps.map(({ request, classText }) => `${request.method.id} ${classText}`);
}

Deno.test("planOf() makes the maps method by method, and of each one class by class", () => {
  const made = plan({ method: "cam,occlusion", class: "top2,1" });
  assert.deepEqual(namesOf(made), ["cam top2", "cam 1", "occlusion top2", "occlusion 1"]);
  assert.deepEqual(made.maps.map(({ request }) => request.target).slice(0, 2), [
    { kind: "rank", rank: 2 },
    { kind: "class", index: 1 },
  ]);
});

Deno.test("planOf() takes a label with commas for one class, and the same class once", () => {
  const labels = ["tench, Tinca tinca", "cat", "dog, hound"];
  const classes = (text: string) => plan({ class: text }, { labels }).maps.map(({ classText }) => classText);
  assert.deepEqual(classes("tench, Tinca tinca"), ["tench, Tinca tinca"]);
  assert.deepEqual(classes("cat,tench,Tinca tinca,dog"), ["cat", "tench, Tinca tinca", "dog"]);
  assert.deepEqual(classes("cat, Cat,,hound"), ["cat", "hound"]);
  assert.deepEqual(classes("cat,1,1:,0:tench, Tinca tinca,2:dog"), ["cat", "0:tench, Tinca tinca", "2:dog"]);
  assert.throws(() => classes("cat,hund"), {
    code: "unknown-class",
    message: /'hund'; did you mean '2:hound'/,
  });
  assert.throws(() => classes(" , "), { code: "unknown-class", message: /got ' , '/ });
});

Deno.test("planOf() gives a layer to the methods that can look at it, and refuses one that none can", () => {
  const { maps } = plan({ method: "grad-cam,occlusion", layer: "features" });
  assert.deepEqual(maps.map(({ request }) => request.layer), ["features", "features"]);
  assert.throws(() => plan({ method: "occlusion,grad-cam", layer: "nowhere" }), {
    code: "unknown-layer",
    message: /grad-cam takes .*'nowhere'/,
  });
  assert.throws(() => plan({ method: "occlusion", layer: "early" }), { code: "unknown-layer" });
});

Deno.test("planOf() leaves out of all what the model cannot, and refuses it by name", () => {
  const other: Partial<LoadedModel> = { projectionLayer: null };
  const made = plan({ method: "all" }, other);
  assert.ok(
    made.leftOut.some(({ method, reason }) => method === "cam" && /global average pooling/.test(reason)),
  );
  assert.ok(!namesOf(made).includes("cam top1") && namesOf(made).includes("occlusion top1"));
  assert.throws(() => plan({ method: "cam" }, other), { code: "unknown-layer" });
});

Deno.test("planOf() takes classes by index, and refuses a name of several", () => {
  const labels = ["crane", "tub, vat", "crane"];
  const indexes = (text: string) =>
    plan({ class: text }, { labels }).maps.map(({ request: { target } }) =>
      target.kind === "class" ? target.index : target
    );
  assert.deepEqual(indexes("2:crane,0:crane"), [2, 0]);
  assert.deepEqual(indexes("2:,0"), [2, 0]);
  assert.throws(() => indexes("tub,crane"), { code: "ambiguous-class", message: /0:crane .* or 2:crane/ });
  assert.throws(() => indexes("2:tub"), { code: "unknown-class", message: /class 2:crane/ });
});

Deno.test("planOf() notes that other classes have the name of the one that is taken", () => {
  const labels = ["maillot", "maillot, tank suit", "cup"];
  assert.deepEqual(plan({ class: "maillot,cup" }, { labels }).notes, [
    "'maillot' is class 0; 1:maillot, tank suit has that name too",
  ]);
  assert.deepEqual(plan({ class: "0:maillot,cup" }, { labels }).notes, []);
});

Deno.test("planOf() reads what a document says of a class back as that class, for every class that is shipped", () => {
  const imagenet: readonly string[] = JSON.parse(
    Deno.readTextFileSync("models/efficientnet-lite0/labels.json"),
  );
  const shifted = imagenet.map((_, index) => `${index + 1}`);
  for (const labels of [imagenet, shifted]) {
    for (const [index, label] of labels.entries()) {
      // As a document has it, and as the page asks for it in Trust and in Look inside.
      for (const text of [`${index}:${label}`, classText(index, label)]) {
        const { maps } = plan({ class: text }, { labels, classes: labels.length });
        assert.deepEqual(maps.map(({ request }) => request.target), [{ kind: "class", index }], text);
      }
    }
  }
});
