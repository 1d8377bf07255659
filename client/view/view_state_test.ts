/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { fakeMethod } from "../../shared/testing/fake_method.ts";
import {
  askedView,
  FIRST_CLASS,
  firstView,
  lockedClass,
  natureOfView,
  optionsOf,
  unitOf,
  viewed,
} from "./view_state.ts";

const FIRST = firstView("grad-cam", FIRST_CLASS, { occlusion: { window: 48 } });
const ACCEPTED = viewed(FIRST, { kind: "accepted", view: { ...FIRST.current, options: { signed: false } } });

Deno.test("V1: viewed() raises the revision with every change", () => {
  const method = viewed(ACCEPTED, { kind: "method", method: "cam", keepsLayer: false });
  const target = viewed(method, { kind: "target", target: { kind: "class", index: 1 } });
  assert.deepEqual([FIRST, method, target].map((state) => state.current.revision), [1, 2, 3]);
  assert.equal(lockedClass(target.current.target), 1);
});

Deno.test("viewed() does not change anything for the same method or target", () => {
  assert.equal(viewed(ACCEPTED, { kind: "method", method: "grad-cam", keepsLayer: false }), ACCEPTED);
  assert.equal(viewed(ACCEPTED, { kind: "target", target: { kind: "rank", rank: 1 } }), ACCEPTED);
});

Deno.test("viewed() remembers the options of each method", () => {
  let state = viewed(ACCEPTED, { kind: "method", method: "occlusion", keepsLayer: false });
  assert.deepEqual(state.current.options, { window: 48 });
  state = viewed(state, { kind: "option", name: "stride", value: 8 });
  state = viewed(viewed(state, { kind: "method", method: "cam", keepsLayer: false }), {
    kind: "method",
    method: "occlusion",
    keepsLayer: false,
  });
  assert.deepEqual(state.current.options, { window: 48, stride: 8 });
});

Deno.test("X3: viewed() leaves what is shown until the wanted model's view is there, and changes what is wanted", () => {
  const shown = viewed(ACCEPTED, { kind: "accepted", view: { ...ACCEPTED.current, model: "lite0" } });
  const locked = viewed(shown, { kind: "target", target: { kind: "class", index: 5 } });
  const waiting = viewed(locked, { kind: "model", model: "lite1" });
  assert.equal(waiting.current, locked.current);
  assert.deepEqual(askedView(waiting).target, { kind: "class", index: 5, model: "lite0" });
  const changed = viewed(waiting, { kind: "method", method: "cam", keepsLayer: false });
  assert.equal(changed.current.method, "grad-cam");
  assert.deepEqual([askedView(changed).method, askedView(changed).model], ["cam", "lite1"]);
  const view = { ...askedView(changed), target: { kind: "class", index: 7 } as const };
  const there = viewed(changed, { kind: "accepted", view });
  assert.deepEqual([there.current, there.wanted], [view, null]);
});

Deno.test("X5: viewed() names the model whose class was clicked while another one is loaded", () => {
  const shown = viewed(ACCEPTED, { kind: "accepted", view: { ...ACCEPTED.current, model: "lite0" } });
  const waiting = viewed(shown, { kind: "model", model: "lite1" });
  const clicked = viewed(waiting, { kind: "target", target: { kind: "class", index: 9 } });
  assert.deepEqual(askedView(clicked).target, { kind: "class", index: 9, model: "lite0" });
  const missing = viewed(clicked, { kind: "class-missing" });
  assert.deepEqual(askedView(missing).target, FIRST_CLASS);
  assert.equal(askedView(missing).model, "lite1");
});

Deno.test("X3: viewed() stays with its model where the other one is refused or given up", () => {
  const shown = viewed(ACCEPTED, { kind: "accepted", view: { ...ACCEPTED.current, model: "lite0" } });
  const waiting = viewed(shown, { kind: "model", model: "lite1" });
  const refused = viewed(waiting, { kind: "refused", revision: askedView(waiting).revision });
  assert.deepEqual([refused.current, refused.wanted], [shown.current, null]);
  const stays = viewed(waiting, { kind: "model", model: "lite0" });
  assert.equal(stays.wanted, null);
  assert.ok(stays.current.revision > askedView(waiting).revision, "the server hears of it");
});

