import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { fakeExplained, fakeMap, fakePrediction, fakeTrust } from "./testing/fake_explained.ts";
import { type ModelFacts, Report, REPORT_POLICY, reportOf } from "./page.ts";

const FACTS: ModelFacts = {
  description: "A small network.",
  source: { weights: "a shelf" },
  licence: { weights: "CC0" },
  hash: { of: "card", sha256: "abc123" },
};

Deno.test("reportOf() asks for nothing from elsewhere and runs nothing", () => {
  const html = reportOf([fakeExplained([fakeMap([0, 0, 0, 1])])]);
  const addresses = [...html.matchAll(/(?:src|href)="([^"]*)"|url\(([^)]*)\)/g)].map(([, a, b]) =>
    a ?? b ?? ""
  );
  assert.ok(addresses.length > 3);
  assert.deepEqual(addresses.filter((address) => !/^data:image\/png;base64,|^#/.test(address)), []);
  assert.doesNotMatch(html, /<script|<link|@import|\son\w+=|\sstyle=|https?:/);
});

Deno.test("reportOf() has a policy that allows its own style and nothing else", () => {
  const html = reportOf([fakeExplained([fakeMap([0, 0, 0, 1])])]);
  const style = /<style>([\s\S]*)<\/style>/.exec(html)?.[1] ?? "";
  const hash = createHash("sha256").update(style).digest("base64");
  assert.ok(REPORT_POLICY.includes(`style-src 'sha256-${hash}'`));
  assert.match(REPORT_POLICY, /default-src 'none'/);
  assert.ok(html.includes(`content="${REPORT_POLICY}"`));
});

Deno.test("reportOf() gives the same page for the same explanations", () => {
  const explained = [fakeExplained([fakeMap([0, 0, 0, 1], { trust: fakeTrust() })])] as const;
  assert.equal(reportOf(explained, FACTS), reportOf(explained, FACTS));
});

Deno.test("reportOf() says when nothing is sure, beside the picture and in the contents", () => {
  const cat = fakeExplained([fakeMap([0, 0, 0, 1])]);
  const unsure = { ...cat, explanation: { ...cat.explanation, unsure: true } };
  const words = "Not sure: perhaps class 0 (90.0 %)";
  assert.equal(reportOf([unsure, cat], FACTS).split(words).length - 1, 2);
  assert.ok(!reportOf([cat], FACTS).includes("Not sure"));
});

Deno.test("reportOf() says that the map of a guess is dimmed", () => {
  const [guess, sure] = [true, false].map((dimmed) =>
    reportOf([fakeExplained([fakeMap([0, 0, 0, 1], { dimmed })])])
  );
  assert.ok(guess?.includes("Dimmed: not sure."));
  assert.ok(!sure?.includes("Dimmed"));
});

Deno.test("reportOf() holds predictions, legend, options, times and the model's origin", () => {
  const all = [
    fakeExplained([fakeMap([0, 0, 0, 1])], "photos/cat.png"),
    fakeExplained([fakeMap([0, 0, 0, 0])], "dog.png"),
  ] as const;
  const html = reportOf(all, FACTS);
  assert.equal(html.match(/<article/g)?.length, 2);
  for (
    const text of [
      "2 pictures",
      "photos/cat.png",
      "dog.png",
      "90.0 %",
      "1.00 logits",
      "<dt>signed</dt>",
      "12 ms",
      "No evidence for class 0",
      "abc123",
      "a shelf",
      "CC0",
    ]
  ) {
    assert.ok(html.includes(text), text);
  }
});

Deno.test("reportOf() says what a map is made of, in which unit, and that it singles out no place", () => {
  const html = reportOf([fakeExplained([
    fakeMap([0.4, 0.4, 0.41, 0.42], {
      method: "rise",
      samples: { count: 500, of: null, error: 0.0171 },
      clarity: "noise",
    }),
    fakeMap([0, 0, 0, 1], {
      method: "integrated-gradients",
      samples: { count: 32, of: null, error: 0.25 },
      completeness: 0.25,
    }),
    fakeMap([0, 0, 0, 1], { method: "fullgrad", completeness: 0.001 }),
  ])]);
  for (
    const text of [
      "<dd>500 masks, standard error 0.017</dd>",
      "0.400 to 0.420 mean probability</dd>",
      "No clear place: the differences are within the sampling error.",
      "<dd>32 steps, misses the score by 0.250</dd>",
      "<dd>misses the score by 0.001 logits</dd>",
    ]
  ) {
    assert.ok(html.includes(text), text);
  }
  assert.equal(html.split("No clear place").length - 1, 1);
  assert.equal(html.split("<dt>Completeness</dt>").length - 1, 1, "32 steps say it already");
});

Deno.test("reportOf() leads to each of several pictures, and holds each picture once", () => {
  const explained = (image: string) => fakeExplained([fakeMap([0, 0, 0, 1]), fakeMap([1, 0, 0, 0])], image);
  const html = reportOf([explained("cat.png"), explained("dog.png")]);
  for (const number of [1, 2]) {
    assert.ok(html.includes(`href="#picture-${number}"`) && html.includes(`id="picture-${number}"`));
    assert.equal(html.split(`id="photo-${number}"`).length, 2);
  }
  assert.equal(reportOf([fakeExplained([fakeMap([1])])]).includes("<nav"), false);
});

Deno.test("reportOf() shows a picture's maps of a method on one scale", () => {
  const html = reportOf([
    fakeExplained([fakeMap([0, 0, 0, 1]), fakeMap([0, 0, 0, 8], { target: fakePrediction(1) })]),
    fakeExplained([fakeMap([0, 0, 0, 2])], "dog.png"),
  ]);
  assert.equal(html.split("<span>8.00 logits</span>").length - 1, 2);
  assert.equal(html.split("<span>2.00 logits</span>").length - 1, 1);
});

Deno.test("Report is written picture by picture, holds each gradient once and names what failed", () => {
  const explained = ["cat.png", "dog.png"].map((image) => fakeExplained([fakeMap([0, 0, 0, 1])], image));
  const { model, leftOut, notes } = fakeExplained([fakeMap([1])]).explanation;
  const images = ["cat.png", "<i>.png", "dog.png"];
  const report = new Report({
    images,
    model,
    maps: [{ method: "Grad-CAM", classText: "top1" }],
    leftOut,
    notes,
  });
  const [first, last] = explained;
  assert.ok(first !== undefined && last !== undefined);
  const parts = [
    report.begin(),
    report.add(first),
    report.addFailure("<i>.png", "Cannot read it"),
    report.add(last),
    report.end(FACTS),
  ];
  assert.match(parts[0] ?? "", /^<!doctype html>/);
  assert.ok(parts[2]?.includes("&lt;i&gt;.png") && parts[2].includes("Not explained. Cannot read it."));
  const html = parts.join("");
  assert.deepEqual([1, 2, 3].map((number) => html.split(`id="picture-${number}"`).length), [2, 2, 2]);
  assert.equal(html.split("<linearGradient").length, 2);
  assert.ok(html.includes("3 pictures") && html.includes("abc123"));
  assert.match(html, /<\/html>\s*$/);
});

Deno.test("reportOf() shows the meters of each map and their means, with a badge for a map blind to its class", () => {
  const html = reportOf([fakeExplained([
    fakeMap([0, 0, 0, 1], { trust: fakeTrust() }),
    fakeMap([0, 0, 0, 1], { signed: true, trust: fakeTrust({ randomLogits: 0.95, increased: true }) }),
  ])]);
  assert.equal(html.match(/<polyline/g)?.length, 4);
  assert.equal(html.match(/class="badge">Does not depend on the class/g)?.length, 2);
  for (
    const text of [
      "Deletion 0.250",
      "from 90.0 % to 10.0 %",
      "loses 12.5 % of its probability",
      "gets more probable",
      "How far the maps can be trusted",
    ]
  ) {
    assert.ok(html.includes(text), text);
  }
});

Deno.test("reportOf() shows a map that is a picture as it is, and names what was left out", () => {
  const explained = fakeExplained([fakeMap([0, 0, 0, 1], { rgb: new Uint8Array(12) })]);
  const html = reportOf([{
    ...explained,
    explanation: {
      ...explained.explanation,
      leftOut: [{ method: "cam", reason: "the head is another one" }],
    },
  }]);
  assert.ok(html.includes("Picture that Grad-CAM made"));
  assert.ok(html.includes("Left out: cam. the head is another one."));
});

Deno.test("reportOf() says where nothing was found that activates what a picture was to show", () => {
  const rgb = new Uint8Array(12);
  const [awake, silent] = [{}, { silent: true as const }].map((more) =>
    reportOf([fakeExplained([fakeMap([0, 0, 0, 1], { rgb, ...more })])])
  );
  assert.ok(silent?.includes("Nothing was found that activates it") && !awake?.includes("activates it"));
});

Deno.test("reportOf() escapes what it was given", () => {
  const html = reportOf([fakeExplained([fakeMap([0, 0, 0, 1])], `<b>"&.png`)]);
  assert.ok(html.includes("&lt;b&gt;&quot;&amp;.png") && !html.includes("<b>&"));
  assert.ok(!html.includes(`<b>"`));
});
