import assert from "node:assert/strict";
import type { Result } from "../../shared/protocol.ts";
import { Driver, VIEW } from "./testing/driver.ts";
import type { Effect } from "./state.ts";

const CAT = Float32Array.of(3, 2.9, 0);
const DOG = Float32Array.of(2.9, 3, 0);
const CUP = Float32Array.of(-5, -5, 9);

function resultIn(effects: readonly Effect[]): Result {
  for (const effect of effects) {
    if (effect.kind === "send" && effect.message.type === "result") return effect.message;
  }
  return assert.fail("no result");
}

/** Sends a frame of a moving picture and takes its result. */
function see(
  driver: Driver,
  id: number,
  logits: Float32Array,
  more: { still?: boolean; first?: boolean } = {},
): Result {
  driver.frame(id, { capturedMs: 33 * id, ...more });
  return resultIn(driver.ranking(id, VIEW.revision, logits));
}

Deno.test("R1, R6: a result holds the frame's own predictions and the calm list; the map's class is the list's", () => {
  const driver = Driver.greeted();
  see(driver, 1, CAT);
  const { predictions, ranking, target } = see(driver, 2, DOG);
  assert.deepEqual(predictions.map(({ index }) => index), [1, 0, 2]);
  assert.deepEqual(ranking.rows.map(({ index }) => index), [0, 1, 2]);
  assert.deepEqual(target, ranking.rows[0]);
  assert.equal(ranking.unsure, false);
});

Deno.test("R6: a locked class has the number of the list's moment", () => {
  const driver = Driver.greeted();
  const view = { ...VIEW, revision: 2, target: { kind: "class", index: 2 } };
  driver.text(JSON.stringify({ type: "view", view }));
  driver.frame(1);
  const { ranking, target } = resultIn(driver.ranking(1, 2, CAT));
  assert.deepEqual(target, ranking.rows.find(({ index }) => index === 2));
});

Deno.test("F1, R1: the first frame of a source shows its own numbers, and so does a still one", () => {
  for (const more of [{ first: true }, { still: true }]) {
    const driver = Driver.greeted();
    see(driver, 1, CAT);
    const { predictions, ranking } = see(driver, 2, DOG, more);
    assert.deepEqual(ranking.rows, predictions);
  }
});

Deno.test("F1: a first frame that gives way to a newer one passes that on", () => {
  const driver = Driver.greeted();
  see(driver, 1, CAT);
  driver.frame(2, { capturedMs: 66 });
  driver.frame(3, { capturedMs: 99, first: true });
  driver.frame(4, { capturedMs: 132 });
  driver.ranking(2, VIEW.revision, CAT);
  const { frame, predictions, ranking } = resultIn(driver.ranking(4, VIEW.revision, DOG));
  assert.equal(frame, 4);
  assert.deepEqual(ranking.rows, predictions);
});

Deno.test("R4: a cut shows at once, and the next frame is smoothed with it and nothing before", () => {
  const driver = Driver.greeted();
  see(driver, 1, CAT);
  const { ranking } = see(driver, 2, CUP, { first: true });
  assert.deepEqual([ranking.rows[0]?.index, ranking.unsure], [2, false]);
  assert.equal(see(driver, 3, CUP).ranking.rows[0]?.logit, 9);
});

Deno.test("R6: a frame whose result is dropped for a full socket is in the list all the same", () => {
  const driver = Driver.greeted();
  driver.frame(1, { capturedMs: 33 });
  driver.bufferedBytes = 2 ** 20;
  driver.ranking(1, VIEW.revision, CAT);
  assert.deepEqual(driver.live.ranking?.order, [0, 1, 2]);
});
