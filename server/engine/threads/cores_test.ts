import assert from "node:assert/strict";
import { defaultThreads } from "./cores.ts";

Deno.test("defaultThreads() counts half of the logical cores of x86-64, all of others, and never more than 8", () => {
  const counts = (arch: typeof Deno.build.arch) =>
    [1, 2, 3, 4, 8, 12, 64].map((cores) => defaultThreads(cores, arch));
  assert.deepEqual(counts("x86_64"), [1, 2, 2, 2, 4, 6, 8]);
  assert.deepEqual(counts("aarch64"), [1, 2, 3, 4, 8, 8, 8]);
});
