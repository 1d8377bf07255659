/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { classOf } from "../../shared/class_text.ts";
import { namedTarget, targetOfText, targetText } from "./target_text.ts";

const LABELS = ["cup", "crane", "crane"];

Deno.test("targetText() and targetOfText() carry a class by its index and its name", () => {
  assert.equal(targetText({ kind: "class", index: 2 }, LABELS), "2:crane");
  assert.equal(targetText({ kind: "class", index: 2 }, []), "2:");
  assert.equal(targetText({ kind: "rank", rank: 2 }, LABELS), "top2");
  assert.equal(targetText({ kind: "label", label: "cup" }, LABELS), "cup");
  assert.deepEqual(targetOfText(" 2:crane "), { kind: "label", label: "2:crane" });
  for (const text of [null, " ", "x".repeat(201)]) assert.equal(targetOfText(text), null);
});

Deno.test("namedTarget() names a class whose label is known, and changes nothing else", () => {
  const named = namedTarget({ kind: "class", index: 2 }, LABELS);
  assert.deepEqual(named, { kind: "label", label: "2:crane" });
  assert.equal(named.kind === "label" && classOf(LABELS, named.label), 2);
  for (const target of [{ kind: "class", index: 3 }, { kind: "rank", rank: 1 }] as const) {
    assert.equal(namedTarget(target, LABELS), target);
  }
});
