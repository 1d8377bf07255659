/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { dimmed, isDimmed, mapOpacity } from "./dimming.ts";

Deno.test("isDimmed() holds for a map that follows an unsure guess, not for one of a chosen class", () => {
  const rank = { kind: "rank", rank: 1 } as const;
  assert.equal(isDimmed({ unsure: true }, rank), true);
  assert.equal(isDimmed({ unsure: false }, rank), false);
  assert.equal(isDimmed({ unsure: true }, { kind: "class", index: 7 }), false);
});

Deno.test("dimmed() leaves less than half of the opacity", () => {
  assert.equal(dimmed(0.7, false), 0.7);
  assert.ok(dimmed(0.7, true) < 0.35 && dimmed(0.7, true) > 0);
});

Deno.test("mapOpacity() hides a map, shows one of the network whole, and dims the others", () => {
  const look = { opacity: 0.6, hidden: false, network: false, dims: false };
  assert.equal(mapOpacity(look), 0.6);
  assert.equal(mapOpacity({ ...look, dims: true }), dimmed(0.6, true));
  assert.equal(mapOpacity({ ...look, network: true, dims: true }), 1);
  assert.equal(mapOpacity({ ...look, network: true, hidden: true }), 0);
});
