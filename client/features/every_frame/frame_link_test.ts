/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { signal } from "@preact/signals";
import { decodeFrame } from "../../../shared/codec.ts";
import type { Result, ServerMessage, View } from "../../../shared/protocol.ts";
import type { ConnectionState } from "../../live/connection.ts";
import type { LinkPorts } from "../../live/link.ts";
import { type FrameConnection, FrameLink } from "./frame_link.ts";

const VIEW: View = { revision: 1, method: "grad-cam", target: { kind: "rank", rank: 1 }, options: {} };
const PREDICTION = { index: 3, label: "cup", logit: 2, probability: 0.9 };

/** A link whose server is the test. */
class Server implements FrameConnection {
  readonly state = signal<ConnectionState>({ phase: "idle" });
  /** Time of capture of every frame that was sent, by its id on this connection. */
  sent: { id: number; capturedMs: number }[] = [];
  readonly link: FrameLink;
  #reports: Omit<LinkPorts, "url"> | null = null;

  constructor(grows = false) {
    this.link = new FrameLink({
      connect: (reports) => {
        this.#reports = reports;
        return this;
      },
      view: VIEW,
      grows,
    });
  }

  start(): void {}
  wanted(): void {}
  dispose(): void {}

  sendFrame(bytes: Uint8Array<ArrayBuffer>): boolean {
    const { id, capturedMs, still } = decodeFrame(bytes);
    assert.ok(still, "each frame is explained by itself");
    this.sent.push({ id, capturedMs });
    return true;
  }

  say(message: object): void {
    this.#reports?.onMessage(message as ServerMessage);
  }

  /** The server shows the view. */
  show(): void {
    this.say({ type: "view", ...VIEW, model: "m", layer: "top" });
  }

  drop(): void {
    this.#reports?.onLive(false);
    this.sent = [];
  }

  result(frame: number): void {
    const ranking = { rows: [PREDICTION], unsure: false };
    this.say(
      { type: "result", frame, revision: 1, model: "m", ranking, target: PREDICTION } satisfies Partial<
        Result
      >,
    );
  }

  tile(frame: number, complete = true): void {
    const sides = { mapHeight: 1, mapWidth: 1, row: 0, column: 0, rows: 1, columns: 1 };
    this.#reports?.onTile({
      ...{ frame, pane: 0, revision: 1, classIndex: 3, complete, progress: 1, costMs: 1, samples: null },
      ...sides,
      values: Float32Array.of(frame),
    });
  }

  explain(capturedMs: number) {
    return this.link.explain({ format: "rgb", picture: new Uint8Array(3) }, capturedMs);
  }
}

Deno.test("FrameLink sends nothing before its view is shown, and two frames at a time then", async () => {
  const server = new Server();
  const answers = [10, 20, 30].map((ms) => server.explain(ms));
  assert.deepEqual(server.sent, []);
  server.show();
  assert.deepEqual(server.sent.map(({ capturedMs }) => capturedMs), [10, 20]);
  server.result(1);
  server.tile(1, false);
  assert.equal(server.sent.length, 2, "the map is not complete");
  server.tile(1);
  assert.equal(server.sent.length, 3);
  for (const frame of [2, 3]) {
    server.tile(frame);
    server.result(frame);
  }
  const maps = (await Promise.all(answers)).map(({ map }) => map.values[0]);
  assert.deepEqual(maps, [1, 2, 3]);
});

Deno.test("FrameLink explains a frame again whose map gave way to the next one's, and one at a time from then on", async () => {
  const server = new Server();
  const answers = [10, 20, 30].map((ms) => server.explain(ms));
  server.show();
  server.result(1);
  server.result(2);
  server.tile(2);
  await answers[1];
  assert.deepEqual(server.sent.map(({ capturedMs }) => capturedMs), [10, 20, 10]);
  server.result(3);
  assert.equal(server.sent.length, 3);
  server.tile(3);
  await answers[0];
  assert.deepEqual(server.sent.at(-1), { id: 4, capturedMs: 30 });
});

Deno.test("FrameLink sends again what had no answer when the connection was lost, in order and from 1", async () => {
  const server = new Server();
  const answers = [10, 20].map((ms) => server.explain(ms));
  server.show();
  server.result(1);
  server.drop();
  server.show();
  assert.deepEqual(server.sent, [{ id: 1, capturedMs: 10 }, { id: 2, capturedMs: 20 }]);
  for (const frame of [1, 2]) {
    server.result(frame);
    server.tile(frame);
  }
  assert.equal((await Promise.all(answers)).length, 2);
});

Deno.test("FrameLink tries a frame three times, and says why the server cannot explain it", async () => {
  const server = new Server(true);
  const answer = server.explain(10);
  server.show();
  const error = {
    type: "error",
    code: "engine-failed",
    message: "the engine failed",
    revision: null,
    pane: null,
  };
  for (const frame of [1, 2, 3]) server.say({ ...error, frame });
  await assert.rejects(answer, /the engine failed/);
  assert.equal(server.sent.length, 3);
  await assert.rejects(server.explain(20), /the engine failed/);
});

Deno.test("FrameLink ends where the server refuses the view, or the page", async () => {
  const refused = new Server();
  const answer = refused.explain(10);
  refused.say({
    type: "error",
    code: "unknown-class",
    message: "no such class",
    frame: null,
    revision: 1,
    pane: null,
  });
  await assert.rejects(answer, /no such class/);
  const ended = new Server();
  const other = ended.explain(10);
  ended.state.value = { phase: "ended", words: "Another page of this version is needed." };
  await assert.rejects(other, /Another page/);
});
