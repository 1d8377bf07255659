/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { changeOf, coverSentence } from "./cover_words.ts";

const nameOf = (_index: number, label = "") => label;
const row = (index: number, label: string, probability: number) => ({ index, label, logit: 0, probability });
const WHOLE = [row(1, "espresso", 0.94), row(2, "cup", 0.02)];

Deno.test("changeOf() says how many points a class has moved, in a sign and in words", () => {
  assert.deepEqual(changeOf(row(1, "espresso", 0.21), WHOLE), {
    points: -73,
    short: "▼\u00a073\u00a0points",
    long: "73 points less than without the cover",
  });
  assert.equal(changeOf(row(2, "cup", 0.03), WHOLE)?.short, "▲\u00a01\u00a0point");
  assert.equal(changeOf(row(1, "espresso", 0.942), WHOLE), null);
  assert.equal(changeOf(row(9, "plate", 0.5), WHOLE), null);
  assert.equal(changeOf(row(1, "espresso", 0.5), null), null);
});

Deno.test("coverSentence() says what falls and what takes over, hedged where nothing is sure", () => {
  const say = (rows: readonly ReturnType<typeof row>[], unsure = false) =>
    coverSentence({ rows: [...rows], unsure }, WHOLE, nameOf);
  assert.equal(
    say([row(2, "cup", 0.6), row(1, "espresso", 0.21)]),
    "espresso falls from 94 % to 21 %; cup takes over with 60 %.",
  );
  assert.equal(say([row(1, "espresso", 0.5)]), "espresso falls from 94 % to 50 %.");
  assert.equal(say([row(1, "espresso", 0.941)]), "espresso stays at 94 %.");
  assert.equal(say([row(1, "espresso", 0.99)]), "espresso rises from 94 % to 99 %.");
  assert.equal(
    say([row(2, "cup", 0.1)], true),
    "espresso falls from 94 % out of the first five; nothing else is sure.",
  );
  assert.equal(coverSentence({ rows: [], unsure: false }, WHOLE, nameOf), "");
  assert.equal(coverSentence({ rows: [row(1, "espresso", 0.5)], unsure: false }, null, nameOf), "");
});
