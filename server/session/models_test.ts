import assert from "node:assert/strict";
import { GradcastError } from "../../shared/errors.ts";
import type { ListedModel, Pane, View } from "../../shared/protocol.ts";
import type { LoadedModel } from "../engine/port.ts";
import { brief, Driver, keyOf, MODEL, servedModel, VIEW, WORLD } from "./testing/driver.ts";
import type { Effect, SessionWorld } from "./state.ts";

const OTHER: LoadedModel = { ...MODEL, id: "other", name: "Other", classes: 2, labels: ["cup", "plate"] };

const TWO: SessionWorld = {
  ...WORLD,
  expect(id) {
    if (id === MODEL.id || id === OTHER.id) return;
    throw new GradcastError("unknown-model", `Cannot choose the model: expected tiny or other, got '${id}'`);
  },
};

function say(driver: Driver, view: Partial<View>): readonly Effect[] {
  return driver.text(JSON.stringify({ type: "view", view: { ...VIEW, ...view } }));
}

function ready(driver: Driver, model: LoadedModel = OTHER): readonly Effect[] {
  return driver.take({ kind: "model-ready", served: servedModel(model) });
}

/** What the session needs, as its newest effect says. */
function used(effects: readonly Effect[]): readonly string[] | null {
  return effects.findLast((effect) => effect.kind === "use")?.models ?? null;
}

function messages(effects: readonly Effect[], type: string) {
  return effects.flatMap((effect) =>
    effect.kind === "send" && effect.message.type === type ? [effect.message] : []
  );
}

Deno.test("X2: a view without a model is of the first one, and one of an unknown model is refused by its revision", () => {
  const driver = Driver.greeted(TWO);
  assert.match(JSON.stringify(say(driver, { revision: 2 })), /"type":"view","revision":2,"model":"tiny"/u);
  const refused = say(driver, { revision: 3, model: "constructor" });
  assert.deepEqual(brief(refused), ["error:unknown-model"]);
  assert.match(JSON.stringify(refused), /got 'constructor'.*"revision":3/u);
  assert.equal(driver.live.request.revision, 2);
});

Deno.test("X3: a view whose model is not loaded waits for it with its progress, and the one before continues", () => {
  const driver = Driver.greeted(TWO);
  driver.frame(1);
  const asked = say(driver, { revision: 2, model: "other" });
  assert.deepEqual(brief(asked), ["use"]);
  assert.deepEqual(used(asked), ["tiny", "other"]);
  assert.deepEqual(messages(driver.take({ kind: "model-progress", model: "other", done: 0.5 }), "loading"), [
    { type: "loading", model: "other", done: 0.5 },
  ]);
  assert.deepEqual(brief(driver.ranking(1)), ["send:result"]);
  assert.deepEqual(brief(driver.take({ kind: "model-progress", model: "third", done: 0.5 })), []);
  const came = ready(driver);
  assert.deepEqual(brief(came), ["send:model", "send:view", "explain", "use"]);
  assert.deepEqual(used(came), ["other"]);
  const results = messages(driver.ranking(1, 2, new Float32Array([1, 3])), "result");
  assert.match(JSON.stringify(results), /"model":"other".*"label":"plate"/u);
});

Deno.test("X3: a newer view takes the place of one that waits, and a model that nobody wants any more changes nothing", () => {
  const driver = Driver.greeted(TWO);
  say(driver, { revision: 2, model: "other" });
  const back = say(driver, { revision: 3 });
  assert.deepEqual(brief(back), ["send:view", "use"]);
  assert.deepEqual(used(back), ["tiny"]);
  assert.deepEqual(ready(driver), []);
  assert.equal(driver.live.request.revision, 3);
});

Deno.test("X3: a model that cannot be loaded refuses what waited for it, and nothing else changes", () => {
  const driver = Driver.greeted(TWO);
  say(driver, { revision: 2, model: "other" });
  driver.text(JSON.stringify({ type: "panes", panes: [{ ...VIEW, id: 1, revision: 11, model: "other" }] }));
  const failed = driver.take({ kind: "model-failed", model: "other", code: "model-failed", message: "m" });
  assert.deepEqual(brief(failed), ["error:model-failed", "error:model-failed", "use"]);
  assert.match(JSON.stringify(failed), /"revision":2,"pane":null.*"revision":11,"pane":1/u);
  assert.deepEqual(used(failed), ["tiny"]);
  assert.equal(driver.live.request.model.id, "tiny");
});

Deno.test("X4: what can be done with a model comes before the view that switches to it, and before the first pane of it", () => {
  const driver = Driver.greeted(TWO);
  const pane: Pane = { ...VIEW, id: 1, revision: 11, model: "other" };
  const panes = (...all: readonly Pane[]) => driver.text(JSON.stringify({ type: "panes", panes: all }));
  assert.deepEqual(brief(panes(pane)), ["use"]);
  assert.deepEqual(brief(ready(driver)), ["send:model", "send:pane"]);
  assert.deepEqual(brief(panes(pane, { ...pane, id: 2 })), ["send:pane"]);
  assert.deepEqual(brief(say(driver, { revision: 2, model: "other" })), ["send:model", "send:view", "use"]);
  assert.deepEqual(brief(say(driver, { revision: 3 })), ["use"]);
  assert.deepEqual(brief(ready(driver, MODEL)), ["send:model", "send:view"]);
});

