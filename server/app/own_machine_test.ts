import assert from "node:assert/strict";
import { isOwnMachine, OwnMachine, type RequestFacts } from "./own_machine.ts";

function facts(
  headers: Readonly<Record<string, string>> = {},
  peer: string | null = "127.0.0.1",
): RequestFacts {
  return { peer, httpVersion: "1.1", headers: new Headers({ host: "localhost:8000", ...headers }) };
}

Deno.test("H10: own is a loopback peer that asks for a loopback name", () => {
  for (const peer of ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"]) {
    for (const host of ["localhost:8000", "localhost", "127.0.0.1:9", "[::1]:8000"]) {
      assert.equal(isOwnMachine(facts({ host }, peer)), true, `${peer} ${host}`);
    }
  }
  for (const peer of [null, "192.168.1.5", "::2", "10.127.0.1", "::ffff:10.0.0.1"]) {
    assert.equal(isOwnMachine(facts({}, peer)), false, String(peer));
  }
  for (
    const host of ["demo.example", "192.168.1.5:8000", "0.0.0.0:8000", "localhost.evil.example", "", "a b"]
  ) {
    assert.equal(isOwnMachine(facts({ host })), false, host);
  }
});

Deno.test("H10: no request that passed a proxy is own, whatever the proxy writes", () => {
  const written = [
    "Forwarded",
    "Via",
    "X-Forwarded-For",
    "X-Forwarded-Proto",
    "x-forwarded-anything",
    "X-Real-IP",
    "X-Client-IP",
    "CF-Connecting-IP",
    "True-Client-IP",
    "Fly-Client-IP",
    "X-Original-Host",
    "X-Envoy-External-Address",
    "Tailscale-User-Login",
  ];
  for (const name of written) {
    assert.equal(isOwnMachine(facts({ [name]: "" })), false, name);
    assert.equal(isOwnMachine(facts({ [name]: "127.0.0.1" })), false, name);
  }
  assert.equal(isOwnMachine({ ...facts(), httpVersion: "1.0" }), false);
});

Deno.test("H10: no request of a page from elsewhere is own", () => {
  assert.equal(
    isOwnMachine(facts({ origin: "http://localhost:8000", "sec-fetch-site": "same-origin" })),
    true,
  );
  assert.equal(isOwnMachine(facts({ "sec-fetch-site": "none" })), true, "somebody typed the address");
  assert.equal(isOwnMachine(facts({ origin: "https://demo.example" })), false);
  assert.equal(isOwnMachine(facts({ "sec-fetch-site": "cross-site" })), false);
  assert.equal(isOwnMachine(facts({ "sec-fetch-site": "same-site" })), false, "another port");
});

Deno.test("H10: once a page came through a proxy that hides, nothing is own", () => {
  const found: string[] = [];
  const own = new OwnMachine((origin) => found.push(origin));
  const unsuspicious = [
    facts(),
    facts({ origin: "http://localhost:8000" }),
    facts({ origin: "https://demo.example", host: "demo.example" }),
    facts({ origin: "https://demo.example", "x-forwarded-for": "10.0.0.1" }),
    facts({ origin: "https://demo.example" }, "192.168.1.5"),
  ];
  for (const one of unsuspicious) own.observe(one);
  assert.equal(own.admits(facts()), true);
  own.observe(facts({ origin: "https://demo.example" }));
  own.observe(facts({ origin: "https://demo.example" }));
  assert.equal(own.admits(facts()), false);
  assert.deepEqual(found, ["https://demo.example"]);
});
