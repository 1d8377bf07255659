import assert from "node:assert/strict";
import type { Sentence } from "./sentence.ts";
import {
  CLASS_MS,
  NOTHING_SAID,
  NUMBERS_MS,
  type PacedSentence,
  paceSentence,
  SPOKEN_MS,
  WORDS_MS,
} from "./sentence_pace.ts";

function sentence(words: string, number: number, more: Partial<Sentence> = {}): Sentence {
  return { text: `${words} ${number}`, words, about: 1, explains: true, ...more };
}

/** What is shown after sentences at times. */
function shownAfter(...steps: readonly (readonly [number, Sentence])[]): PacedSentence {
  return steps.reduce((state, [nowMs, next]) => paceSentence(state, next, nowMs), NOTHING_SAID);
}

const UPPER = sentence("upper", 21);

Deno.test("paceSentence() changes numbers once a second at most", () => {
  const next = sentence("upper", 30);
  assert.equal(shownAfter([0, UPPER], [NUMBERS_MS - 1, next]).shown.text, "upper 21");
  assert.equal(shownAfter([0, UPPER], [NUMBERS_MS, next]).shown.text, "upper 30");
});

Deno.test("paceSentence() leaves words for two and a half seconds, unless the class changes", () => {
  const lower = sentence("lower", 21);
  assert.equal(shownAfter([0, UPPER], [WORDS_MS - 1, lower]).shown.text, "upper 21");
  assert.equal(shownAfter([0, UPPER], [WORDS_MS, lower]).shown.text, "lower 21");
  // Numbers that changed meanwhile do not keep the words longer.
  assert.equal(
    shownAfter([0, UPPER], [2_000, sentence("upper", 5)], [WORDS_MS, lower]).shown.text,
    "lower 21",
  );
  assert.equal(shownAfter([0, UPPER], [1, { ...lower, about: 2 }]).shown.text, "lower 21");
});

Deno.test("paceSentence() changes the class at once, and not again within a second", () => {
  const other = { ...UPPER, text: "other", words: "other", about: 2 };
  assert.equal(shownAfter([0, UPPER], [10, other], [CLASS_MS + 9, UPPER]).shown.text, "other");
  assert.equal(shownAfter([0, UPPER], [10, other], [CLASS_MS + 10, UPPER]).shown.text, "upper 21");
});

Deno.test("paceSentence() adds a reason at once, and does not take it away at once", () => {
  const bare = sentence("cup", 50, { explains: false });
  const whole = sentence("cup because", 50);
  assert.equal(shownAfter([0, bare], [1, whole]).shown.text, "cup because 50");
  assert.equal(shownAfter([0, whole], [1, bare]).shown.text, "cup because 50");
});

Deno.test("paceSentence() reads aloud every five seconds at most, and nothing twice", () => {
  const lower = sentence("lower", 1);
  assert.equal(shownAfter([0, UPPER]).spoken, "upper 21");
  assert.equal(shownAfter([0, UPPER], [SPOKEN_MS - 1, lower]).spoken, "upper 21");
  assert.equal(shownAfter([0, UPPER], [3_000, lower], [SPOKEN_MS, lower]).spoken, "lower 1");
  const { spokenMs } = shownAfter([0, UPPER], [SPOKEN_MS, UPPER]);
  assert.equal(spokenMs, 0);
});
