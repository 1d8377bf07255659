import assert from "node:assert/strict";
import { startBackend } from "../threads/backend.ts";
import { ModelWriter } from "./testing/model_writer.ts";
import { Constants } from "./constants.ts";
import { Executor } from "./executor.ts";
import { Kernels } from "./kernels.ts";
import { optimise } from "./optimise.ts";

const kernels = new Kernels((await startBackend(1)).backend);

Deno.test("Constants holds a weight once, until the last one gives it back", () => {
  const before = kernels.count;
  const constants = new Constants(kernels);
  const weight = { shape: [2], values: new Float32Array([1, 2]) };
  const alike = { shape: [2], values: new Float32Array([1, 2]) };
  assert.equal(constants.take(weight), constants.take(weight));
  assert.notEqual(constants.take(alike), constants.take(weight));
  assert.equal(kernels.count - before, 2);
  constants.release(weight);
  constants.release(alike);
  assert.equal(kernels.count - before, 1);
  constants.release(weight);
  constants.release(weight);
  assert.equal(kernels.count, before);
  assert.throws(() => constants.release(weight), /was not taken/u);
});

Deno.test("Constants makes a form of a weight once and frees it with the weight", () => {
  const before = kernels.count;
  const constants = new Constants(kernels);
  const weight = { shape: [2], values: new Float32Array([1, 2]) };
  assert.throws(() => constants.derive(weight, "negative", negate), /was not taken/u);
  constants.take(weight);
  const value = constants.derive(weight, "negative", negate);
  assert.equal(constants.derive(weight, "negative", () => assert.fail("made again")), value);
  assert.deepEqual([...kernels.view(value)], [-1, -2]);
  constants.release(weight);
  assert.equal(kernels.count, before);
});

Deno.test("Executors that share constants upload only what is new", () => {
  const before = kernels.count;
  const constants = new Constants(kernels);
  const writer = new ModelWriter(1);
  writer.input(5, 5);
  writer.conv([1, 1, 3, 4], { name: "conv" });
  writer.batchNorm(4);
  writer.add("Flatten");
  writer.dense([100, 2]);
  const plain = writer.build();
  const first = new Executor(optimise(plain), kernels, constants);
  assert.equal(kernels.count - before, 4);
  const second = new Executor(optimise(plain, { keep: ["conv"] }), kernels, constants);
  assert.equal(kernels.count - before, 8);
  first.dispose();
  first.dispose();
  assert.equal(kernels.count - before, 6);
  second.dispose();
  assert.equal(kernels.count, before);
});

function negate({ shape, values }: { shape: readonly number[]; values: Float32Array }) {
  return { shape, values: values.map((value) => -value) as Float32Array<ArrayBuffer> };
}
