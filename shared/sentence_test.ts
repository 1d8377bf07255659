import assert from "node:assert/strict";
import type { Prediction, Reason } from "./protocol.ts";
import { type NamedClass, NO_SENTENCE, type SentenceFacts, sentenceOf } from "./sentence.ts";
import { meterVerdict } from "./small_meter.ts";

const NAMES = ["espresso", "cup", "barbell"];
const WORDS = {
  nameOf: (index: number) => NAMES[index] ?? "?",
  percent: (probability: number) => `${Math.round(100 * probability)} %`,
};

function named(index: number, probability: number): NamedClass {
  return { index, name: NAMES[index] ?? "?", probability };
}

function line(index: number, probability: number): Prediction {
  return { index, label: NAMES[index] ?? "?", logit: 0, probability };
}

const REGION: NonNullable<Reason["region"]> = {
  box: { left: 0.3, top: 0, right: 0.7, bottom: 0.3 },
  place: "upper middle",
  share: 0.7,
  hidden: 0.21,
  takesOver: null,
};

/** A reason with what is to be different about its region. */
function reason(
  region: Partial<NonNullable<Reason["region"]>> | null = {},
  more: Partial<Reason> = {},
): Reason {
  return {
    target: line(0, 0.94),
    first: line(0, 0.94),
    region: region === null ? null : { ...REGION, ...region },
    meter: { drop: 0.6, random: 0.1 },
    ...more,
  };
}

const FACTS: SentenceFacts = {
  target: named(0, 0.94),
  first: named(0, 0.94),
  unsure: false,
  reason: reason(),
  blind: false,
  stale: false,
  signed: false,
  head: "softmax",
  mirrored: false,
};

function say(changes: Partial<SentenceFacts> = {}): string {
  return sentenceOf({ ...FACTS, ...changes }, WORDS).text;
}

Deno.test("sentenceOf() says what is seen, because of what, and what happens when that is hidden", () => {
  assert.equal(
    say(),
    "espresso, 94 %: mostly because of the upper middle; hide that and it falls to 21 %.",
  );
});

Deno.test("sentenceOf() says nothing before the first result, and only what is seen before anything was measured", () => {
  assert.deepEqual(sentenceOf({ ...FACTS, target: null, first: null }, WORDS), NO_SENTENCE);
  assert.equal(say({ reason: null }), "espresso, 94 %.");
});

Deno.test("sentenceOf() leaves a reason out that is of another class", () => {
  assert.equal(say({ target: named(1, 0.5), first: named(1, 0.5) }), "cup, 50 %.");
});

Deno.test("sentenceOf() says that a map has no evidence, or has it nearly everywhere", () => {
  assert.equal(say({ reason: reason(null) }), "espresso, 94 %: this map shows no evidence for it.");
  const box = { left: 0, top: 0, right: 1, bottom: 0.9 };
  assert.equal(
    say({ reason: reason({ box }) }),
    "espresso, 94 %: the evidence lies nearly everywhere, no single place decides.",
  );
});

Deno.test("sentenceOf() says above all where the region holds less than half of the evidence", () => {
  assert.match(say({ reason: reason({ share: 0.4 }) }), /above all because of the upper middle; hide/);
});

Deno.test("sentenceOf() names what takes over; of independent classes that it is stronger", () => {
  const taken = reason({ hidden: 0.02, takesOver: line(1, 0.5) });
  assert.match(say({ reason: taken }), /it falls to 2 %, and it becomes cup\.$/);
  assert.match(say({ reason: taken, head: "sigmoid" }), /it falls to 2 %, and cup is then stronger\.$/);
});

Deno.test("sentenceOf() says that hiding hardly changes it, or even raises it", () => {
  assert.equal(
    say({ reason: reason({ hidden: 0.91 }) }),
    "espresso, 94 %: mostly because of the upper middle, but hiding that hardly changes it (91 %): " +
      "the evidence is spread out.",
  );
  const small = { target: named(0, 0.03), first: named(0, 0.03) };
  assert.match(
    say({ ...small, reason: reason({ hidden: 0.01 }, { target: line(0, 0.03) }) }),
    /hide that and it falls to 1 %/,
  );
  assert.match(
    say({ ...small, reason: reason({ hidden: 0.3 }, { target: line(0, 0.03) }) }),
    /, but hide that and it rises to 30 %: the network does not need it\.$/,
  );
});

Deno.test("sentenceOf() is hedged where the network is not sure, and where the map is no better than chance or blind", () => {
  const guess = { target: named(2, 0.08), first: named(2, 0.08), unsure: true };
  assert.equal(
    say({ ...guess, reason: reason({ hidden: 0.01 }, { target: line(2, 0.08) }) }),
    "Not sure: perhaps barbell (8 %): if so, mostly because of the upper middle; hide that and it falls to 1 %.",
  );
  const chance = { drop: 0.1, random: 0.1 };
  assert.match(
    say({ reason: reason({}, { meter: chance }) }),
    /94 %: perhaps mostly because of the upper middle; /,
  );
  assert.match(say({ reason: reason({}, { meter: null }) }), /94 %: mostly because/);
  // The sentence hedges where the small meter says doubtful, and only there.
  for (const meter of [{ drop: 0.31, random: 0.1 }, { drop: 0.29, random: 0.1 }]) {
    const isHedged = / perhaps mostly /.test(say({ reason: reason({}, { meter }) }));
    assert.equal(isHedged, meterVerdict(meter) === "doubtful");
  }
  assert.match(
    say({ blind: true }),
    /perhaps mostly because of the upper middle, as this map would say of any class; /,
  );
});

Deno.test("sentenceOf() says of a signed map what speaks for the class", () => {
  assert.match(
    say({ signed: true }),
    /94 %: what speaks for it is mostly the upper middle; hide that and it falls/,
  );
});

Deno.test("sentenceOf() says which class is first where a locked one is not, and that nothing of it is taken over", () => {
  const locked = {
    target: named(1, 0.03),
    reason: reason({ hidden: 0.01, takesOver: line(0, 0.9) }, { target: line(1, 0.03) }),
  };
  assert.equal(
    say(locked),
    "cup, 3 % (first is espresso, 94 %): mostly because of the upper middle; hide that and it falls to 1 %.",
  );
  assert.match(say({ ...locked, unsure: true }), /^cup, 3 % \(not sure\): /);
});

Deno.test("sentenceOf() says of an old picture that it was a moment ago, and no reason", () => {
  assert.equal(say({ stale: true }), "A moment ago: espresso, 94 %.");
});

Deno.test("sentenceOf() names left and right as they are seen in a mirror", () => {
  const left = reason({ box: { left: 0, top: 0, right: 0.3, bottom: 0.3 } });
  assert.match(say({ reason: left }), /the upper left/);
  assert.match(say({ reason: left, mirrored: true }), /the upper right/);
});

Deno.test("sentenceOf() has the same words for other numbers", () => {
  const [one, other] = [reason(), reason({ hidden: 0.3 })].map((each) =>
    sentenceOf({ ...FACTS, reason: each }, WORDS)
  );
  assert.equal(one?.words, other?.words);
  assert.notEqual(one?.text, other?.text);
});
