import assert from "node:assert/strict";
import { readSeed } from "../support/seeded.ts";
import { fuzz } from "./fuzz.ts";

/** The same each time; `GRADCAST_SEED` and `deno task fuzz` take others. */
const SEED = readSeed(13);

/** Steps of each kind: the same on every machine, and about as long in computing as the others; `deno task fuzz` makes more. */
const STEPS = {
  models: 600,
  onnx: 700,
  pictures: 90,
  requests: 250,
  sockets: 150,
  uploads: 20,
  tables: 12,
  taught: 12,
};

/** Longest time, in ms: many times what it takes. */
const MOST_MS = 300_000;

Deno.test("damaged input of every kind leaves the server as it was", async () => {
  const { steps, findings } = await fuzz({ seed: SEED, durationMs: MOST_MS, most: STEPS });
  assert.deepEqual(findings, []);
  assert.deepEqual(Object.fromEntries(steps), STEPS);
});
