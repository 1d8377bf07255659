/** The viewer's heartbeat, on the server's side (PROTOCOL.md, K). */
import assert from "node:assert/strict";
import { HEARTBEAT_STEP_MS, MAX_SILENCE_MS, PING_AFTER_MS } from "../../shared/limits.ts";
import { brief, Driver } from "./testing/driver.ts";

/** Lets time pass step by step and gives what was done. */
function wait(driver: Driver, ms: number): string[] {
  const done: string[] = [];
  for (const untilMs = driver.nowMs + ms; driver.nowMs < untilMs;) {
    driver.nowMs += HEARTBEAT_STEP_MS;
    done.push(...brief(driver.take({ kind: "timer", name: "heartbeat" })));
  }
  return done.filter((effect) => effect !== "arm");
}

Deno.test("K1: a viewer that says nothing is asked after 2 s and closed before 5 s are over", () => {
  const driver = Driver.greeted();
  assert.deepEqual(wait(driver, PING_AFTER_MS), ["send:ping"]);
  const done = wait(driver, MAX_SILENCE_MS - PING_AFTER_MS);
  assert.deepEqual(done.slice(0, 2), ["error:connection-silent", "close:connection-silent"]);
  assert.equal(driver.state.phase, "closed");
});

Deno.test("K1: an answer, a frame or any other message keeps a viewer", () => {
  const driver = Driver.greeted();
  let id = 0;
  const messages = [
    () => driver.text(JSON.stringify({ type: "pong" })),
    () => driver.frame(++id),
    () => driver.text("not JSON"),
  ];
  for (let turn = 0; turn < 9; turn++) {
    assert.deepEqual(wait(driver, 3_000), ["send:ping"]);
    messages[turn % messages.length]?.();
  }
  assert.equal(driver.state.phase, "live");
});

Deno.test("K1: a viewer's ping is answered at once", () => {
  assert.deepEqual(brief(Driver.greeted().text(JSON.stringify({ type: "ping" }))), ["send:pong"]);
});

Deno.test("H1: before the hello a ping is no hello", () => {
  const driver = new Driver();
  driver.take({ kind: "opened", full: null });
  assert.deepEqual(brief(driver.text(JSON.stringify({ type: "ping" }))).slice(0, 2), [
    "error:hello-expected",
    "close:hello-expected",
  ]);
});

Deno.test("a closed session leaves no timer", () => {
  const effects = Driver.greeted().take({ kind: "closed" });
  const left = effects.filter((effect) => effect.kind === "disarm").map(({ name }) => name);
  assert.deepEqual(left.toSorted(), ["heartbeat", "hello", "slow", "turn"]);
});
