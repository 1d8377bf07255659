import assert from "node:assert/strict";
import type { Pane } from "../../shared/protocol.ts";
import type { RawMap } from "../methods/method.ts";
import { brief, Driver, VIEW } from "./testing/driver.ts";
import type { Effect, PaneRequest, Work } from "./state.ts";

const MAP: RawMap = { classIndex: 1, layer: "head", height: 1, width: 1, values: Float32Array.of(2) };

function pane(id: number, more: Partial<Pane> = {}): Pane {
  return { ...VIEW, id, revision: 10 + id, ...more };
}

function say(driver: Driver, panes: readonly unknown[]): readonly Effect[] {
  return driver.text(JSON.stringify({ type: "panes", panes }));
}

/** What is explained by these effects: panes with their methods. */
function explained(effects: readonly Effect[]): string[] {
  return effects.flatMap((effect) =>
    effect.kind === "explain" ? effect.requests.map(({ pane, method }) => `${pane} ${method.id}`) : []
  );
}

function workOf(effects: readonly Effect[]): Work {
  for (const effect of effects) if (effect.kind === "explain") return effect.work;
  return assert.fail("nothing is explained");
}

function requestsOf(effects: readonly Effect[]): readonly PaneRequest[] {
  return effects.flatMap((effect) => effect.kind === "explain" ? effect.requests : []);
}

Deno.test("P1: panes are explained beside the main one, of the frame under way and of every frame after it", () => {
  const driver = Driver.greeted();
  driver.frame(1);
  const effects = say(driver, [pane(1), pane(2, { method: "activations" })]);
  assert.deepEqual(brief(effects), ["send:pane", "send:pane", "explain"]);
  assert.deepEqual(explained(effects), ["1 grad-cam", "2 activations"]);
  driver.ranking(1);
  assert.deepEqual(explained(driver.frame(2)), ["0 grad-cam", "1 grad-cam", "2 activations"]);
});

Deno.test("P1: more panes than there is room for, two of one id and an id out of range do not fit", () => {
  const driver = Driver.greeted();
  const wrong = [
    [1, 2, 3, 4, 5, 6].map((id) => pane(id)),
    [pane(1), pane(1)],
    [pane(0)],
    [{ ...pane(1), colour: "red" }],
  ];
  for (const panes of wrong) assert.deepEqual(brief(say(driver, panes)), ["error:message-shape"]);
  assert.deepEqual(driver.live.panes, []);
});

Deno.test("P2: a message replaces all panes; what stays as it is continues, what is left out ends", () => {
  const driver = Driver.greeted();
  driver.frame(1);
  say(driver, [pane(1), pane(2)]);
  const effects = say(driver, [pane(2), pane(3)]);
  assert.deepEqual(brief(effects), ["send:pane", "retire", "explain"]);
  assert.deepEqual(explained(effects), ["3 grad-cam"]);
  assert.ok(effects.some((effect) => effect.kind === "retire" && String(effect.panes) === "1"));
});

Deno.test("P3: a pane that cannot be had is refused by its id and revision, and the others continue", () => {
  const driver = Driver.greeted();
  const effects = say(driver, [pane(1, { method: "astrology" }), pane(2)]);
  assert.deepEqual(brief(effects), ["error:unknown-method", "send:pane"]);
  assert.match(JSON.stringify(effects), /"revision":11,"pane":1/);
  assert.deepEqual(driver.live.panes.map((one) => one.pane), [2]);
});

Deno.test("P4: a pane with a class to set against keeps both signs and resolves both classes", () => {
  const driver = Driver.greeted();
  driver.frame(1);
  const effects = say(driver, [
    pane(1, { target: { kind: "label", label: "dog" }, against: { kind: "label", label: "cup" } }),
    pane(2, { against: { kind: "class", index: 9 } }),
  ]);
  assert.deepEqual(brief(effects), ["send:pane", "error:unknown-class", "explain"]);
  const [request] = requestsOf(effects);
  assert.deepEqual(request?.target, { kind: "class", index: 1 });
  assert.deepEqual(request?.against, { kind: "class", index: 2 });
  assert.equal(request?.options["signed"], true);
});

Deno.test("P5: tiles and maps name their pane; those of a pane that is gone or shows something else are dropped", () => {
  const driver = Driver.greeted();
  say(driver, [pane(1)]);
  const work = workOf(driver.frame(1));
  const done = (id: number, revision: number) =>
    driver.take({ kind: "done", work, pane: id, revision, costMs: 12, map: MAP });
  const [sent] = done(1, 11);
  assert.ok(sent?.kind === "send-tile");
  assert.deepEqual([sent.tile.pane, sent.tile.revision, sent.tile.costMs, sent.tile.frame], [1, 11, 12, 1]);
  assert.deepEqual(done(1, 10), []);
  assert.deepEqual(done(2, 11), []);
  say(driver, []);
  assert.deepEqual(done(1, 11), []);
});

Deno.test("P6: a pane that fails is reported with its id; the frame and the other panes continue", () => {
  const driver = Driver.greeted();
  say(driver, [pane(1)]);
  const work = workOf(driver.frame(1));
  const failed = {
    kind: "failed",
    key: work.key,
    pane: 1,
    revision: 11,
    code: "engine-failed",
    message: "m",
  } as const;
  const effects = driver.take(failed);
  assert.deepEqual(brief(effects), ["error:engine-failed"]);
  assert.match(JSON.stringify(effects), /"frame":null,"revision":11,"pane":1/);
  assert.equal(driver.live.current?.id, 1);
  assert.deepEqual(driver.take({ ...failed, revision: 5 }), []);
});
