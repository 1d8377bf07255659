import assert from "node:assert/strict";
import fc from "fast-check";
import { readSequences, type Sequence } from "../tests/support/sequences.ts";
import { probabilityOf, topClasses } from "./logits.ts";
import { HOLD_MS, LEAD, linesOf, type RankedFrame, rankFrame, type Ranking } from "./ranking.ts";
import { isUnsure, SURE_FROM } from "./unsure.ts";
import { assertProperty } from "../tests/support/seeded.ts";

const LABELS = Array.from({ length: 12 }, (_, index) => `class ${index}`);

/** Logits of 12 classes whose probabilities are given for some; the others share the rest. */
function logitsOf(shares: Readonly<Record<number, number>>): Float32Array {
  const given = Object.values(shares).reduce((a, b) => a + b, 0);
  const rest = (1 - given) / (LABELS.length - Object.keys(shares).length);
  return Float32Array.from(LABELS, (_, index) => Math.log(shares[index] ?? rest));
}

/** Takes frames 20 ms apart and returns the ranking after each. */
function course(frames: readonly Float32Array[], stepMs = 20, before: Ranking | null = null): Ranking[] {
  const all: Ranking[] = [];
  for (const [at, logits] of frames.entries()) {
    const last = all.at(-1) ?? before;
    const [id, capturedMs] = [(last?.id ?? 0) + 1, (last?.capturedMs ?? -stepMs) + stepMs];
    all.push(rankFrame(last, { id, capturedMs, still: false, logits }));
    assert.equal(all.length, at + 1);
  }
  return all;
}

/** What must hold of every list, whatever came before. */
function assertHonest(ranking: Ranking, labels: readonly string[]): void {
  const rows = linesOf(ranking, labels);
  const shares = rows.map(({ probability }) => probability);
  assert.deepEqual(shares, shares.toSorted((a, b) => b - a), "sorted by the numbers that it shows");
  assert.equal(rows[0]?.logit, Math.max(...ranking.shown), "no class has more than the first");
  for (const { index, probability } of rows) {
    assert.equal(probability, probabilityOf(ranking.shown, index), "each class's own");
  }
  assert.ok(ranking.capturedMs - ranking.shownMs < HOLD_MS, "never older than HOLD_MS");
}

const frames = fc.array(
  fc.record({
    stepMs: fc.integer({ min: -5, max: 300 }),
    still: fc.boolean(),
    logits: fc.array(fc.float({ min: -8, max: 8, noNaN: true }), { minLength: 12, maxLength: 12 }),
  }),
  { minLength: 1, maxLength: 40 },
);

Deno.test("R1: every list is sorted by the numbers that it shows, each its class's own, of one moment", () => {
  assertProperty(fc.property(frames, (all) => {
    let [ranking, capturedMs]: [Ranking | null, number] = [null, 0];
    for (const [at, { stepMs, still, logits }] of all.entries()) {
      capturedMs += stepMs;
      ranking = rankFrame(ranking, { id: at + 1, capturedMs, still, logits: Float32Array.from(logits) });
      assertHonest(ranking, LABELS);
    }
  }));
});

Deno.test("R1: a still frame shows its own numbers", () => {
  const [moving] = course([logitsOf({ 0: 0.9 })]);
  const logits = logitsOf({ 1: 0.6, 0: 0.3 });
  const still = rankFrame(moving ?? null, { id: 9, capturedMs: 5, still: true, logits });
  assert.deepEqual(still.shown, logits);
  assert.deepEqual(still.order.slice(0, 2), [1, 0]);
});

Deno.test("R1: the first frame of a source shows its own numbers", () => {
  const logits = logitsOf({ 1: 0.6 });
  assert.deepEqual(rankFrame(null, { id: 1, capturedMs: 0, still: false, logits }).shown, logits);
});

Deno.test("R2: logits are smoothed by capture time, whatever the rate of frames", () => {
  const step = (stepMs: number) => {
    const before = course([logitsOf({ 0: 0.6, 1: 0.3 })], stepMs).at(-1) as Ranking;
    const after = Array.from({ length: 200 / stepMs }, () => logitsOf({ 0: 0.7, 1: 0.2 }));
    return course(after, stepMs, before).at(-1)?.smoothed[0] as number;
  };
  const [from, to] = [Math.log(0.6), Math.log(0.7)];
  const wanted = to + (from - to) / Math.E;
  for (const stepMs of [10, 20, 50, 200]) assert.ok(Math.abs(step(stepMs) - wanted) < 1e-4, `${stepMs} ms`);
});

Deno.test("R3: a rival that leads by 5 points takes first place at once", () => {
  const ranks = course([
    logitsOf({ 0: 0.5, 1: 0.4 }),
    ...Array.from({ length: 20 }, () => logitsOf({ 0: 0.1, 1: 0.8 })),
  ]);
  const changed = ranks.findIndex(({ order }) => order[0] === 1);
  const { smoothed, shownMs, capturedMs } = ranks[changed] as Ranking;
  assert.ok(probabilityOf(smoothed, 1) - probabilityOf(smoothed, 0) >= LEAD);
  assert.equal(shownMs, capturedMs);
  assert.ok(changed * 20 < HOLD_MS, "before its time was up");
});

