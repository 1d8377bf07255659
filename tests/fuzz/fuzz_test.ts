import assert from "node:assert/strict";
import { readSeed } from "../support/seeded.ts";
import { fuzz } from "./fuzz.ts";

/** The same each time; `GRADCAST_SEED` and `deno task fuzz` take others. */
const SEED = readSeed(13);

const DURATION_MS = 60_000;

Deno.test("a minute of damaged input of every kind leaves the server as it was", async () => {
  const { steps, findings } = await fuzz({ seed: SEED, durationMs: DURATION_MS });
  assert.deepEqual(findings, []);
  assert.deepEqual([...steps.keys()].sort(), [
    "models",
    "onnx",
    "pictures",
    "requests",
    "sockets",
    "uploads",
  ]);
});
