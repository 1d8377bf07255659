/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { type Signal, signal } from "@preact/signals";
import { type Layer, Layers, type TabHistory } from "./layers.ts";

/** A tab whose steps are taken at once; leaving the page shows as −1. */
function scene() {
  const steps: number[] = [0];
  let at = 0;
  const history: TabHistory = {
    depth: () => steps[at] ?? -1,
    push(depth) {
      steps.splice(++at, Infinity, depth);
    },
    go(by) {
      at += by;
      layers.arrived();
    },
  };
  const layers = new Layers(history, (run) => run());
  const open = (over: Partial<Layer> = {}): Signal<boolean> => {
    const state = signal(false);
    layers.add({
      isOpen: () => state.value,
      close: () => state.value = false,
      escape: "page",
      back: true,
      ...over,
    });
    return state;
  };
  return { layers, open, back: () => history.go(-1), forward: () => history.go(1), depth: () => at };
}

Deno.test("Back closes what was opened last, one after the other, and then leaves", () => {
  const { layers, open, back, depth } = scene();
  layers.start();
  const [view, dialog] = [open(), open()];
  dialog.value = true;
  view.value = true;
  assert.equal(depth(), 2);
  back();
  assert.deepEqual([view.value, dialog.value], [false, true]);
  back();
  assert.deepEqual([view.value, dialog.value, depth()], [false, false, 0]);
});

Deno.test("what is closed otherwise leaves no step behind", () => {
  const { layers, open, depth } = scene();
  layers.start();
  const view = open();
  for (let turn = 0; turn < 3; turn++) {
    view.value = true;
    view.value = false;
  }
  assert.equal(depth(), 0);
});

Deno.test("what the address opens gets its step at the start, and a step of nothing is left", () => {
  const { layers, open, back, forward, depth } = scene();
  const view = open();
  view.value = true;
  layers.start();
  assert.equal(depth(), 1);
  back();
  assert.equal(view.value, false);
  forward();
  assert.equal(depth(), 0);
});

Deno.test("what does not let itself be closed keeps its step", () => {
  const { layers, open, back, depth } = scene();
  layers.start();
  const busy = open({ close: () => {} });
  busy.value = true;
  back();
  assert.deepEqual([busy.value, depth()], [true, 1]);
});

Deno.test("Escape closes the last one, leaves the browser's own to it, and skips what it does not close", () => {
  const { layers, open, depth } = scene();
  layers.start();
  const [view, menu, comparison] = [open(), open({ escape: "browser" }), open({ escape: "nobody" })];
  view.value = true;
  comparison.value = true;
  menu.value = true;
  layers.escape();
  assert.deepEqual([view.value, menu.value, comparison.value], [true, true, true]);
  menu.value = false;
  layers.escape();
  assert.deepEqual([view.value, comparison.value], [false, true]);
  assert.equal(depth(), 1);
});

Deno.test("a layer that is taken away is closed", () => {
  const { layers, depth } = scene();
  layers.start();
  const remove = layers.add({ isOpen: () => true, close: () => {}, escape: "page", back: true });
  assert.equal(depth(), 1);
  remove();
  assert.equal(depth(), 0);
});
