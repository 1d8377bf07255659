import assert from "node:assert/strict";
import { fakeExplained } from "./_fake_explained.ts";
import { reportOf } from "./_report.ts";

Deno.test("reportOf() asks for nothing from elsewhere", () => {
  const html = reportOf([fakeExplained([0, 0, 0, 1])]);
  const addresses = [...html.matchAll(/(?:src|href)="([^"]*)"|url\(([^)]*)\)/g)].map(([, a, b]) =>
    a ?? b ?? ""
  );
  assert.equal(addresses.length, 2);
  assert.ok(addresses.every((address) => address.startsWith("data:image/png;base64,")));
  assert.ok(!/<script|<link|@import/.test(html));
});

Deno.test("reportOf() holds predictions, legend, options and time of every picture", () => {
  const html = reportOf([fakeExplained([0, 0, 0, 1]), fakeExplained([0, 0, 0, 0], { image: "dog.png" })]);
  assert.equal(html.match(/<section>/g)?.length, 2);
  for (
    const text of [
      "2 pictures",
      "cat.png",
      "dog.png",
      "90.0 %",
      "1.00 logits",
      "<dt>signed</dt>",
      "12 ms",
      "No evidence",
    ]
  ) {
    assert.ok(html.includes(text), text);
  }
});

Deno.test("reportOf() escapes what it was given", () => {
  const html = reportOf([fakeExplained([0, 0, 0, 1], { image: `<b>"&.png` })]);
  assert.ok(html.includes("&lt;b&gt;&quot;&amp;.png") && !html.includes("<b>"));
});
