/** Floods of every kind of message over a real socket, beside a viewer that must not notice. */
import assert from "node:assert/strict";
import {
  encodeFrame,
  MAX_FRAMES_AT_ONCE,
  MAX_MESSAGES_AT_ONCE,
  MAX_MESSAGES_OVER,
  TURN_PAUSE_MS,
} from "../../shared/mod.ts";
import { GRAD_CAM_VIEW, LiveClient, serve } from "../support/live_client.ts";
import { openShipped } from "../support/shipped_engine.ts";
import { STAGE } from "../support/stage.ts";

const COFFEE = await Deno.readFile("tests/fixtures/photos/coffee.png");

/** Enough of a kind to be closed for, and as many again for what a slow machine lets in meanwhile. */
const FLOOD = 2 * (MAX_MESSAGES_AT_ONCE + MAX_MESSAGES_OVER);

/** Sends a flood and waits until its connection is closed. */
async function flood(client: LiveClient, count: number, send: (at: number) => void): Promise<void> {
  for (let at = 0; at < count; at++) send(at);
  assert.equal((await client.closed()).code, 4029);
}

const view = (revision: number, part: Record<string, unknown> = {}) => ({
  type: "view",
  view: { ...GRAD_CAM_VIEW, revision, ...part },
});

const FLOODS: Readonly<Record<string, (at: number) => unknown>> = {
  "views of a method that takes long to begin": (at) => view(at + 2, { method: "cnn-fixations" }),
  "views of unknown classes": (at) =>
    view(at + 2, { target: { kind: "label", label: `unicorn ${at} `.padEnd(190, "of the wood ") } }),
  "panes of unknown classes": (at) => ({
    type: "panes",
    panes: [1, 2, 3, 4, 5].map((id) => ({
      ...GRAD_CAM_VIEW,
      id,
      revision: at + 2,
      target: { kind: "label", label: `unicorn ${at} ${id} `.padEnd(190, "of the wood ") },
    })),
  }),
  "keys to share under": (at) => ({ type: "share", on: true, key: at.toString(16).padStart(32, "0") }),
  stages: () => ({ type: "stage", stage: STAGE }),
  "switches of the log": (at) => ({ type: "log", on: at % 2 === 0 }),
  pings: () => ({ type: "ping" }),
  pongs: () => ({ type: "pong" }),
};

Deno.test("floods of control messages cost nothing but their own connection", async (t) => {
  const engine = await openShipped();
  await using server = serve(engine);
  await using other = await LiveClient.greet(server.port);
  let id = 0;
  const otherIsServed = async () => {
    other.frame(++id, COFFEE);
    assert.equal((await other.message("result")).frame, id);
  };

  await t.step(
    "M5: of 200 views at once the last counts, and no more are explained than turns went by",
    async () => {
      await using client = await LiveClient.greet(server.port);
      client.frame(1, COFFEE);
      await client.message("result");
      const beganMs = performance.now();
      for (let revision = 2; revision <= 201; revision++) client.say(view(revision, { method: "hirescam" }));
      let answers = 0;
      let answer;
      do {
        answer = await client.message("view");
        answers++;
      } while (answer.revision < 201);
      const turns = 2 + (performance.now() - beganMs) / TURN_PAUSE_MS;
      assert.ok(answers <= turns, `${answers} answers, ${turns} turns`);
      const result = await client.message("result");
      assert.equal(result.revision, 201, "only the last view is explained in the end");
    },
  );

  for (const [name, make] of Object.entries(FLOODS)) {
    await t.step(`M6, M7: a flood of ${name} ends its connection`, async () => {
      await using client = await LiveClient.greet(server.port);
      client.frame(1, COFFEE);
      await client.message("result");
      await Promise.all([flood(client, FLOOD, (at) => client.say(make(at))), otherIsServed()]);
    });
  }

  await t.step("M6, M7: a flood of frames ends its connection", async () => {
    await using client = await LiveClient.greet(server.port);
    const picture = COFFEE.slice(0, 40);
    const send = (at: number) =>
      client.raw(encodeFrame({ id: at + 1, format: "png", still: false, capturedMs: at, picture }));
    await Promise.all([
      flood(client, 2 * (MAX_FRAMES_AT_ONCE + MAX_MESSAGES_OVER), send),
      otherIsServed(),
    ]);
  });

  await otherIsServed();
  await engine.close();
});
