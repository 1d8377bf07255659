/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import type { Trust } from "../../../shared/trust.ts";
import { measure, type Subject, type TrustState } from "./trust_state.ts";

const SUBJECT: Subject = {
  revision: 3,
  picture: 1,
  method: "grad-cam",
  label: "espresso",
  scoreUnit: "logits",
};
const CURVE = { auc: 0.5, probabilities: [1, 0] };
const BASELINE = {
  deletion: { auc: 0.5, probabilities: [1, 0] },
  insertion: { auc: 0.5, probabilities: [0, 1] },
};
const TRUST: Trust = {
  deletion: CURVE,
  insertion: CURVE,
  averageDrop: 0.1,
  increased: false,
  randomLogits: 0.2,
  completeness: null,
  total: null,
  evidence: true,
  baselines: { random: BASELINE, centre: BASELINE },
  verdict: { kind: "good", because: "deletion", against: "random" },
};
const RUNNING: TrustState = { kind: "running", subject: SUBJECT, share: 0.5 };

Deno.test("measure() runs, says how far it is and never goes back, and ends with the meters", () => {
  const begun = measure({ kind: "idle" }, { kind: "start", subject: SUBJECT });
  assert.deepEqual(begun, { kind: "running", subject: SUBJECT, share: 0 });
  assert.deepEqual(measure(RUNNING, { kind: "progress", share: 0.7 }), { ...RUNNING, share: 0.7 });
  assert.deepEqual(measure(RUNNING, { kind: "progress", share: 0.3 }), RUNNING);
  assert.deepEqual(measure(RUNNING, { kind: "measured", trust: TRUST }), {
    kind: "done",
    subject: SUBJECT,
    trust: TRUST,
  });
});

Deno.test("measure() can be cancelled, and late news of it changes nothing", () => {
  const idle = measure(RUNNING, { kind: "cancel" });
  assert.deepEqual(idle, { kind: "idle" });
  for (
    const event of [
      { kind: "progress", share: 1 },
      { kind: "measured", trust: TRUST },
      { kind: "failed", words: "no" },
    ] as const
  ) assert.equal(measure(idle, event), idle);
});

Deno.test("measure() says why it failed, and may begin again", () => {
  const failed = measure(RUNNING, { kind: "failed", words: "The server could not be reached." });
  assert.deepEqual(failed, { kind: "failed", words: "The server could not be reached." });
  assert.equal(measure(failed, { kind: "start", subject: SUBJECT }).kind, "running");
});
