import assert from "node:assert/strict";
import { isOwnName } from "./own_name.ts";

Deno.test("isOwnName() knows what leads to the machine itself", () => {
  for (const host of ["localhost", "page.localhost", "127.0.0.1", "127.1.2.3", "::1", "[::1]"]) {
    assert.ok(isOwnName(host), host);
  }
  for (const host of ["localhost.example", "127.example", "10.0.0.1", "[fd00::1]", "0.0.0.0", ""]) {
    assert.ok(!isOwnName(host), host);
  }
});
