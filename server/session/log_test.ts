import assert from "node:assert/strict";
import { brief, Driver, WORLD } from "./testing/driver.ts";

const say = (driver: Driver, on: boolean) => driver.text(JSON.stringify({ type: "log", on }));

Deno.test("L1: the log is off until the viewer turns it on, and is answered with what counts", () => {
  const driver = Driver.greeted();
  assert.equal(driver.live.logging, false);
  assert.deepEqual(brief(say(driver, true)), ["log", "send:log"]);
  assert.equal(driver.live.logging, true);
  assert.deepEqual(brief(say(driver, true)), ["send:log"], "it is on already");
  assert.deepEqual(brief(say(driver, false)), ["log", "send:log"]);
  assert.equal(driver.live.logging, false);
});

Deno.test("L2: a server without a log says so, and off is always fine", () => {
  const driver = Driver.greeted({ ...WORLD, log: "none" });
  assert.deepEqual(brief(say(driver, true)), ["error:no-log"]);
  assert.equal(driver.live.logging, false);
  assert.deepEqual(brief(say(driver, false)), ["send:log"]);
});

Deno.test("L10: a viewer who may not write into the log is refused, and may turn it off", () => {
  const driver = Driver.greeted({ ...WORLD, log: "own-machine" });
  assert.deepEqual(brief(say(driver, true)), ["error:log-refused"]);
  assert.equal(driver.live.logging, false);
  assert.deepEqual(brief(say(driver, false)), ["send:log"]);
});

Deno.test("L11: a log that fails is off, its viewer hears why, and may turn it on again", () => {
  const driver = Driver.greeted();
  say(driver, true);
  const failed = { kind: "log-failed", code: "disk-full", message: "no room" } as const;
  const effects = driver.take(failed);
  assert.deepEqual(brief(effects), ["error:disk-full", "log", "send:log"]);
  assert.ok(
    effects.some((effect) => effect.kind === "send" && effect.message.type === "log" && !effect.message.on),
  );
  assert.equal(driver.live.logging, false);
  assert.deepEqual(
    brief(driver.take(failed)),
    ["error:disk-full"],
    "what was still to be written failed too",
  );
  assert.deepEqual(brief(say(driver, true)), ["log", "send:log"]);
});
