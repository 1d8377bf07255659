import assert from "node:assert/strict";
import { lanAddresses, ownAddress, reachableAddresses } from "./lan.ts";

const INTERFACES = [
  { family: "IPv4", address: "127.0.0.1" },
  { family: "IPv4", address: "192.168.1.20" },
  { family: "IPv4", address: "169.254.7.7" },
  { family: "IPv6", address: "fe80::1" },
] as const;

Deno.test("lanAddresses() names what phones can reach, and nothing where only this machine can", () => {
  const none = () => assert.fail("nothing to ask");
  for (const host of ["localhost", "127.0.0.1", "::1"]) assert.deepEqual(lanAddresses(host, 8_000, none), []);
  assert.deepEqual(lanAddresses("0.0.0.0", 8_000, () => INTERFACES), ["http://192.168.1.20:8000"]);
  assert.deepEqual(lanAddresses("10.0.0.4", 80, none), ["http://10.0.0.4:80"]);
  assert.deepEqual(lanAddresses("fd00::2", 80, none), ["http://[fd00::2]:80"]);
});

Deno.test("W6: reachableAddresses() names every origin that is not this machine's own, then the network's", () => {
  const none = () => assert.fail("nothing to ask");
  const origins = ["http://localhost:5173", "https://demo.example"];
  assert.deepEqual(reachableAddresses({ host: "localhost", origins }, 80, none), ["https://demo.example"]);
  assert.deepEqual(reachableAddresses({ host: "10.0.0.4", origins }, 80, none), [
    "https://demo.example",
    "http://10.0.0.4:80",
  ]);
  assert.deepEqual(reachableAddresses({ host: "localhost", origins: [] }, 80, none), []);
});

Deno.test("ownAddress() is one that a browser on this machine can open", () => {
  assert.equal(ownAddress("localhost", 8_000), "http://localhost:8000");
  assert.equal(ownAddress("0.0.0.0", 8_000), "http://localhost:8000");
  assert.equal(ownAddress("::", 8_000), "http://localhost:8000");
  assert.equal(ownAddress("::1", 80), "http://[::1]:80");
  assert.equal(ownAddress("10.0.0.4", 80), "http://10.0.0.4:80");
});
