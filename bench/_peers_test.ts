import assert from "node:assert/strict";
import { peersOf } from "./_peers.ts";

const ROW = { name: "saliency", other: "Captum 0.9.0 Saliency", runs: 3, steps: null, ms: 72.5 };

Deno.test("peersOf() gives each row the time that stands in the document", async () => {
  const peers = peersOf(JSON.stringify({ threads: 2, rows: [ROW], machine: { cores: 2 } }));
  assert.equal(peers.threads, 2);
  assert.equal(peers.rows[0]?.other, "Captum 0.9.0 Saliency");
  assert.equal(await peers.once("saliency"), 72.5);
  await peers.close();
});

Deno.test("peersOf() refuses a document of another shape", () => {
  assert.throws(() => peersOf("[]"), /must be one of bench\/peers\.py/);
  assert.throws(() => peersOf(JSON.stringify({ threads: 2, rows: [{ ...ROW, ms: "fast" }] })), TypeError);
  assert.throws(() => peersOf("not JSON"), TypeError);
});
