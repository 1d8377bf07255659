/** Close codes of a session reach a client that continues sending (E3), with the client of another runtime's making. */
import assert from "node:assert/strict";
import { createMemoryEngine } from "../../server/engine/testing/memory_engine.ts";
import { ERRORS } from "../../shared/errors.ts";
import { PROTOCOL_VERSION } from "../../shared/limits.ts";
import { GRAD_CAM_VIEW, LiveClient, serve } from "../support/live_client.ts";

Deno.test("E3: the code of a final refusal arrives while frames are sent, 12 times of 12", async () => {
  await using server = serve(createMemoryEngine());
  const picture = new Uint8Array(150_528);
  for (let time = 0; time < 12; time++) {
    await using client = await LiveClient.greet(server.port);
    let code: number | null = null;
    void client.closed().then((event) => code = event.code);
    client.say({ type: "hello", version: PROTOCOL_VERSION, view: GRAD_CAM_VIEW });
    for (let id = 1; code === null; id++) {
      client.frame(id, picture);
      await new Promise((resolve) => setTimeout(resolve));
    }
    assert.equal(code, ERRORS["hello-twice"].close);
    assert.equal((await client.message("error")).code, "hello-twice");
  }
});