Deno.test("R3: a rival that leads by less waits for 150 ms; until then the list stays that of one moment", () => {
  const close = logitsOf({ 0: 0.4, 1: 0.43 });
  const ranks = course([logitsOf({ 0: 0.44, 1: 0.4 }), ...Array.from({ length: 40 }, () => close)]);
  const leading = ranks.findIndex(({ smoothed }) => topClasses(smoothed, 1)[0] === 1);
  const changed = ranks.findIndex(({ order }) => order[0] === 1);
  const held = ranks.slice(leading, changed);
  assert.ok(held.length > 3);
  for (const { shown } of held) assert.equal(shown, ranks[leading - 1]?.shown);
  assert.equal(
    ranks[changed]?.capturedMs,
    (ranks[leading - 1]?.capturedMs ?? NaN) + 160,
    "the first frame 150 ms later",
  );
});

Deno.test("R4: a cut shows at once: a first class that was none of the five", () => {
  const [, cut] = course([logitsOf({ 0: 0.9 }), logitsOf({ 11: 0.6, 3: 0.2 })]);
  assert.equal(cut?.order[0], 11);
  assert.deepEqual(cut?.shown, logitsOf({ 11: 0.6, 3: 0.2 }));
});

Deno.test("R4: from one unsure moment to the next nothing is a cut", () => {
  const shares = { 0: 0.15, 1: 0.14, 2: 0.13, 3: 0.12, 4: 0.11 };
  const fewer = (logits: Float32Array) => Float32Array.from({ length: 100 }, (_, at) => logits[at] ?? -9);
  const [, next] = course([fewer(logitsOf(shares)), fewer(logitsOf({ ...shares, 9: 0.16 }))]);
  assert.equal(next?.unsure, true);
  assert.equal(next?.order[0], 0);
});

Deno.test("R5: what is unsure becomes sure at 25 %, so that it does not blink on a moving picture", () => {
  const noisy = Array.from({ length: 100 }, (_, at) => logitsOf({ 0: at % 2 === 0 ? 0.19 : 0.22 }));
  const many = noisy.map((logits) => Float32Array.from({ length: 1_000 }, (_, at) => logits[at] ?? -20));
  const states = course(many, 400).map(({ unsure }) => unsure);
  assert.deepEqual(new Set(states), new Set([true]));
  assert.equal(isUnsure(SURE_FROM, { classes: 1_000 }, true), false);
});

Deno.test("a frame that is taken twice changes nothing: a held picture has a result for every view", () => {
  const [first] = course([logitsOf({ 0: 0.9 })]);
  const again: RankedFrame = { id: 1, capturedMs: 0, still: false, logits: logitsOf({ 1: 0.9 }) };
  assert.equal(rankFrame(first ?? null, again), first);
});

/** What people would have seen of a recorded sequence. */
function watch({ frames }: Sequence, every = 1) {
  const taken = frames.filter((_, at) => at % every === 0);
  const rankings: Ranking[] = [];
  for (const [at, frame] of taken.entries()) {
    rankings.push(rankFrame(rankings.at(-1) ?? null, { id: at + 1, still: false, ...frame }));
  }
  const changesOf = <T>(values: readonly T[]) =>
    values.filter((value, at) => at > 0 && value !== values[at - 1]).length;
  return {
    rankings,
    frames: taken,
    headlines: changesOf(rankings.map(({ order }) => order[0])),
    ownHeadlines: changesOf(taken.map(({ logits }) => topClasses(logits, 1)[0])),
    flips: changesOf(rankings.map(({ unsure }) => unsure)),
  };
}

const SEQUENCES = new Map((await readSequences()).map((sequence) => [sequence.name, sequence]));

function sequence(name: string): Sequence {
  return SEQUENCES.get(name) ?? assert.fail(`no sequence '${name}'`);
}

Deno.test("R1: of all recorded samples none is unsorted, and the headline is always the highest", () => {
  let samples = 0;
  for (const one of SEQUENCES.values()) {
    for (const every of [1, 2, 5]) {
      for (const ranking of watch(one, every).rankings) {
        assertHonest(ranking, one.labels);
        samples++;
      }
    }
  }
  assert.ok(samples > 1_000);
});

Deno.test("the headline of a recorded pan, zoom and shake does not change where the frames' own does", () => {
  const own = ["pan over the cat", "zoom at the cup", "shake before the rocket"].map((name) => {
    const { headlines, ownHeadlines, flips } = watch(sequence(name));
    assert.deepEqual([headlines, flips], [0, 0], name);
    return ownHeadlines;
  });
  assert.ok(Math.max(...own) >= 15, "the pan is a hard one");
});

Deno.test("R4: each recorded cut shows on its first frame", () => {
  const { rankings, frames, headlines } = watch(sequence("cuts"));
  for (const cut of [25, 50, 75, 100]) {
    assert.deepEqual(rankings[cut]?.shown, frames[cut]?.logits, `frame ${cut}`);
  }
  assert.equal(headlines, 4);
  const uncovered = watch(sequence("lens uncovered"));
  assert.equal(uncovered.rankings[39]?.unsure, true);
  assert.equal(uncovered.rankings[40]?.unsure, false);
  assert.equal(sequence("lens uncovered").labels[uncovered.rankings[40]?.order[0] ?? -1], "espresso");
});

Deno.test("R5: a recorded face is unsure throughout, and its guess changes a fourth as often as the frames' own", () => {
  const { rankings, headlines, ownHeadlines } = watch(sequence("face"));
  assert.ok(rankings.every(({ unsure }) => unsure));
  assert.ok(headlines * 4 <= ownHeadlines, `${headlines} of ${ownHeadlines}`);
});
