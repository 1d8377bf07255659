import assert from "node:assert/strict";
import { Bodies } from "./_bodies.ts";

Deno.test("N5: bodies together have so many bytes, and give them back once", () => {
  const bodies = new Bodies(100);
  const [first, second] = [bodies.open(), bodies.open()];
  first.take(60);
  second.take(40);
  assert.throws(() => second.take(1), { code: "busy", message: /may have 100 bytes, given: 101 or more/ });
  assert.equal(bodies.bytes, 100);
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  assert.equal(bodies.bytes, 40);
  second.take(60);
  second[Symbol.dispose]();
  second.take(5);
  assert.equal(bodies.bytes, 0);
});
