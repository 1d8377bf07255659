/** What a taught model says of itself. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { LinearHead } from "../../shared/head_model.ts";
import { createMemoryEngine } from "../engine/testing/memory_engine.ts";
import { hashOfHead } from "../heads/mod.ts";
import { taughtModel } from "./taught_engine.ts";

const HEAD: LinearHead = {
  ...{ kind: "linear", classes: ["Cup", "Cat"], features: [], width: 2, seed: 0 },
  ...{ mean: [0, 0], deviation: [1, 1], weights: [[1, 2], [-1, -2]], bias: [0, 0] },
};

const nameOf = (head: LinearHead) => ({ id: "mine", name: "Mine", sha256: hashOfHead(head) });

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

Deno.test("a taught model is known by its base and its head", () => {
  const { model } = createMemoryEngine();
  const hash = { of: "card", sha256: "0".repeat(64) } as const;
  const base = { ...model, about: { ...model.about, hash } };
  const found = taughtModel(base, HEAD, nameOf(HEAD));
  assert.deepEqual([found.id, found.name, found.labels, found.classes], ["mine", "Mine", ["Cup", "Cat"], 2]);
  assert.deepEqual(found.about.hash, {
    of: "head",
    sha256: sha256(`${hash.sha256}  base\n${sha256(JSON.stringify(HEAD))}  head.json\n`),
  });
  const other = { ...HEAD, bias: [0, 1] };
  const changed = taughtModel(base, other, nameOf(other)).about.hash?.sha256;
  assert.notEqual(changed, found.about.hash?.sha256);
  assert.equal(taughtModel(model, HEAD, nameOf(HEAD)).about.hash, undefined);
});
