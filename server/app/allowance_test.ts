import assert from "node:assert/strict";
import { Allowance } from "./allowance.ts";

const OWN = { from: null, own: true };
const PROXIED = { from: null, own: false };
const HERE = { from: "192.0.2.1", own: false };
const THERE = { from: "192.0.2.2", own: false };

function hold(allowance: Allowance, whose: typeof HERE | typeof OWN) {
  const holding = allowance.open(whose);
  holding.add(1);
  return holding;
}

Deno.test("A5: one address has half of the places, strangers leave one, and the own machine may have all", () => {
  const allowance = new Allowance({ all: 4, others: 3, address: 2 });
  using _first = hold(allowance, HERE);
  using _second = hold(allowance, HERE);
  assert.equal(allowance.exceeded(HERE, 1), 2);
  assert.equal(allowance.exceeded(THERE, 1), null);
  using _third = hold(allowance, THERE);
  assert.equal(allowance.exceeded(THERE, 1), 3);
  assert.equal(allowance.exceeded(PROXIED, 1), 3);
  assert.equal(allowance.exceeded(OWN, 1), null);
  using _fourth = hold(allowance, OWN);
  assert.equal(allowance.exceeded(OWN, 1), 4);
});

Deno.test("what is held ends once, and what is added afterwards counts no more", () => {
  const allowance = new Allowance({ all: 4, others: 3, address: 2 });
  const holding = hold(allowance, HERE);
  assert.equal(allowance.held, 1);
  holding[Symbol.dispose]();
  holding[Symbol.dispose]();
  holding.add(1);
  assert.equal(allowance.held, 0);
  assert.equal(allowance.exceeded(HERE, 2), null);
});
