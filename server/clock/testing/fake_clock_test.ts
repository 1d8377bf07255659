import assert from "node:assert/strict";
import { FakeClock } from "./fake_clock.ts";

Deno.test("FakeClock fires alarms in order of their time and not before", async () => {
  const clock = new FakeClock();
  const fired: string[] = [];
  clock.after(20, () => fired.push(`late ${clock.now()}`));
  clock.after(10, () => {
    fired.push(`early ${clock.now()}`);
    clock.after(5, () => fired.push(`nested ${clock.now()}`));
  });
  await clock.advance(9);
  assert.deepEqual(fired, []);
  await clock.advance(11);
  assert.deepEqual(fired, ["early 10", "nested 15", "late 20"]);
  assert.equal(clock.pending, 0);
});

Deno.test("FakeClock does not fire a cancelled alarm", async () => {
  const clock = new FakeClock();
  const cancel = clock.after(10, () => assert.fail("fired"));
  cancel();
  await clock.advance(20);
  assert.equal(clock.now(), 20);
});
