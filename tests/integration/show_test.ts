/** Shows over real sockets with the real engine (PROTOCOL.md, W). */
import assert from "node:assert/strict";
import { decodeBundle } from "../../shared/bundle.ts";
import { decodeFrame, decodeTile, MAX_BAD_MESSAGES } from "../../shared/mod.ts";
import type { StageState } from "../../shared/remote.ts";
import { LiveClient, serve } from "../support/live_client.ts";
import { openShipped } from "../support/shipped_engine.ts";
import { STAGE } from "../support/stage.ts";

const KEY = "00112233445566778899aabbccddeeff";

/** A socket that watches, or steers. */
class Watching implements AsyncDisposable {
  readonly socket: WebSocket;
  readonly closed: Promise<CloseEvent>;
  readonly #bundles: (string | Uint8Array<ArrayBuffer>)[][] = [];
  #wake = () => {};

  constructor(port: number, path: string) {
    this.socket = new WebSocket(`ws://localhost:${port}/ws/${path}`);
    this.socket.binaryType = "arraybuffer";
    this.closed = new Promise((resolve) => this.socket.onclose = resolve);
    this.socket.onmessage = ({ data }) => {
      if (data === '{"type":"ping"}') return this.socket.send('{"type":"pong"}');
      this.#bundles.push(decodeBundle(new Uint8Array(data)));
      this.#wake();
    };
  }

  /** The next bundle that holds what is wanted. */
  async bundle(
    wanted: (part: string | Uint8Array<ArrayBuffer>) => boolean,
  ): Promise<(string | Uint8Array<ArrayBuffer>)[]> {
    for (;;) {
      const found = this.#bundles.findIndex((parts) => parts.some(wanted));
      if (found >= 0) return this.#bundles.splice(0, found + 1).at(-1) ?? [];
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  async [Symbol.asyncDispose]() {
    this.socket.close();
    await this.closed;
  }
}

const says = (type: string) => (part: string | Uint8Array) =>
  typeof part === "string" && JSON.parse(part).type === type;
const isTile = (part: string | Uint8Array) => typeof part !== "string" && part[0] === 2;

Deno.test("a show over real sockets", async (t) => {
  const engine = await openShipped();
  await using server = serve(engine);
  const picture = await Deno.readFile("tests/fixtures/photos/coffee.png");
  await using presenter = await LiveClient.greet(server.port);
  presenter.say({ type: "share", on: true, key: KEY });
  const { watch, remote } = await presenter.message("shared");

  await t.step(
    "W4: who watches gets the presenter's picture, result and map, the same to the byte",
    async () => {
      await using watching = new Watching(server.port, `watch/${watch}`);
      await watching.bundle(says("welcome"));
      presenter.frame(1, picture);
      const result = await presenter.message("result");
      const tile = await presenter.tile(({ complete }) => complete);
      const parts = await watching.bundle(isTile);
      const [frame, ...rest] = parts;
      assert.ok(frame instanceof Uint8Array);
      assert.deepEqual(decodeFrame(frame).picture, picture);
      assert.deepEqual(rest.filter(says("result")).map((text) => JSON.parse(String(text))), [result]);
      assert.deepEqual(rest.filter((part) => part instanceof Uint8Array).map(decodeTile), [tile]);
      assert.equal((await server.hub.stats()).watchers, 1);
    },
  );

  await t.step(
    "W5: who watches learns how the presenter's stage looks, whoever comes later, too",
    async () => {
      const stageOf = (parts: readonly unknown[]) =>
        parts.flatMap((part) => typeof part === "string" ? [JSON.parse(part)] : [])
          .filter(({ type }) => type === "stage").map(({ stage }) => stage);
      await using watching = new Watching(server.port, `watch/${watch}`);
      await watching.bundle(says("welcome"));
      const changes = [
        { colormap: "turbo" },
        { opacity: 0.25 },
        { mapHidden: true },
        { frozen: true },
        { recording: true },
        { presenting: true },
        { mirrored: true },
      ] as const;
      let stage: StageState = STAGE;
      for (const change of changes) {
        stage = { ...stage, ...change };
        presenter.say({ type: "stage", stage });
        assert.deepEqual(stageOf(await watching.bundle(says("stage"))), [stage]);
      }
      await using late = new Watching(server.port, `watch/${watch}`);
      assert.deepEqual(stageOf(await late.bundle(says("welcome"))), [stage]);
      presenter.say({ type: "stage", stage: { ...stage, opacity: 2 } });
      assert.equal((await presenter.message("error")).code, "message-shape");
    },
  );

  await t.step(
    "W7: a remote's command reaches the presenter; nonsense reaches nobody and ends the socket",
    async () => {
      await using steering = new Watching(server.port, `remote/${remote}`);
      await steering.bundle(says("welcome"));
      steering.socket.send(new Uint8Array(40));
      steering.socket.send("{");
      steering.socket.send(JSON.stringify({ kind: "method", method: "saliency" }));
      assert.deepEqual((await presenter.message("remote")).command, { kind: "method", method: "saliency" });
      for (let count = 0; count < MAX_BAD_MESSAGES; count++) steering.socket.send("x".repeat(9_000));
      assert.equal((await steering.closed).code, 4029);
      presenter.frame(2, picture);
      await presenter.message("result");
    },
  );

  await t.step("W1, W2: bad keys, codes and origins are refused, and the presenter continues", async () => {
    presenter.say({ type: "share", on: true, key: "short" });
    assert.equal((await presenter.message("error")).code, "message-shape");
    for (const path of ["watch/nobody", `watch/${remote}`, `remote/${watch}`, "watch/..%2f..%2fetc"]) {
      await using refused = new Watching(server.port, path);
      assert.equal((await refused.closed).code, 4021, path);
    }
    const foreign = await fetch(`http://localhost:${server.port}/ws/watch/${watch}`, {
      headers: { origin: "https://evil.example" },
    });
    assert.equal(foreign.status, 403);
    await foreign.body?.cancel();
    presenter.frame(3, picture);
    await presenter.message("result");
  });

  await t.step("W9: the end of the show closes who watches", async () => {
    await using watching = new Watching(server.port, `watch/${watch}`);
    await watching.bundle(says("welcome"));
    presenter.say({ type: "share", on: false, key: KEY });
    assert.equal((await watching.closed).code, 4020);
    assert.equal((await server.hub.stats()).watchers, 0);
  });

  await engine.close();
});