Deno.test("X2: a hello may name a model: the default view counts until it is there, and where there is none", () => {
  const hello = (model: string) => {
    const driver = new Driver(TWO);
    driver.take({ kind: "opened", full: null });
    const view = { ...VIEW, model };
    return { driver, effects: driver.text(JSON.stringify({ type: "hello", version: 5, view })) };
  };
  const known = hello("other");
  assert.deepEqual(brief(known.effects), ["disarm", "send:welcome", "arm", "use"]);
  assert.equal(known.driver.live.request.revision, 0);
  assert.deepEqual(used(known.effects), ["other"], "the first one must not take its place in memory");
  assert.deepEqual(brief(ready(known.driver)), ["send:model", "send:view"]);
  const failing = hello("other");
  const failed = { kind: "model-failed", model: "other", code: "models-full", message: "m" } as const;
  const effects = failing.driver.take(failed);
  assert.deepEqual(brief(effects), ["error:models-full", "send:view", "use"]);
  assert.deepEqual(used(effects), ["tiny"]);
  const unknown = hello("third");
  assert.deepEqual(brief(unknown.effects), [
    ...["disarm", "send:welcome", "arm", "error:unknown-model", "use", "send:view"],
  ]);
});

Deno.test("X7: a pane of another model says what that one makes of each frame", () => {
  const driver = Driver.greeted(TWO);
  driver.frame(1);
  driver.text(JSON.stringify({
    type: "panes",
    panes: [{ ...VIEW, id: 1, revision: 11, model: "other" }, { ...VIEW, id: 2, revision: 12 }],
  }));
  ready(driver);
  const work = driver.live.current ?? assert.fail("no frame is explained");
  const logits = new Float32Array([0, 2]);
  const [said] = messages(
    driver.take({ kind: "pane-ranking", work, pane: 1, revision: 11, logits }),
    "pane-result",
  );
  assert.ok(said?.type === "pane-result");
  assert.deepEqual([said.frame, said.model, said.predictions.map(({ label }) => label)], [
    ...[1, "other", ["plate", "cup"]],
  ]);
  // What the view's own model says is in the result.
  assert.deepEqual(driver.take({ kind: "pane-ranking", work, pane: 2, revision: 12, logits }), []);
  assert.deepEqual(driver.take({ kind: "pane-ranking", work, pane: 1, revision: 10, logits }), []);
});

Deno.test("X8: a model that is changed is sent again with the view and panes of it, by the same revisions, and explains again", () => {
  const driver = Driver.greeted(TWO);
  say(driver, { revision: 2, model: "other", target: { kind: "class", index: 1 } });
  ready(driver);
  driver.frame(1);
  driver.ranking(1, 2, new Float32Array([1, 3]));
  driver.text(JSON.stringify({
    type: "panes",
    panes: [
      { ...VIEW, id: 1, revision: 11, model: "other", against: { kind: "class", index: 0 } },
      { ...VIEW, id: 2, revision: 12 },
    ],
  }));
  ready(driver, MODEL);
  const renamed: LoadedModel = { ...OTHER, labels: ["mug", "dish"] };
  const effects = driver.take({ kind: "model-exchanged", served: servedModel(renamed) });
  assert.deepEqual(brief(effects), [
    ...["forget-pictures", "send:model", "send:view", "explain", "send:pane", "explain"],
  ]);
  assert.match(
    JSON.stringify(messages(effects, "view")),
    /"revision":2,.*"target":\{"kind":"class","index":1\}/u,
  );
  assert.match(JSON.stringify(messages(effects, "pane")), /"id":1,"revision":11,.*"index":0/u);
  const [result] = messages(driver.ranking(1, 2, new Float32Array([1, 3])), "result");
  assert.match(JSON.stringify(result), /"label":"dish"/u, "nothing of the list before is left");
  assert.deepEqual(driver.live.panes.map(({ pane }) => pane), [1, 2]);
  assert.deepEqual(used(effects), null);
});

Deno.test("X8: a model that has lost the class or the layer is shown as newcomers see it; what nobody shows is told when it comes", () => {
  const driver = Driver.greeted(TWO);
  say(driver, { revision: 2, model: "other", target: { kind: "class", index: 1 } });
  ready(driver);
  const poorer: LoadedModel = { ...OTHER, classes: 1, labels: ["mug"] };
  const effects = driver.take({ kind: "model-exchanged", served: servedModel(poorer) });
  assert.deepEqual(brief(effects), ["forget-pictures", "send:model", "send:view"]);
  assert.match(
    JSON.stringify(messages(effects, "view")),
    /"revision":2,.*"target":\{"kind":"rank","rank":1\}/u,
  );
  say(driver, { revision: 3 });
  ready(driver, MODEL);
  assert.deepEqual(driver.take({ kind: "model-exchanged", served: servedModel(OTHER) }), []);
  driver.text(JSON.stringify({ type: "panes", panes: [{ ...VIEW, id: 1, revision: 11, model: "other" }] }));
  assert.deepEqual(brief(ready(driver)), ["send:model", "send:pane"]);
});

Deno.test("X1: a change of the models is told to everybody who has said hello", () => {
  const unknown = { width: null, height: null, classes: null, bytes: null };
  const models: readonly ListedModel[] = [
    { id: "other", name: "Other", state: "failed", reason: "Cannot load", uploaded: true, ...unknown },
  ];
  assert.deepEqual(brief(Driver.greeted(TWO).take({ kind: "models", models })), ["send:models"]);
  assert.deepEqual(brief(new Driver(TWO).take({ kind: "models", models })), []);
});

Deno.test("R2: a list of another model is no beginning for this one's", () => {
  const driver = Driver.greeted(TWO);
  driver.frame(1);
  driver.ranking(1);
  say(driver, { revision: 2, model: "other" });
  ready(driver);
  assert.equal(driver.live.ranking, null);
  assert.equal(driver.live.current?.key, keyOf(1));
});
