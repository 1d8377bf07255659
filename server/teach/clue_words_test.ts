import assert from "node:assert/strict";
import { classWords, wordsOf } from "./clue_words.ts";

const found = (name: string, outside: number | null) => ({
  name,
  object: outside === null ? "none" as const : "box" as const,
  outside,
  area: outside === null ? null : 0.75,
  suspicious: outside !== null && outside > 0.5,
});

Deno.test("each class's sentence has the share of the evidence and of the picture", () => {
  assert.equal(
    classWords(found("mug", 0.634)),
    "mug: 63 % of the evidence lies outside the box, which covers 25 % of the picture.",
  );
  assert.equal(
    classWords({ ...found("mug", 0.1), object: "moving" }),
    "mug: 10 % of the evidence lies outside the part that moves, which covers 25 % of the picture.",
  );
  assert.equal(
    classWords(found("mug", null)),
    "mug: it is not known where it is in its pictures. Draw a box around it, or move it while you collect.",
  );
});

Deno.test("the headline names who is recognised by surroundings, or says that nothing stands out", () => {
  assert.equal(
    wordsOf([found("mug", 0.2), found("phone", 0.1), found("key", null)]),
    "Nothing stands out: at most 20 % of the evidence lies outside the objects.",
  );
  assert.equal(
    wordsOf([found("mug", 0.7), found("phone", 0.1)]),
    "mug is recognised by its surroundings: 70 % of the evidence lies outside the object.",
  );
  assert.equal(
    wordsOf([found("mug", 0.7), found("phone", 0.9), found("key", 0.6)]),
    "mug, phone and key are recognised by their surroundings: up to 90 % of the evidence lies outside the objects.",
  );
  assert.equal(
    wordsOf([found("mug", null)]),
    "It is not known where the objects are. Draw a box for each class, or move the objects while you collect.",
  );
});
