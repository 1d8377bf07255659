import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { readModelFacts } from "./card.ts";

const FOLDER = fileURLToPath(new URL("../../models/efficientnet-lite0", import.meta.url));

Deno.test("readModelFacts() reads the shipped card, and its hash is the file's", async () => {
  const facts = await readModelFacts(FOLDER, Deno.readFile);
  assert.equal(facts?.licence["weights"], "Apache-2.0");
  assert.match(facts?.source["weights"] ?? "", /efficientnet-lite0/);
  const card = await Deno.readFile(`${FOLDER}/gradcast.json`);
  assert.equal(facts?.sha256, new Uint8Array(await crypto.subtle.digest("SHA-256", card)).toHex());
});

Deno.test("readModelFacts() reads the card beside a model's file", async () => {
  const folder = await Deno.makeTempDir({ prefix: "gradcast-card-" });
  try {
    await Deno.writeTextFile(`${folder}/net.keras`, "");
    assert.equal(await readModelFacts(`${folder}/net.keras`, Deno.readFile), null);
    await Deno.writeTextFile(`${folder}/net.gradcast.json`, JSON.stringify({ licence: { weights: "MIT" } }));
    const facts = await readModelFacts(`${folder}/net.keras`, Deno.readFile);
    assert.deepEqual([facts?.licence, facts?.sha256], [{ weights: "MIT" }, null]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("readModelFacts() is null for a model without a card", async () => {
  assert.equal(await readModelFacts(`${FOLDER}/none`, Deno.readFile), null);
});
