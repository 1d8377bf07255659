import assert from "node:assert/strict";
import { ComparedReport } from "./compared.ts";
import type { ModelFacts } from "./page.ts";
import { fakeExplained, fakeMap, fakeTrust } from "./testing/fake_explained.ts";

const FACTS: ModelFacts = { description: "", source: {}, licence: { weights: "CC0" } };

function compared(images: readonly string[]): string {
  const report = new ComparedReport(images);
  const { model } = fakeExplained([fakeMap([1])]).explanation;
  for (const [index, name] of ["One", "<Two>"].entries()) {
    const leftOut = index === 0 ? [] : [{ method: "cam", reason: "the head is another one" }];
    const hash = { of: "file", sha256: `${index}`.repeat(64) } as const;
    report.begin({ model: { ...model, name, id: `m${index}` }, leftOut, notes: ["a note"] }, {
      ...FACTS,
      hash,
    });
    for (const [place, image] of images.entries()) {
      if (index === 1 && place === 1) report.addFailure(place, "Cannot compute the row");
      else report.add(place, fakeExplained([fakeMap([0, 0, 0, 1], { trust: fakeTrust() })], image));
    }
  }
  return [...report.page()].join("\n");
}

Deno.test("ComparedReport is one page with each picture once, and what every model says of it beside the others", () => {
  const html = compared(["cat.png", "photos/dog.png"]);
  assert.match(html, /^<!doctype html>[^]*<\/html>\s*$/u);
  assert.equal(html.match(/<!doctype/gu)?.length, 1);
  const rows = html.split('<section class="compared"').slice(1);
  assert.equal(rows.length, 2);
  assert.deepEqual(rows.map((row) => row.match(/<article/gu)?.length), [2, 2]);
  assert.match(rows[0] ?? "", /<h2 id="compared-1">cat\.png<\/h2>[^]*>One<\/h3>[^]*>&lt;Two&gt;<\/h3>/u);
  assert.ok(rows[1]?.includes("Not explained. Cannot compute the row."));
  for (const words of ["One: class 0 90.0 %; &lt;Two&gt;: not explained", "a note", "SHA-256 of the file"]) {
    assert.ok(html.includes(words), words);
  }
  assert.ok(html.includes("Left out: cam. &lt;Two&gt;: the head is another one."));
});

Deno.test("ComparedReport gives every part an id of its own, and says of each model where it comes from", () => {
  const html = compared(["cat.png", "dog.png"]);
  const ids = [...html.matchAll(/ id="([^"]+)"/gu)].map(([, id]) => id);
  assert.equal(new Set(ids).size, ids.length);
  const wanted = [...html.matchAll(/(?:href="#|aria-labelledby=")([^"]+)"/gu)].map(([, id]) => id);
  assert.deepEqual(wanted.filter((id) => !ids.includes(id)), []);
  assert.deepEqual(["Model: One", "Model: &lt;Two&gt;"].filter((title) => !html.includes(title)), []);
  assert.match(
    html,
    /How far the maps of One can be trusted[^]*How far the maps of &lt;Two&gt; can be trusted/u,
  );
});
