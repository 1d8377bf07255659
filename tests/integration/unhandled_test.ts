/** Errors that nothing handles, in a server of its own process: it lives on and says so (Z4). */
import assert from "node:assert/strict";
import { PROTOCOL_VERSION } from "../../shared/mod.ts";
import { startServer } from "../support/server.ts";
import { GRAD_CAM_VIEW } from "../support/live_client.ts";
import { until } from "../support/until.ts";

const ENTRY = new URL("../support/faulty_main.ts", import.meta.url);

const PHOTO = await Deno.readFile("tests/fixtures/photos/coffee.png");

Deno.test("Z4: an error in whatever place does not end the server, is written down and counted", async () => {
  await using server = await startServer(0, ["--clips-mb", "0", "--log-days", "0"], [], { entry: ENTRY });
  const health = async () => await (await fetch(`${server.url}/healthz`)).json();
  const begun = await health();
  assert.equal(begun.unhandled.count, 0);

  /** Breaks a place and waits until the server has counted it. */
  async function breakAt(place: string, counts = 1): Promise<void> {
    const before = (await health()).unhandled.count;
    await server.say(place);
    const after = await until(health, ({ unhandled }) => unhandled.count >= before + counts);
    assert.equal(after.startedMs, begun.startedMs, `the same server after a broken ${place}`);
    assert.equal(after.status, "degraded");
    assert.ok(after.reasons.includes("unhandled-error"));
  }
  for (const place of ["timer", "microtask", "promise", "listener", "worker"]) await breakAt(place);

  // Of a socket's handler: that socket may go, the others and the server do not.
  const socket = new WebSocket(`${server.url.replace("http", "ws")}/ws`);
  await new Promise((resolve) => socket.onopen = resolve);
  const ended = new Promise((resolve) => socket.onclose = resolve);
  socket.send(JSON.stringify({ type: "hello", version: PROTOCOL_VERSION, view: GRAD_CAM_VIEW }));
  await new Promise((resolve) => socket.onmessage = resolve);
  socket.send("boom");
  socket.close();
  await ended;
  assert.equal((await health()).startedMs, begun.startedMs);

  await server.say("request handler");
  const explain = (address: string) => fetch(`${server.url}${address}`, { method: "POST", body: PHOTO });
  let answer = await explain("/api/explain");
  while (answer.status === 200) {
    await answer.body?.cancel();
    answer = await explain("/api/explain");
  }
  assert.equal(answer.status, 500);
  assert.equal((await answer.json()).code, "server-fault", "what the error says is not for strangers");

  await server.say("stream");
  let text: string | null = null;
  while (text === null || text.includes("server-fault")) {
    text = await explain("/api/explain?format=lines").then((lines) => lines.text()).catch(() => "broken off");
  }
  assert.equal((await health()).startedMs, begun.startedMs);

  const { restarts } = (await health()).engine;
  await server.say("engine");
  const after = await until(health, ({ engine }) => engine.restarts !== restarts);
  assert.equal(after.startedMs, begun.startedMs);
  assert.ok(after.reasons.some((reason: string) => reason.startsWith("engine-restart")));
  const socketAgain = new WebSocket(`${server.url.replace("http", "ws")}/ws`);
  await new Promise((resolve) => socketAgain.onopen = resolve);
  socketAgain.close();
  await new Promise((resolve) => socketAgain.onclose = resolve);

  const written = server.errors();
  for (const place of ["timer", "microtask", "promise", "listener"]) {
    assert.match(written, new RegExp(`^\\d{4}-\\S+Z Unhandled \\w+: Error: broken ${place} \\| at `, "mu"));
  }
});
