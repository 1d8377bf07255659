import assert from "node:assert/strict";
import { largeCount, partsOf } from "./parts.ts";

Deno.test("partsOf() joins sources and licences by the part, also where one of them is missing", () => {
  const source = { weights: "PyPI x 0.1.0", photos: "me" };
  assert.deepEqual(partsOf({ source, licence: { weights: "Apache-2.0", labels: "MIT" } }), [
    { name: "weights", source: "PyPI x 0.1.0", licence: "Apache-2.0" },
    { name: "photos", source: "me", licence: null },
    { name: "labels", source: null, licence: "MIT" },
  ]);
  assert.deepEqual(partsOf({ source: {}, licence: {} }), []);
});

Deno.test("largeCount() writes counts of any size with three digits or all of them", () => {
  const cases = [
    [812, "812"],
    [4_020, "4,020"],
    [385_187_552, "385 million"],
    [4_652_008, "4.65 million"],
    [25_557_032, "25.6 million"],
    [15_470_264_320, "15.5 billion"],
  ] as const;
  for (const [count, words] of cases) assert.equal(largeCount(count), words);
});
