import assert from "node:assert/strict";
import { watchDisk } from "./mod.ts";

const GIGABYTE = 1_000_000_000;

Deno.test("watchDisk() says how much room there is, and degraded where it is little", async () => {
  let freeBytes = 9 * GIGABYTE;
  let looks = 0;
  using disk = watchDisk("data", {
    read: (folder) => {
      looks++;
      assert.equal(folder, "data");
      return Promise.resolve({ freeBytes, totalBytes: 10 * GIGABYTE });
    },
    every: () => () => {},
  });
  await disk.look();
  assert.deepEqual(disk.health(), { ok: true, figures: { freeBytes, totalBytes: 10 * GIGABYTE } });
  freeBytes = 499_000_000;
  await disk.look();
  assert.deepEqual(disk.health(), {
    ok: false,
    reason: "disk-nearly-full",
    figures: { freeBytes, totalBytes: 10 * GIGABYTE },
  });
  assert.equal(looks, 3);
});

Deno.test("watchDisk() knows nothing of a folder that is not there", async () => {
  using disk = watchDisk("no/such/folder", { every: () => () => {} });
  await disk.look();
  assert.deepEqual(disk.health(), { ok: true });
});

Deno.test("watchDisk() looks every 30 s until it is disposed of", () => {
  const intervals = new Map<number, () => void>();
  let looks = 0;
  const disk = watchDisk("data", {
    read: () => {
      looks++;
      return Promise.reject(new Error("not there"));
    },
    every: (ms, look) => {
      intervals.set(ms, look);
      return () => intervals.delete(ms);
    },
  });
  intervals.get(30_000)?.();
  assert.equal(looks, 2);
  disk[Symbol.dispose]();
  assert.equal(intervals.size, 0);
});
