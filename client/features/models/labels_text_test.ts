/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { countProblem, readLabels } from "./labels_text.ts";

const NAMES = ["tench", "goldfish", "white shark"];

Deno.test("readLabels() reads lines, lists and objects, with or without numbers", () => {
  const texts = [
    NAMES.join("\n"),
    `\r\n${NAMES.join("\r\n")}\r\n\r\n`,
    NAMES.map((name, index) => `${index} ${name}`).join("\n"),
    NAMES.map((name, index) => `${index + 1}: ${name}`).join("\n"),
    NAMES.map((name, index) => `${index},${name}`).join("\n"),
    JSON.stringify(NAMES),
    JSON.stringify(Object.fromEntries(NAMES.entries())),
    JSON.stringify(Object.fromEntries(NAMES.map((name, index) => [index, [`n0${index}`, name]]))),
  ];
  for (const text of texts) assert.deepEqual(readLabels(text), { kind: "read", labels: NAMES }, text);
  assert.deepEqual(readLabels(" \n"), { kind: "none" });
});

Deno.test("readLabels() leaves numbers that are part of the names", () => {
  assert.deepEqual(readLabels("7 seas\n3 wishes"), { kind: "read", labels: ["7 seas", "3 wishes"] });
  assert.deepEqual(readLabels("<b>x</b>\n[broken"), { kind: "read", labels: ["<b>x</b>", "[broken"] });
});

Deno.test("countProblem() says both counts", () => {
  assert.equal(countProblem(NAMES, 3), null);
  assert.match(countProblem(NAMES, 1_000) ?? "", /^3 names, but the model has 1,000 classes/);
});
