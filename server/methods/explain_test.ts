import assert from "node:assert/strict";
import { probeKey } from "../engine/port.ts";
import { contextOf, FakeNetwork, runCourse } from "./fake_network.ts";
import { explainFrame } from "./explain.ts";
import { gradCam } from "./grad_cam.ts";
import { METHODS } from "./registry.ts";

const network = new FakeNetwork({ width: 4, height: 4 });

Deno.test("explainFrame() tells the ranking before the method begins", () => {
  assert.deepEqual(runCourse(network, explainFrame(gradCam, contextOf(network))).kinds, [
    "frame",
    "ranking",
    "frame",
  ]);
});

Deno.test("explainFrame() and every method ask for the same first row, so that it is computed once", () => {
  const keys = METHODS.map((method) => {
    const attribution = explainFrame(method, contextOf(network, { options: { window: 4, stride: 4 } }));
    const first = attribution.next([]).value;
    assert.ok("kind" in first && first.kind === "probes");
    const row = network.answer(first.probes[0] ?? assert.fail());
    attribution.next([row]);
    const again = attribution.next([]).value;
    assert.ok("kind" in again && again.kind === "probes");
    assert.equal(probeKey(again.probes[0] ?? assert.fail()), probeKey(first.probes[0] ?? assert.fail()));
    return probeKey(first.probes[0] ?? assert.fail());
  });
  assert.equal(new Set(keys).size, 1);
});

Deno.test("explainFrame() asks for the locked class and never for more top classes than there are", () => {
  const attribution = explainFrame(gradCam, contextOf(network, { target: { kind: "class", index: 2 } }));
  const first = attribution.next([]).value;
  assert.ok("kind" in first && first.kind === "probes");
  assert.deepEqual(first.probes[0]?.want, { kind: "projection", top: 3, also: [2] });
});
