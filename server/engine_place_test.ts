import assert from "node:assert/strict";
import { openEnginePlace } from "./engine_place.ts";

Deno.test("openEnginePlace() leaves the engine in the server where no launcher says where its process connects", () => {
  const complaints: string[] = [];
  for (const value of [undefined, ""]) {
    const place = openEnginePlace(() => value, (text) => complaints.push(text));
    assert.deepEqual(place.options, {});
    assert.deepEqual(place.health.health(), { ok: true, figures: { own: false } });
    place.close(true);
  }
  assert.deepEqual(complaints, []);
});

Deno.test("openEnginePlace() leaves it there, and says so, where the server cannot listen for that process", () => {
  const asked: string[] = [];
  const complaints: string[] = [];
  const env = (name: string) => {
    asked.push(name);
    return "/nowhere/at/all/engine";
  };
  assert.deepEqual(openEnginePlace(env, (text) => complaints.push(text)).options, {});
  assert.deepEqual(asked, ["GRADCAST_ENGINE_SOCKET"]);
  assert.equal(complaints.length, 1);
  assert.match(complaints[0] ?? "", /^Cannot listen for the engine's process, .* in the server's own: /u);
});
