import assert from "node:assert/strict";
import { Bodies } from "./_bodies.ts";

const OWN = { from: null, own: true };

Deno.test("N5: bodies together have so many bytes, and give them back once", () => {
  const bodies = new Bodies(100);
  const [first, second] = [bodies.open(OWN), bodies.open(OWN)];
  first.take(60);
  second.take(40);
  assert.throws(() => second.take(1), {
    code: "busy",
    message: /expected at most 100 bytes in all .*, got 1 more/,
  });
  assert.equal(bodies.bytes, 100);
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  assert.equal(bodies.bytes, 40);
  second.take(60);
  second[Symbol.dispose]();
  second.take(5);
  assert.equal(bodies.bytes, 0);
});

Deno.test("N5: one address of another machine has half of the bytes, all other machines three quarters", () => {
  const bodies = new Bodies(100);
  const [here, there] = ["192.0.2.1", "192.0.2.2"].map((from) => bodies.open({ from, own: false }));
  here?.take(50);
  assert.throws(() => here?.take(1), { code: "busy", message: /expected at most 50 bytes/ });
  there?.take(25);
  assert.throws(() => there?.take(1), { code: "busy", message: /expected at most 75 bytes/ });
  bodies.open(OWN).take(25);
});
