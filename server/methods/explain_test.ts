import assert from "node:assert/strict";
import { type Probe, probeKey } from "../engine/port.ts";
import { cam } from "./cam.ts";
import { contextOf, FakeNetwork, runCourse } from "./fake_network.ts";
import { explainFrame } from "./explain.ts";
import { gradCam } from "./grad_cam.ts";
import { integratedGradients } from "./integrated_gradients.ts";
import type { Attribution, Method, RawMap, Step } from "./method.ts";
import { occlusion } from "./occlusion.ts";
import { METHODS, resolveRequest } from "./registry.ts";
import { smoothGrad } from "./smoothgrad.ts";

const network = new FakeNetwork({ width: 4, height: 4 });

Deno.test("explainFrame() tells the ranking before the method begins", () => {
  assert.deepEqual(runCourse(network, explainFrame(gradCam, contextOf(network))).kinds, [
    "frame",
    "ranking",
    "frame",
  ]);
});

/** The probes that a generator has just asked for. */
function probesOf({ value }: IteratorResult<Step, RawMap>): readonly Probe[] {
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
