import assert from "node:assert/strict";
import { METHODS } from "../methods/mod.ts";
import { type Ask, readAsk, type Words } from "./ask.ts";

function ask(words: Omit<Words, "trust" | "options"> = {}, options: Record<string, string> = {}): Ask {
  return readAsk({ ...words, trust: false, options: new Map(Object.entries(options)) });
}

function idsOf({ methods }: Ask): string[] {
  return methods.map(({ method }) => method.id);
}

Deno.test("readAsk() asks for the first class with Grad-CAM by default", () => {
  const { methods, classes, layer, all, leftOut } = ask();
  assert.deepEqual(methods.map(({ method, options }) => [method.id, options]), [["grad-cam", {}]]);
  assert.deepEqual({ classes, layer, all, leftOut }, {
    classes: "top1",
    layer: null,
    all: false,
    leftOut: [],
  });
});

Deno.test("readAsk() takes a list of methods, each once and in its order, or all of them", () => {
  assert.deepEqual(idsOf(ask({ method: "occlusion, cam,occlusion" })), ["occlusion", "cam"]);
  assert.deepEqual(idsOf(ask({ method: "all" })), METHODS.map(({ id }) => id));
});

Deno.test("readAsk() gives each option its type, and to the methods that have it", () => {
  const { methods } = ask({ method: "grad-cam,occlusion" }, { window: "48", fill: "black", signed: "" });
  assert.deepEqual(methods.map(({ options }) => options), [{ signed: true }, { window: 48, fill: "black" }]);
  assert.deepEqual(ask({}, { signed: "0" }).methods[0]?.options, { signed: false });
});

Deno.test("readAsk() accepts what a method does anyway", () => {
  assert.deepEqual(ask({ method: "cam" }, { signed: "", score: "logit" }).methods[0]?.options, {});
});

Deno.test("readAsk() leaves out of all what cannot explain the probability, and refuses it by name", () => {
  const asked = ask({ method: "all" }, { score: "probability" });
  assert.ok(asked.leftOut.some(({ method }) => method === "cam"));
  assert.ok(!idsOf(asked).includes("cam") && idsOf(asked).includes("occlusion"));
  assert.throws(
    () => ask({ method: "occlusion,cam" }, { score: "probability" }),
    /Cannot explain the probability with cam: it has no option 'score', got 'probability'/,
  );
});

Deno.test("readAsk() names the bad value and the wanted one", () => {
  const cases: [Parameters<typeof ask>, string, RegExp][] = [
    [[{ method: "gradcam" }], "unknown-method", /got 'gradcam'; did you mean grad-cam\?$/],
    [[{ method: "," }], "unknown-method", /got ''$/],
    [[{ class: "top9" }], "unknown-class", /top1 to top5, got 'top9'/],
    [[{ class: "cat,top0" }], "unknown-class", /got 'top0'/],
    [[{}, { window: "big" }], "bad-option", /whole number from 4 .*'big'/],
    [
      [{}, { window: "32" }],
      "bad-option",
      /'window': grad-cam takes signed.*, got 32, an option of/,
    ],
    [[{ method: "cam" }, { score: "p" }], "bad-option", /logit, probability, got 'p'/],
    [[{ box: "96" }], "bad-option", /whole number from 0 to 95, .*, got '96'/],
    [[{ box: "" }], "bad-option", /got ''/],
    [[{}, { signed: "maybe" }], "bad-option", /'signed': expected true, false, got 'maybe'/],
    [
      [{ method: "occlusion" }, { fill: "red" }],
      "bad-option",
      /grey, black, white.*, got 'red'/,
    ],
  ];
  for (const [args, code, message] of cases) assert.throws(() => ask(...args), { code, message });
});
