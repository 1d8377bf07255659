import assert from "node:assert/strict";
import { fuzz } from "./fuzz.ts";

/** The same for everybody; `deno task fuzz` takes others. */
const SEED = 13;

const DURATION_MS = 60_000;

Deno.test("a minute of damaged input of every kind leaves the server as it was", async () => {
  const { steps, findings } = await fuzz({ seed: SEED, durationMs: DURATION_MS });
  assert.deepEqual(findings, []);
  assert.deepEqual([...steps.keys()].sort(), ["models", "pictures", "requests", "sockets", "uploads"]);
});
