import assert from "node:assert/strict";
import { isShown, type TourFacts, wordsOf } from "./facts.ts";
import { TOUR_STEPS } from "./tour_state.ts";

const ESPRESSO = { name: "espresso", percent: "94 %" };
const FACTS: TourFacts = {
  live: true,
  source: "this photo",
  first: ESPRESSO,
  second: "cup",
  unsure: false,
  mapped: true,
  fall: null,
  locked: null,
};

Deno.test("the tour says what is to be seen", () => {
  const fall = {
    name: "espresso",
    from: "94 %",
    to: "21 %",
    falls: true,
    over: { name: "cup", percent: "30 %" },
  };
  assert.equal(
    wordsOf("point", FACTS, false).words,
    "The bright square of this photo goes to a network that names what it sees. It says espresso, and is 94 % sure.",
  );
  assert.equal(
    wordsOf("fall", { ...FACTS, fall }, false).words,
    "espresso falls from 94 % to 21 %, and cup takes over with 30 %. So that part did count.",
  );
  assert.equal(
    wordsOf("fall", { ...FACTS, fall: { ...fall, to: null, over: null } }, false).words,
    "espresso was at 94 % and is not listed any more. So that part did count.",
  );
  assert.equal(
    wordsOf("fall", { ...FACTS, fall: { ...fall, to: "94 %", falls: false, over: null } }, false).words,
    "espresso stays at 94 %: what is left of the picture is enough.",
  );
  assert.match(wordsOf("unsure", { ...FACTS, unsure: true }, false).words, /has to guess: espresso, 94 %/);
});

Deno.test("every step has a title and words, also where what it shows is missing", () => {
  for (const step of TOUR_STEPS) {
    for (const missed of [false, true]) {
      const { title, words } = wordsOf(step, { ...FACTS, first: null, mapped: false }, missed);
      assert.ok(title.length > 5);
      assert.ok(words.length > 20 || step === "record" && missed, step);
    }
  }
});

Deno.test("a step waits for what it shows", () => {
  const nothing = { ...FACTS, first: null, mapped: false };
  assert.deepEqual(TOUR_STEPS.filter((step) => isShown(step, nothing)), ["record"]);
  const fall = { name: "a", from: "1 %", to: null, falls: true, over: null };
  assert.deepEqual(TOUR_STEPS.filter((step) => isShown(step, { ...FACTS, fall, locked: "cup" })), [
    ...TOUR_STEPS,
  ]);
});
