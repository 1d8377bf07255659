import assert from "node:assert/strict";
import { contextOf, runCourse } from "../testing/course.ts";
import { SmallNetwork } from "../../engine/testing/small_network.ts";
import { cam } from "./cam.ts";

const network = new SmallNetwork({ width: 4, height: 4, projection: [-1, 2, 3, 4] });

Deno.test("cam returns the projection of the class as it is, signed", () => {
  const context = contextOf(network, { target: { kind: "class", index: 2 } });
  const { map } = runCourse(network, cam.attribute(context));
  assert.deepEqual(map, {
    classIndex: 2,
    layer: "features",
    height: 2,
    width: 2,
    values: Float32Array.of(-3, 0, 1, 2),
  });
});

Deno.test("cam follows the rank of the frame's own ranking", () => {
  const logits = network.answer({ frame: 1, variation: { kind: "none" }, want: { kind: "logits" } }).logits;
  const { map } = runCourse(
    network,
    cam.attribute(contextOf(network, { target: { kind: "rank", rank: 1 } })),
  );
  assert.equal(logits[map?.classIndex ?? -1], Math.max(...logits));
});

Deno.test("cam asks for the frame's row alone", () => {
  assert.deepEqual(runCourse(network, cam.attribute(contextOf(network))).kinds, ["frame"]);
});

Deno.test("cam.check() refuses a model with another head", () => {
  const { model } = new SmallNetwork({ width: 4, height: 4, projection: null });
  assert.deepEqual(cam.layers(model), []);
  assert.throws(() => cam.check?.(model, {}), { code: "unknown-layer", message: /global average pooling/ });
});
