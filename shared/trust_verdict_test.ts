import assert from "node:assert/strict";
import type { Trust } from "./trust.ts";
import { areaLike, areaOf, type Meters, verdictOf } from "./trust_verdict.ts";

/** A curve from 0.8 down to 0 whose area is `auc`, by two steps. */
function falling(auc: number): Trust["deletion"] {
  return { auc, probabilities: [0.8, 2 * auc - 0.4, 0] };
}

function rising(auc: number): Trust["insertion"] {
  return { auc, probabilities: [0, 2 * auc - 0.4, 0.8] };
}

/** The class has a probability of 0.8, random maps gain 0.1, the centre 0.2. */
function meters(some: Partial<Meters> = {}): Meters {
  return {
    deletion: falling(0.2),
    insertion: rising(0.6),
    randomLogits: 0.2,
    completeness: null,
    total: null,
    evidence: true,
    baselines: {
      random: { deletion: falling(0.35), insertion: rising(0.45) },
      centre: { deletion: falling(0.3), insertion: rising(0.5) },
    },
    ...some,
  };
}

Deno.test("A15: a map that gains a quarter of the probability over random maps and a twentieth over the centre is good", () => {
  assert.equal(verdictOf(meters()).kind, "good");
  // 0.1 + 0.25 · 0.8 is 0.3; the centre's 0.2 + 0.05 · 0.8 is 0.24.
  const gaining = (gain: number) =>
    verdictOf(meters({ deletion: falling(0.4 - gain / 2), insertion: rising(0.4 + gain / 2) }));
  assert.deepEqual([gaining(0.301).kind, gaining(0.299).kind], ["good", "doubtful"]);
  assert.equal(gaining(0.299).against, "random");
  const centre = (gain: number) =>
    verdictOf(meters({
      baselines: {
        ...meters().baselines,
        centre: { deletion: falling(0.4 - gain / 2), insertion: rising(0.4 + gain / 2) },
      },
    }));
  assert.deepEqual([centre(0.359).kind, centre(0.361).kind], ["good", "doubtful"]);
  assert.equal(centre(0.361).against, "centre");
});

Deno.test("A15: the curve that wins more decides for good, the one that wins less for doubtful", () => {
  assert.equal(verdictOf(meters({ deletion: falling(0.05) })).because, "deletion");
  assert.equal(verdictOf(meters({ insertion: rising(0.78) })).because, "insertion");
  assert.deepEqual(verdictOf(meters({ deletion: falling(0.34), insertion: rising(0.5) })), {
    kind: "doubtful",
    because: "deletion",
    against: "random",
  });
});

Deno.test("A15: a map whose pixels cost no more when they go than they restore is doubtful, whatever the baselines do", () => {
  const worse = { deletion: falling(0.7), insertion: rising(0.2) };
  assert.deepEqual(
    verdictOf(
      meters({
        deletion: falling(0.4),
        insertion: rising(0.4),
        baselines: { random: worse, centre: worse },
      }),
    ),
    { kind: "doubtful", because: "deletion", against: null },
  );
});

Deno.test("A15: a map that survives random logits does not depend on the class, however well it does", () => {
  const at = (randomLogits: number | null) => verdictOf(meters({ randomLogits }));
  assert.deepEqual(at(0.91), { kind: "class-independent", because: "random-logits", against: null });
  assert.deepEqual([at(0.9).kind, at(null).kind], ["good", "good"]);
});

Deno.test("A15: a map without evidence, or one that misses its score by more than half, is doubtful", () => {
  assert.deepEqual(verdictOf(meters({ evidence: false, randomLogits: 1 })), {
    kind: "doubtful",
    because: "evidence",
    against: null,
  });
  const missing = (completeness: number) => verdictOf(meters({ completeness, total: -8 }));
  assert.deepEqual([missing(4).kind, missing(4.01).because], ["good", "completeness"]);
});

Deno.test("A15: a class without probability leaves nothing to measure", () => {
  const probabilities = [0.0009, 0.0001, 0];
  assert.equal(
    verdictOf(meters({ deletion: { auc: areaOf(probabilities), probabilities } })).because,
    "probability",
  );
});

Deno.test("areaLike() takes as many steps of a curve as another one has", () => {
  const fine = { auc: 0.5, probabilities: [1, 0.2, 0.5, 0.2, 0] };
  assert.equal(areaLike(fine, { auc: 0, probabilities: [1, 0, 0] }), 0.5);
  assert.equal(areaLike(fine, { auc: 0, probabilities: [1, 0] }), 0.5);
  assert.equal(areaLike({ ...fine, auc: 0.35 }, { auc: 0, probabilities: [1, 0, 0, 0] }), 0.35);
});
