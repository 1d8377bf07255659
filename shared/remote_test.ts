import assert from "node:assert/strict";
import * as v from "valibot";
import { RemoteCommandSchema } from "./remote.ts";

Deno.test("W7: a remote names a class by its index, which is read back as it was sent", () => {
  for (let index = 0; index < 1_000; index++) {
    const sent = { kind: "class", index } as const;
    assert.deepEqual(v.parse(RemoteCommandSchema, JSON.parse(JSON.stringify(sent))), sent);
  }
  for (const index of ["517", "crane", -1, 0.5, 2 ** 32]) {
    assert.equal(v.safeParse(RemoteCommandSchema, { kind: "class", index }).success, false, `${index}`);
  }
  assert.equal(v.safeParse(RemoteCommandSchema, { kind: "class", label: "crane" }).success, false);
});
