import assert from "node:assert/strict";
import { type HealthSource, summarise } from "./mod.ts";

Deno.test("summarise() lists each reason once and the figures of the sources that have some", () => {
  const sources: HealthSource[] = [
    { name: "log", health: () => ({ ok: false, reason: "log-failed", figures: { bytes: 12 } }) },
    { name: "clips", health: () => ({ ok: true, figures: { clips: 3 } }) },
    { name: "disk", health: () => ({ ok: false, reason: "disk-nearly-full" }) },
    { name: "trash", health: () => ({ ok: false, reason: "log-failed" }) },
  ];
  assert.deepEqual(summarise(sources), {
    reasons: ["log-failed", "disk-nearly-full"],
    figures: { log: { bytes: 12 }, clips: { clips: 3 } },
  });
});

Deno.test("summarise() of no sources finds nothing wrong", () => {
  assert.deepEqual(summarise([]), { reasons: [], figures: {} });
});
