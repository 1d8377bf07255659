/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import {
  againstThreshold,
  columnValue,
  count,
  share,
  shortened,
  shortenedTo,
  signed,
  unsigned,
} from "./numbers.ts";

Deno.test("columnValue() has four digits, groups large numbers and keeps small ones", () => {
  const values = [880.8000183105469, 0.14235, -2, 12_400, 3.14e-7, 0, 2.5e12, 1_234.5, Number.NaN];
  assert.deepEqual(values.map((value) => columnValue(value)), [
    ...["880.8", "0.1424", "−2", "12,400", "3.14e−7", "0", "2.50e12", "1235", "missing"],
  ]);
});

Deno.test("againstThreshold() has as many digits as tell value and threshold apart", () => {
  assert.deepEqual(againstThreshold(17.99, 16.795), ["17.99", "16.8"]);
  assert.deepEqual(againstThreshold(0.142351, 0.142352), ["0.142351", "0.142352"]);
  assert.deepEqual(againstThreshold(2.45, 2.45), ["2.45", "2.45"]);
});

Deno.test("signed() says the sign, unsigned() leaves it out", () => {
  assert.deepEqual([0.614, -1.237, 0, -12.34, 0.0042, 812.4].map(signed), [
    ...["+0.61", "−1.24", "0", "−12.3", "+0.0042", "+812"],
  ]);
  assert.deepEqual([0.31, 0.00001].map(unsigned), ["0.31", "0"]);
});

Deno.test("counts are grouped, shares are percentages, long names end in a sign", () => {
  assert.equal(count(50_000), "50,000");
  assert.equal(share(0.96314, 2), "96.31 %");
  assert.equal(shortened("worst concave points", 13), "worst concav…");
  assert.equal(shortened("radius", 6), "radius");
  assert.equal(shortenedTo("worst concave points", 18.5), "worst concave points");
  assert.equal(shortenedTo("MOMENTUM, WEIGHTED", 18.5), "MOMENTUM, WEIGH…");
  assert.equal(shortenedTo("", 18.5), "");
});
