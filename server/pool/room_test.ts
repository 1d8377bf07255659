import assert from "node:assert/strict";
import { type LoadedBytes, planRoom } from "./room.ts";

const model = (id: string, bytes: number, usedMs: number, inUse = false): LoadedBytes => ({
  ...{ id, bytes, usedMs, inUse },
});

Deno.test("what fits needs no room, and what does not takes it from those that were in use longest ago", () => {
  const loaded = [model("new", 300, 9), model("old", 200, 1), model("middle", 100, 5)];
  assert.deepEqual(planRoom(400, loaded, 1_000), { kind: "room", unload: [] });
  assert.deepEqual(planRoom(500, loaded, 1_000), { kind: "room", unload: ["old"] });
  assert.deepEqual(planRoom(700, loaded, 1_000), { kind: "room", unload: ["old", "middle"] });
});

Deno.test("a model that somebody looks at never gives way", () => {
  const loaded = [model("shown", 600, 1, true), model("idle", 300, 9)];
  assert.deepEqual(planRoom(400, loaded, 1_000), { kind: "room", unload: ["idle"] });
  assert.deepEqual(planRoom(500, loaded, 1_000), { kind: "full", freeBytes: 400 });
});

Deno.test("a model that would be alone has room whatever it is expected to need", () => {
  assert.deepEqual(planRoom(5_000, [], 1_000), { kind: "room", unload: [] });
  assert.deepEqual(planRoom(5_000, [model("a", 1, 1)], 1_000), { kind: "room", unload: ["a"] });
  assert.deepEqual(planRoom(5_000, [model("a", 1, 1, true)], 1_000), { kind: "full", freeBytes: 999 });
});
