import assert from "node:assert/strict";
import { type Probe, probeKey } from "../engine/port.ts";
import { cam } from "./cam/cam.ts";
import { contextOf, runCourse } from "./testing/course.ts";
import { SmallNetwork } from "../engine/testing/small_network.ts";
import { explainFrame, type FollowedList } from "./explain.ts";
import { gradCam } from "./cam/grad_cam.ts";
import { integratedGradients } from "./gradient/integrated_gradients.ts";
import type { OptionValues } from "../../shared/protocol.ts";
import type { Attribution, GoodRow, Method, MethodContext, MethodStep, RawMap } from "./method.ts";
import { occlusion } from "./perturbation/occlusion.ts";
import { METHODS, resolveRequest } from "./registry.ts";
import { topClasses } from "./ranking.ts";
import { smoothGrad } from "./gradient/smoothgrad.ts";

const network = new SmallNetwork({ width: 4, height: 4 });

Deno.test("explainFrame() reports the ranking before the method begins", () => {
  assert.deepEqual(runCourse(network, explainFrame(gradCam, contextOf(network))).kinds, [
    "frame",
    "ranking",
    "frame",
  ]);
});

/** The probes that a generator has just asked for. */
function probesOf({ value }: IteratorResult<MethodStep, RawMap>): readonly Probe[] {
  return "kind" in value && value.kind === "probes" ? value.probes : assert.fail("no probes");
}

function explained(method: Method, still: boolean): Attribution {
  const { options, layer } = resolveRequest(network.model, {
    method: method.id,
    target: { kind: "class", index: 0 },
    options: {},
  });
  return explainFrame(method, contextOf(network, { options, layer, still }));
}

for (const still of [true, false]) {
  const name = still ? "still" : "moving";
  Deno.test(`explainFrame() reads the ranking of a ${name} picture off each method's own first row`, () => {
    for (const method of METHODS) {
      const attribution = explained(method, still);
      const first = probesOf(attribution.next([]));
      assert.deepEqual(first.map(({ variation }) => variation.kind), ["none"], method.id);
      const ranking = attribution.next(first.map((probe) => network.answer(probe))).value;
      assert.ok("kind" in ranking && ranking.kind === "ranking", method.id);
      assert.deepEqual(probesOf(attribution.next([])).map(probeKey), first.map(probeKey), method.id);
    }
  });
}

const SHORT: Readonly<Record<string, OptionValues>> = {
  "feature-visualization": { steps: 1 },
  rise: { masks: 2 },
  smoothgrad: { samples: 2 },
  "integrated-gradients": { steps: 2 },
};

const FIRST = { kind: "rank", rank: 1 } as const;

/** The rows of the unchanged frame that a method needs, and the class of its map. */
function followed(
  method: Method,
  target: MethodContext["target"],
  list: FollowedList,
): { readonly frames: number; readonly classIndex: number } {
  const { options, layer } = resolveRequest(network.model, {
    method: method.id,
    target,
    options: SHORT[method.id] ?? {},
  });
  const attribution = explainFrame(
    method,
    contextOf(network, { target, options, layer, still: false }),
    list,
  );
  const keys = new Set<string>();
  let rows: readonly GoodRow[] = [];
  for (;;) {
    const { done, value } = attribution.next(rows);
    if (done === true) return { frames: keys.size, classIndex: value.classIndex };
    if (value.kind === "probes" && value.lane === "frame") {
      for (const one of value.probes) keys.add(probeKey(one));
    }
    rows = value.kind === "probes" ? value.probes.map((probe) => network.answer(probe)) : [];
  }
}

Deno.test("R6: every method's map of a rank explains the class that the list has there, and costs no further row", () => {
  const own = followed(cam, FIRST, {
    expected: [],
    classAt: (rank, logits) => topClasses(logits, rank)[rank - 1] ?? NaN,
  });
  const other = (own.classIndex + 1) % network.model.classes;
  for (const method of METHODS) {
    // A method that shows the network itself shows a channel; which class it names follows the frame's ranking.
    if (method.subject === "network") continue;
    for (const index of [own.classIndex, other]) {
      const list = { expected: [index], classAt: () => index };
      const locked = followed(method, { kind: "class", index }, list);
      assert.deepEqual(followed(method, FIRST, list), locked, `${method.id}, as expected`);
      assert.equal(locked.classIndex, index);
    }
    const changed = followed(method, FIRST, { expected: [own.classIndex], classAt: () => other });
    assert.equal(changed.classIndex, other, `${method.id}, another class than expected`);
    assert.ok(changed.frames <= 3, `${method.id}: ${changed.frames} rows`);
  }
});

Deno.test("explainFrame() asks for one and the same row for all methods that need no gradient of the frame", () => {
  const keys = [cam, gradCam, occlusion, smoothGrad, integratedGradients].flatMap((method) =>
    probesOf(explained(method, true).next([])).map(probeKey)
  );
  assert.equal(new Set(keys).size, 1);
});

Deno.test("explainFrame() asks for the locked class and never for more top classes than there are", () => {
  const attribution = explainFrame(gradCam, contextOf(network, { target: { kind: "class", index: 2 } }));
  const first = attribution.next([]).value;
  assert.ok("kind" in first && first.kind === "probes");
  assert.deepEqual(first.probes[0]?.want, { kind: "projection", top: 3, also: [2] });
});
