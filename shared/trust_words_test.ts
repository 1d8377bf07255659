import assert from "node:assert/strict";
import { VERDICT_METERS } from "./trust.ts";
import { verdictReason, verdictTitle } from "./trust_words.ts";

Deno.test("verdictTitle() has three words", () => {
  assert.deepEqual(
    (["good", "doubtful", "class-independent"] as const).map((kind) => verdictTitle({ kind })),
    ["Good", "Doubtful", "Does not depend on the class"],
  );
});

Deno.test("verdictReason() says because of which meter, and against what", () => {
  assert.equal(
    verdictReason({ kind: "good", because: "deletion", against: "random" }, "espresso"),
    "By deletion: taking away what it marks costs espresso clearly more than a random map does.",
  );
  assert.equal(
    verdictReason({ kind: "doubtful", because: "insertion", against: "centre" }, "espresso"),
    "By insertion: putting back what it marks restores espresso hardly better than beginning at the picture's centre.",
  );
  assert.match(
    verdictReason({ kind: "doubtful", because: "evidence", against: null }, "espresso"),
    /has no evidence for espresso/,
  );
  const all = VERDICT_METERS.map((because) =>
    verdictReason({ kind: "doubtful", because, against: null }, "x")
  );
  assert.ok(all.every((words) => /^[A-Zx].*\.$/u.test(words)), all.join("\n"));
});
