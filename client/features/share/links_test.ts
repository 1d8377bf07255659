/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { reachableOrigin, showLink } from "./links.ts";

Deno.test("reachableOrigin() prefers where the page was opened, unless only this machine knows that name", () => {
  assert.equal(
    reachableOrigin("http://192.168.1.5:8000", ["http://10.0.0.1:8000"]),
    "http://192.168.1.5:8000",
  );
  assert.equal(reachableOrigin("https://demo.example", []), "https://demo.example");
  assert.equal(reachableOrigin("http://localhost:8000", ["http://10.0.0.1:8000"]), "http://10.0.0.1:8000");
  for (const own of ["http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1"]) {
    assert.equal(reachableOrigin(own, []), null);
  }
});

Deno.test("showLink() is an address of the server", () => {
  assert.equal(showLink("http://10.0.0.1:8000", "watch", "abc"), "http://10.0.0.1:8000/watch/abc");
});