Deno.test("V2: viewed() takes the resolved class from the server", () => {
  const asked = viewed(ACCEPTED, { kind: "target", target: { kind: "label", label: "goldfish" } });
  assert.equal(lockedClass(asked.current.target), null);
  const view = { ...asked.current, target: { kind: "class", index: 1 } as const };
  assert.equal(lockedClass(viewed(asked, { kind: "accepted", view }).current.target), 1);
});

Deno.test("V3: viewed() goes back to the accepted view when a change is refused", () => {
  const asked = viewed(ACCEPTED, { kind: "method", method: "magic", keepsLayer: false });
  const back = viewed(asked, { kind: "refused", revision: asked.current.revision });
  assert.equal(back.current.method, "grad-cam");
  assert.equal(back.current.revision, 1);
  assert.equal(viewed(back, { kind: "method", method: "cam", keepsLayer: false }).current.revision, 3);
});

Deno.test("V3: viewed() takes the server's default when the hello's view is refused", () => {
  const refused = viewed(firstView("magic", FIRST_CLASS, {}), { kind: "refused", revision: 1 });
  const view = { revision: 0, method: "grad-cam", target: FIRST_CLASS, options: {} };
  const state = viewed(refused, { kind: "accepted", view });
  assert.equal(state.current.method, "grad-cam");
  assert.equal(state.current.revision, 0);
  assert.equal(viewed(state, { kind: "method", method: "cam", keepsLayer: false }).current.revision, 2);
});

Deno.test("viewed() takes the default of a server that was started with another model, which has no such class", () => {
  const locked = viewed(ACCEPTED, { kind: "target", target: { kind: "class", index: 517 } });
  const live = viewed(locked, { kind: "accepted", view: locked.current });
  const refused = viewed(viewed(live, { kind: "welcomed" }), {
    kind: "refused",
    revision: live.current.revision,
  });
  const view = { revision: 0, method: "grad-cam", target: FIRST_CLASS, options: {} };
  assert.equal(lockedClass(viewed(refused, { kind: "accepted", view }).current.target), null);
});

Deno.test("viewed() does not let the answer to an earlier change undo a later one", () => {
  const second = viewed(ACCEPTED, { kind: "method", method: "cam", keepsLayer: false });
  const third = viewed(second, { kind: "method", method: "occlusion", keepsLayer: false });
  assert.equal(viewed(third, { kind: "accepted", view: second.current }).current.method, "occlusion");
});

Deno.test("natureOfView() and unitOf() are those of the view's method, or of none before the server has named it", () => {
  const methods = [
    fakeMethod({ id: "grad-cam" }),
    fakeMethod({ id: "rise", zero: "arbitrary", unit: "mean" }),
  ];
  const view = { method: "rise", options: {} };
  assert.equal(natureOfView(view, methods).zero, "arbitrary");
  assert.equal(unitOf(view, methods), "mean");
  assert.deepEqual(natureOfView(view, []), { signed: false, zero: "nothing", range: null });
  assert.equal(unitOf(view, []), "");
  assert.equal(natureOfView({ method: "grad-cam", options: { signed: true } }, methods).signed, true);
});

Deno.test("viewed() keeps the chosen layer for a method that can look at any, and drops it for another", () => {
  const chosen = viewed(ACCEPTED, { kind: "layer", layer: "block10_add" });
  assert.equal(chosen.current.layer, "block10_add");
  assert.equal(chosen.current.revision, ACCEPTED.current.revision + 1);
  const kept = viewed(chosen, { kind: "method", method: "layercam", keepsLayer: true });
  assert.equal(kept.current.layer, "block10_add");
  const dropped = viewed(kept, { kind: "method", method: "saliency", keepsLayer: false });
  assert.equal("layer" in dropped.current, false);
  assert.equal("layer" in viewed(chosen, { kind: "layer", layer: null }).current, false);
});

Deno.test("a method's name that every object leads to no options", () => {
  for (const method of ["constructor", "__proto__", "toString", "hasOwnProperty"]) {
    const first = firstView(method, FIRST_CLASS, { occlusion: { window: 48 } });
    assert.deepEqual(first.current.options, {}, method);
    assert.deepEqual(
      viewed(FIRST, { kind: "method", method, keepsLayer: false }).current.options,
      {},
      method,
    );
    assert.deepEqual(optionsOf({}, method), {});
  }
});
