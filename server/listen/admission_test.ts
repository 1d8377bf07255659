import assert from "node:assert/strict";
import {
  MAX_CONNECTIONS,
  MAX_CONNECTIONS_PER_ADDRESS,
  MAX_VIEWERS_PER_ADDRESS,
  MAX_WATCHERS_PER_ADDRESS,
} from "../../shared/limits.ts";
import { addressGroup, LOOPBACK } from "./address_group.ts";
import { Admission, type Admitted } from "./admission.ts";
import type { Phase } from "./connection.ts";

function from(remoteAddress: string, phase: Phase = "busy", sinceMs = 0): Admitted {
  return { remoteAddress, phase, sinceMs };
}

/** As many connections as wanted, each from an address of its own. */
function strangers(count: number, phase: Phase = "busy"): Admitted[] {
  return Array.from({ length: count }, (_, index) => from(`10.0.${index >> 8}.${index & 255}`, phase, index));
}

Deno.test("addressGroup() takes the networks of IPv6 and mapped addresses for what they are", () => {
  for (const own of ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"]) {
    assert.equal(addressGroup(own), LOOPBACK);
  }
  assert.equal(addressGroup("::ffff:192.168.1.7"), "192.168.1.7");
  assert.equal(addressGroup("2001:db8:0:1:aaaa::1"), addressGroup("2001:0db8:0000:0001:bbbb:1:2:3"));
  assert.notEqual(addressGroup("2001:db8:0:1::1"), addressGroup("2001:db8:0:2::1"));
  assert.equal(addressGroup("fe80::1%eth0"), addressGroup("fe80::2"));
});

Deno.test("N2: one address has five eighths of few places, the machine itself and all others three quarters each", () => {
  const one = new Admission<Admitted>(16);
  for (let count = 0; count < 10; count++) assert.equal(one.enter(from("10.0.0.1")).kind, "admitted");
  assert.deepEqual(one.enter(from("10.0.0.1")), { kind: "refused", limit: 10 });
  assert.equal(one.enter(from("10.0.0.2")).kind, "admitted");

  const others = new Admission<Admitted>(16);
  for (const stranger of strangers(12)) assert.equal(others.enter(stranger).kind, "admitted");
  assert.deepEqual(others.enter(from("10.9.9.9")), { kind: "refused", limit: 12 });
  for (let count = 0; count < 4; count++) assert.equal(others.enter(from("::1")).kind, "admitted");
  assert.deepEqual(others.enter(from("::1")), { kind: "refused", limit: 16 });

  const own = new Admission<Admitted>(16);
  for (let count = 0; count < 12; count++) assert.equal(own.enter(from("127.0.0.1")).kind, "admitted");
  assert.deepEqual(own.enter(from("127.0.0.1")), { kind: "refused", limit: 12 });
  assert.equal(own.enter(from("10.0.0.1")).kind, "admitted");
});

Deno.test("N2, W3: all who may watch and look from one address find places, with room for others", () => {
  // What a process that can open 1,024 files has for connections, and what there is at most.
  for (const limit of [490, MAX_CONNECTIONS]) {
    const admission = new Admission<Admitted>(limit);
    for (let count = 0; count < MAX_WATCHERS_PER_ADDRESS + MAX_VIEWERS_PER_ADDRESS; count++) {
      assert.equal(admission.enter(from("10.0.0.1", "socket")).kind, "admitted", `${limit}: ${count}`);
    }
    // A page beside them loads with six connections.
    for (let count = 0; count < 6; count++) {
      assert.equal(admission.enter(from("10.0.0.1", "idle")).kind, "admitted");
    }
    while (admission.enter(from("10.0.0.1", "socket")).kind !== "refused");
    assert.ok(admission.size <= MAX_CONNECTIONS_PER_ADDRESS);
    assert.equal(admission.enter(from("10.0.0.2")).kind, "admitted");
    assert.equal(admission.enter(from("::1")).kind, "admitted");
  }
});

Deno.test("N2: where the places are taken, who has waited longest for a request gives way", () => {
  const admission = new Admission<Admitted>(7);
  const [first, second, third] = [
    from("10.0.0.1", "busy", 1),
    from("10.0.0.1", "idle", 3),
    from("10.0.0.1", "headers", 2),
  ];
  for (const one of [first, second, third, from("10.0.0.1", "socket", 0)]) admission.enter(one);
  assert.deepEqual(admission.enter(from("10.0.0.1")), { kind: "admitted-for", gone: third });
  assert.deepEqual(admission.enter(from("10.0.0.1")), { kind: "admitted-for", gone: second });
  assert.deepEqual(admission.enter(from("10.0.0.1")), { kind: "refused", limit: 4 });
  assert.equal(admission.size, 4);
  admission.leave(first);
  assert.equal(admission.enter(from("10.0.0.1")).kind, "admitted");
});

Deno.test("N2: strangers who wait give way to strangers, never to the machine itself or the other way round", () => {
  const admission = new Admission<Admitted>(16);
  const waiting = strangers(12, "idle");
  for (const one of waiting) admission.enter(one);
  assert.deepEqual(admission.enter(from("10.9.9.9")), { kind: "admitted-for", gone: waiting[0] });
  for (let count = 0; count < 4; count++) assert.equal(admission.enter(from("::1")).kind, "admitted");
  assert.deepEqual(admission.enter(from("::1")), { kind: "refused", limit: 16 });
});
