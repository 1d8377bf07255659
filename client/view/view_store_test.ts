/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import type { View } from "../../shared/protocol.ts";
import { fakeMethod } from "../../shared/testing/fake_method.ts";
import { FIRST_CLASS, firstView } from "./view_state.ts";
import { ViewStore } from "./view_store.ts";

/** A store whose server has three methods, with what it asks for and remembers. */
function makeStore() {
  const asked: { view: View; sameValues: boolean }[] = [];
  const remembered: unknown[] = [];
  const store = new ViewStore(firstView("grad-cam", FIRST_CLASS, {}), {
    methods: () => [
      { ...fakeMethod({ id: "grad-cam" }), looksAt: "any-layer" },
      { ...fakeMethod({ id: "layer-cam" }), looksAt: "any-layer" },
      { ...fakeMethod({ id: "occlusion" }), looksAt: "network" },
    ],
    ask: (view, sameValues) => asked.push({ view, sameValues }),
    remember: (chosen) => remembered.push(chosen),
  });
  return { store, asked, remembered };
}

Deno.test("ViewStore.lockClass() locks a class, asks for it once, and keeps the scale", () => {
  const { store, asked } = makeStore();
  store.lockClass(517);
  store.lockClass(517);
  assert.equal(store.locked.value, 517);
  assert.equal(asked.length, 1);
  assert.deepEqual(asked[0]?.view.target, { kind: "class", index: 517 });
  assert.equal(asked[0]?.sameValues, true);
});

Deno.test("ViewStore.unlock() explains the first class again", () => {
  const { store, asked } = makeStore();
  store.lockClass(3);
  store.unlock();
  assert.equal(store.locked.value, null);
  assert.deepEqual(asked.at(-1)?.view.target, FIRST_CLASS);
});

Deno.test("ViewStore.toggleClass() unlocks the class that is locked, and locks another", () => {
  const { store } = makeStore();
  store.toggleClass(3);
  store.toggleClass(4);
  assert.equal(store.locked.value, 4);
  store.toggleClass(4);
  assert.equal(store.locked.value, null);
});

Deno.test("ViewStore.setMethod() keeps the layer where both methods explain any, and remembers the method", () => {
  const { store, asked, remembered } = makeStore();
  store.setLayer("block_13");
  store.setMethod("layer-cam");
  assert.equal(asked.at(-1)?.view.layer, "block_13");
  store.setMethod("occlusion");
  assert.equal(asked.at(-1)?.view.layer, undefined);
  assert.equal(asked.at(-1)?.sameValues, false, "values of another method say nothing about the scale");
  assert.deepEqual(remembered, [{ method: "layer-cam" }, { method: "occlusion" }]);
});

Deno.test("ViewStore.setOption() asks with the option, and remembers those of every method", () => {
  const { store, asked, remembered } = makeStore();
  store.setOption("signed", true);
  assert.deepEqual(asked.at(-1)?.view.options, { signed: true });
  assert.deepEqual(remembered, [{ options: { "grad-cam": { signed: true } } }]);
});

Deno.test("ViewStore.refused() takes up what the server shows, and asks for nothing", () => {
  const { store, asked } = makeStore();
  const shown = store.state.value.current;
  store.accepted(shown);
  store.lockClass(9_999);
  store.refused(asked.at(-1)?.view.revision ?? 0);
  assert.deepEqual(store.state.value.current, shown);
  assert.equal(store.locked.value, null);
  assert.equal(asked.length, 1);
});
