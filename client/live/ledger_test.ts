/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { Ledger } from "./ledger.ts";

Deno.test("Ledger counts from capture to the drawing of that frame's map, once", () => {
  const ledger = new Ledger();
  ledger.sent(1, 100);
  ledger.result(1);
  assert.equal(ledger.drawn(130, false), null, "its map is not there yet");
  ledger.tile(1);
  assert.equal(ledger.drawn(140, false), 40);
  assert.equal(ledger.drawn(156, false), null);
});

Deno.test("Ledger counts the first drawing after the result where maps grow", () => {
  const ledger = new Ledger();
  ledger.sent(1, 100);
  ledger.result(1);
  assert.equal(ledger.drawn(130, true), 30);
});

Deno.test("Ledger does not count a held picture again when its view changes", () => {
  const ledger = new Ledger();
  ledger.sent(1, 100);
  ledger.result(1);
  ledger.tile(1);
  ledger.drawn(140, false);
  ledger.result(1);
  ledger.tile(1);
  assert.equal(ledger.drawn(9000, false), null);
});

Deno.test("Ledger knows the capture of the newest tile, over a reconnect too", () => {
  const ledger = new Ledger();
  ledger.sent(1, 100);
  ledger.sent(2, 133);
  ledger.tile(2);
  ledger.tile(1);
  assert.equal(ledger.mapCapturedMs, 133);
  ledger.reconnected();
  assert.equal(ledger.mapCapturedMs, 133);
  ledger.sent(1, 500);
  ledger.result(1);
  ledger.tile(1);
  assert.equal(ledger.drawn(540, false), 40);
});
