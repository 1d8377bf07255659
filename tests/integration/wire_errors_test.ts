/** Errors thrown at each place of a server: what clients read of them, and what is logged (toWireError). */
import assert from "node:assert/strict";
import { encodeFrame } from "../../shared/codec.ts";
import { ERRORS } from "../../shared/errors.ts";
import { PROTOCOL_VERSION } from "../../shared/limits.ts";
import { createApp, Hub, watchLoopDelay } from "../../server/app/mod.ts";
import { systemClock } from "../../server/clock/mod.ts";
import { createMemoryEngine, type MemoryEngineOptions } from "../../server/engine/testing/memory_engine.ts";
import { errorText } from "../../server/logger/mod.ts";
import { MemoryLogger } from "../../server/logger/testing/memory_logger.ts";
import { MemorySocket } from "../../server/session/testing/memory_socket.ts";
import { GRAD_CAM_VIEW } from "../support/live_client.ts";

const SECRET = "cannot open /home/somebody/secret.bin";

/** Begins like a PNG, which is all that the in-memory engine asks. */
const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);

const HOST = { host: "localhost:8000" };

function fail(): never {
  throw new TypeError(SECRET);
}

function serverWith(options: MemoryEngineOptions) {
  const logger = new MemoryLogger();
  const hub = new Hub({ engine: createMemoryEngine(options), clock: systemClock, logger });
  const loopDelay = watchLoopDelay();
  const app = createApp({ hub, origins: { host: "localhost", origins: [] }, loopDelay, logger });
  return { logger, hub, app, [Symbol.dispose]: () => loopDelay.stop() };
}

function assertHidden(answer: string, code: keyof typeof ERRORS, logger: MemoryLogger): void {
  const error = JSON.parse(answer);
  assert.deepEqual([error.code, error.message], [code, ERRORS[code].words]);
  assert.doesNotMatch(answer, /secret|\.ts\b|\bat /);
  const logged = logger.lines.filter(({ level }) => level === "error").map(({ message, fields }) =>
    `${message}: ${errorText(fields.error)}`
  );
  assert.equal(logged.length, 1, logged.join("\n"));
  assert.match(logged[0] ?? "", /^Cannot .*secret\.bin.*wire_errors_test\.ts/);
}

const PLACES: readonly (readonly [string, keyof typeof ERRORS, MemoryEngineOptions])[] = [
  ["while a picture is taken", "server-fault", { beforeAdmit: fail }],
  ["while a batch runs", "engine-failed", { beforeRun: fail }],
];

for (const [place, code, options] of PLACES) {
  for (const query of ["", "?format=lines"]) {
    Deno.test(`HTTP${query}: what is thrown ${place} is logged, and nothing of it is answered`, async () => {
      using server = serverWith(options);
      const answer = await server.app.request(`http://localhost/api/explain${query}`, {
        method: "POST",
        headers: HOST,
        body: PNG,
      });
      assertHidden((await answer.text()).trim().split("\n").at(-1) ?? "", code, server.logger);
      server.hub.shutdown();
    });
  }

  Deno.test(`a socket: what is thrown ${place} is logged, and nothing of it is sent`, async () => {
    using server = serverWith(options);
    const socket = new MemorySocket();
    const viewer = server.hub.connect(socket);
    viewer.receive(JSON.stringify({ type: "hello", version: PROTOCOL_VERSION, view: GRAD_CAM_VIEW }));
    viewer.receive(encodeFrame({ id: 1, capturedMs: 0, format: "png", still: false, picture: PNG }));
    const errors = () => socket.texts.filter((text) => JSON.parse(text).type === "error");
    while (errors().length === 0) await new Promise((resolve) => setTimeout(resolve, 0));
    assertHidden(errors()[0] ?? "", code, server.logger);
    viewer.closed();
    server.hub.shutdown();
  });
}

Deno.test("HTTP: what a route throws is logged, and nothing of it is answered", async () => {
  using server = serverWith({});
  server.hub.guest = fail;
  const answer = await server.app.request(
    "http://localhost/api/feature?layer=features&channel=1&of=channel",
    {
      headers: HOST,
    },
  );
  assert.equal(answer.status, 500);
  assertHidden(await answer.text(), "server-fault", server.logger);
  server.hub.shutdown();
});
