/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { signal } from "@preact/signals";
import type { HeadKind } from "../../../shared/head_model.ts";
import type { TaughtHead, Why } from "../../../shared/teach_wire.ts";
import { Refusal } from "../../http/http.ts";
import type { Enlarged } from "../../stage/enlarged.ts";
import { WhyModel, type WhySubject } from "./why_model.ts";

const LAYER = "head_relu6";
const LINEAR: WhySubject = { id: "mine", base: "first", kind: "linear", headRevision: 1 };

function headOf(kind: HeadKind): TaughtHead {
  return { kind, layer: LAYER, classes: [], features: 4, head: null, top: [], importances: [], kept: null };
}

function whyOf(kind: HeadKind): Why {
  return {
    ...{ kind, headRevision: 1, classes: [], layer: LAYER },
    explanation: { kind: "neighbours", probabilities: [], neighbours: [] },
    channels: [{ channel: 3, value: 1, height: 1, width: 2, values: [0, 2] }],
  };
}

/** A model whose pauses end when the test says so. */
function looking(first: WhySubject | null) {
  const subject = signal(first);
  const enlarged = signal<Enlarged | null>(null);
  const asked: string[] = [];
  const heads: string[] = [];
  const pauses: number[] = [];
  let wake = () => {};
  const refusal = { now: null as Refusal | null };
  const model = new WhyModel({
    server: {
      why(id, kind) {
        asked.push(`${id} ${kind}`);
        return refusal.now === null ? Promise.resolve(whyOf(kind)) : Promise.reject(refusal.now);
      },
      head(id, kind) {
        heads.push(`${id} ${kind}`);
        return Promise.resolve(headOf(kind));
      },
    },
    subject: () => subject.value,
    picture: () => new Uint8Array(1),
    enlarged,
    now: () => 0,
    pause(ms) {
      pauses.push(ms);
      return new Promise((resolve) => wake = resolve);
    },
  });
  const settled = async () => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };
  return { model, subject, enlarged, asked, heads, pauses, refusal, settled, next: () => wake() };
}

Deno.test("the head is read once for each revision, and its picture asked about once a second", async () => {
  const { model, subject, asked, heads, pauses, settled, next } = looking({
    id: "mine",
    base: "first",
    kind: "linear",
    headRevision: 1,
  });
  await settled();
  assert.deepEqual([asked, heads, pauses], [["mine linear"], ["mine linear"], [1_000]]);
  next();
  await settled();
  assert.equal(asked.length, 2);
  subject.value = { id: "mine", base: "first", kind: "linear", headRevision: 1 };
  await settled();
  assert.equal(heads.length, 1, "the same head");
  subject.value = { id: "mine", base: "first", kind: "tree", headRevision: 1 };
  assert.deepEqual([model.head.value, model.why.value], [null, null], "what was drawn is of another head");
  await settled();
  assert.equal(model.head.value?.kind, "tree");
  model.dispose();
});

Deno.test("nothing is asked before something is learned, and a refusal is quoted and asked again", async () => {
  const { model, subject, asked, pauses, refusal, settled, next } = looking(null);
  await settled();
  assert.deepEqual(asked, []);
  refusal.now = new Refusal("Busy. Try again.");
  subject.value = { id: "mine", base: "first", kind: "nearest", headRevision: 1 };
  next();
  await settled();
  assert.equal(model.problem.value, "Busy. Try again.");
  assert.equal(pauses.at(-1), 3_000);
  refusal.now = null;
  next();
  await settled();
  assert.deepEqual([model.problem.value, model.why.value?.kind], [null, "nearest"]);
  model.dispose();
});

Deno.test("a channel of another head lies over the picture no more", async () => {
  const { model, subject, enlarged, settled } = looking(LINEAR);
  await settled();
  model.toggleChannel(3);
  subject.value = { ...LINEAR, headRevision: 2 };
  assert.notEqual(enlarged.value, null, "the same head learned again");
  subject.value = { ...LINEAR, kind: "tree" };
  assert.equal(enlarged.value, null);
  model.dispose();
});

Deno.test("a channel lies over the picture with its newest values until it is pressed again or the part closes", async () => {
  const { model, enlarged, settled, next } = looking({
    id: "mine",
    base: "first",
    kind: "tree",
    headRevision: 1,
  });
  const shown = () => enlarged.value;
  await settled();
  model.toggleChannel(3);
  assert.deepEqual([model.channel, shown()?.map?.values], [3, Float32Array.of(0, 2)]);
  model.toggleChannel(3);
  assert.equal(shown(), null);
  model.toggleChannel(9);
  assert.equal(shown()?.map, null, "its values are not known");
  next();
  await settled();
  model.dispose();
  assert.equal(shown(), null);
});
