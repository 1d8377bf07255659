import assert from "node:assert/strict";
import { contextOf, runCourse } from "../testing/course.ts";
import { SmallNetwork } from "../../engine/testing/small_network.ts";
import { gradCam } from "./grad_cam.ts";

const network = new SmallNetwork({ width: 4, height: 4, projection: [-1, 2, 3, 4] });

Deno.test("grad-cam returns the projection over h·w without its negative part", () => {
  const context = contextOf(network, { target: { kind: "class", index: 1 }, options: { signed: false } });
  const { map } = runCourse(network, gradCam.attribute(context));
  assert.deepEqual(map?.values, Float32Array.of(0, 0.25, 0.5, 0.75));
  assert.equal(map?.layer, "features");
});

Deno.test("grad-cam keeps the negative part when signed", () => {
  const context = contextOf(network, { target: { kind: "class", index: 1 }, options: { signed: true } });
  assert.deepEqual(
    runCourse(network, gradCam.attribute(context)).map?.values,
    Float32Array.of(-0.5, 0.25, 0.5, 0.75),
  );
});

Deno.test("grad-cam leaves the row's projection as it was, for the next who reads it", () => {
  const row = network.answer({
    frame: 1,
    variation: { kind: "none" },
    want: { kind: "projection", top: 3, also: [] },
  });
  const before = row.projection?.values.slice();
  const attribution = gradCam.attribute(contextOf(network, { options: { signed: false } }));
  attribution.next([]);
  attribution.next([row]);
  assert.deepEqual(row.projection?.values, before);
});
