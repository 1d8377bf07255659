import assert from "node:assert/strict";
import { brief, Driver, WORLD } from "./_testing.ts";

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
  const driver = Driver.greeted({ ...WORLD, keepsLog: false });
  assert.deepEqual(brief(say(driver, true)), ["error:no-log"]);
  assert.equal(driver.live.logging, false);
  assert.deepEqual(brief(say(driver, false)), ["send:log"]);
});
