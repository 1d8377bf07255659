import assert from "node:assert/strict";
import { readPackageBinary } from "./package.ts";
import { shortenSpin, SPIN_ROUNDS } from "./spin.ts";

Deno.test("shortenSpin() changes nothing of the pinned package's binary but three constants", async () => {
  const before = await readPackageBinary();
  const after = shortenSpin(before);
  assert.ok(WebAssembly.validate(after));
  assert.equal(after.length, before.length);
  const changed = [...before.keys()].filter((at) => before[at] !== after[at]);
  assert.equal(changed.length, 9);
  const [low = 0, middle = 0, high = 0] = changed.slice(0, 3).map((at) => after[at] ?? 0);
  assert.equal((low & 0x7f) | (middle & 0x7f) << 7 | high << 14, SPIN_ROUNDS);
});

Deno.test("shortenSpin() leaves a binary alone that does not look as expected", () => {
  const binary = new Uint8Array([0, 0x41, 0xc0, 0x84, 0x3d, 7]);
  assert.equal(shortenSpin(binary), binary);
});
