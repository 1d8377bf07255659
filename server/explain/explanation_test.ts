import assert from "node:assert/strict";
import type { Probe } from "../engine/port.ts";
import { SmallNetwork } from "../engine/testing/small_network.ts";
import { readAsk } from "./ask.ts";
import { documentOf } from "./document.ts";
import { explainPicture, type Explanation } from "./explanation.ts";
import { planOf } from "./explanation_plan.ts";

const network = new SmallNetwork({ width: 8, height: 8 });

interface Run {
  readonly explanation: Explanation;
  readonly asked: readonly Probe[];
  readonly shares: readonly number[];
}

async function explain(
  words: { method?: string; class?: string; trust?: boolean; why?: boolean; box?: string },
  { signal = new AbortController().signal, options = {} as Record<string, string>, blank = false } = {},
): Promise<Run> {
  const asked: Probe[] = [];
  const shares: number[] = [];
  let nowMs = 0;
  const ask = readAsk({ trust: false, ...words, options: new Map(Object.entries(options)) });
  const explanation = await explainPicture({
    engine: {
      model: network.model,
      run(batch) {
        asked.push(...batch);
        return Promise.resolve({
          rows: batch.map((probe) => ({ ...network.answer(probe), ...(blank ? { logits: NONE } : {}) })),
          computeMs: 1,
        });
      },
    },
    plan: planOf(network.model, ask),
    image: "cat.png",
    frame: 1,
    signal,
    now: () => nowMs++,
    onProgress: (share) => shares.push(share),
  });
  return { explanation, asked, shares };
}

/** Logits of a network that takes no class for likelier than another. */
const NONE = new Float32Array(network.model.classes);

const WINDOWS = { window: "4", stride: "4" };

Deno.test("explainPicture() makes several classes from one pass", async () => {
  const { explanation, asked } = await explain({ method: "grad-cam,cam", class: "0,1,2" });
  assert.equal(asked.length, 1);
  assert.deepEqual(explanation.maps.map(({ method, target }) => [method.id, target.index]), [
    ["grad-cam", 0],
    ["grad-cam", 1],
    ["grad-cam", 2],
    ["cam", 0],
    ["cam", 1],
    ["cam", 2],
  ]);
});

Deno.test("explainPicture() gives each map what it has by itself", async () => {
  const together = await explain({ method: "cam,occlusion", class: "1,2" }, { options: WINDOWS });
  for (const { method, target, map } of together.explanation.maps) {
    const options = method.id === "occlusion" ? WINDOWS : {};
    const { explanation } = await explain({ method: method.id, class: `${target.index}` }, { options });
    assert.deepEqual(map, explanation.maps[0]?.map);
  }
});

Deno.test("explainPicture() reports a share that only rises, up to 1", async () => {
  const { shares } = await explain({ method: "cam,occlusion", class: "1,2", trust: true }, {
    options: WINDOWS,
  });
  assert.ok(shares.every((share, index) => share >= (shares[index - 1] ?? 0)));
  assert.equal(shares.at(-1), 1);
});

Deno.test("explainPicture() computes the meters only where they are asked for", async () => {
  const { explanation } = await explain({ method: "cam", trust: true });
  const trust = explanation.maps[0]?.trust;
  assert.ok(trust !== null && trust !== undefined);
  assert.equal(trust.deletion.probabilities.length, trust.insertion.probabilities.length);
  assert.equal((await explain({ method: "cam" })).explanation.maps[0]?.trust, null);
});

Deno.test("explainPicture() ends with its signal's reason", async () => {
  const controller = new AbortController();
  const reason = new Error("gone");
  controller.abort(reason);
  await assert.rejects(explain({}, { signal: controller.signal }), reason);
});

Deno.test("documentOf() says `unsure` where the first prediction is no more than a guess", async () => {
  const { explanation } = await explain({ method: "cam" });
  assert.equal("unsure" in documentOf({ ...explanation, unsure: false }), false);
  assert.equal(documentOf({ ...explanation, unsure: true }).unsure, true);
});

Deno.test("explainPicture() dims the map of a guess, and none of a class that was chosen", async () => {
  const dims = async (words: { method?: string; class?: string }, blank: boolean) =>
    (await explain(words, { blank })).explanation.maps.map(({ dimmed }) => dimmed);
  assert.deepEqual(await dims({ method: "cam", class: "top1,top2,0" }, true), [true, true, false]);
  assert.deepEqual(await dims({ method: "cam", class: "top1,top2,0" }, false), [false, false, false]);
  assert.deepEqual(await dims({ method: "activations" }, true), [false]);
});

Deno.test("explainPicture() measures what a map rests on where that is asked for, in seven rows", async () => {
  const without = await explain({ method: "cam" });
  assert.equal(without.explanation.maps[0]?.reason, null);
  const { explanation, asked } = await explain({ method: "cam", why: true });
  assert.equal(asked.length, without.asked.length + 7);
  const { why, box } = documentOf(explanation).attribution ?? {};
  assert.ok(why?.region !== null && why !== undefined);
  assert.match(why.sentence, /^.+ %.*: .+\.$/);
  assert.ok(why.meter !== null);
  assert.ok(box !== undefined && box.left < box.right && box.pixels.right === Math.round(8 * box.right));
  const network = await explain({ method: "activations", why: true });
  assert.equal(network.explanation.maps[0]?.reason, null);
  assert.equal(documentOf(network.explanation).attribution?.box, undefined);
});

Deno.test("explainPicture() draws the box above another share of the scale where that is asked for", async () => {
  const areas: number[] = [];
  for (const box of ["5", "90"]) {
    const [map] = (await explain({ method: "cam", box })).explanation.maps;
    const { left, top, right, bottom } = map?.box ?? assert.fail("no box");
    areas.push((right - left) * (bottom - top));
  }
  assert.ok((areas[0] ?? 0) > (areas[1] ?? 1), areas.join());
});

Deno.test("documentOf() has `attribution` for one map and `attributions` for several", async () => {
  const one = documentOf((await explain({ method: "cam" })).explanation);
  assert.deepEqual(Object.keys(one), ["model", "image", "input", "predictions", "attribution"]);
  assert.deepEqual(Object.keys(one.attribution ?? {}), [
    "method",
    "class",
    "layer",
    "shape",
    "extent",
    "unit",
    "min",
    "max",
    "options",
    "elapsedMs",
    "clarity",
    "box",
  ]);
  const two = documentOf((await explain({ method: "cam", class: "top1,top2" })).explanation);
  assert.deepEqual(Object.keys(two), ["model", "image", "input", "predictions", "attributions"]);
  assert.equal(two.attributions?.length, 2);
  const measured = documentOf((await explain({ method: "cam", trust: true })).explanation);
  assert.equal(measured.attribution?.trust?.completeness, null);
});
