/** Errors thrown at each place of a server: what clients read of them, and what is logged (toWireError). */
import assert from "node:assert/strict";
import { crc32 } from "node:zlib";
import { encodeFrame } from "../../shared/codec.ts";
import { ERRORS, GradcastError } from "../../shared/errors.ts";
import { PROTOCOL_VERSION } from "../../shared/limits.ts";
import { createApp, Hub, watchLoopDelay } from "../../server/app/mod.ts";
import { systemClock } from "../../server/clock/mod.ts";
import { createMemoryEngine, type MemoryEngineOptions } from "../../server/engine/testing/memory_engine.ts";
import { errorText } from "../../server/logger/mod.ts";
import { encodePng } from "../../server/report/mod.ts";
import { MemoryLogger } from "../../server/logger/testing/memory_logger.ts";
import {
  type ClipStore,
  type LogStore,
  openDataFolder,
  reopeningClips,
  reopeningLog,
} from "../../server/store/mod.ts";
import { MemorySocket } from "../../server/session/testing/memory_socket.ts";
import { GRAD_CAM_VIEW } from "../support/live_client.ts";
import { soleModel } from "../../server/pool/testing/memory_models.ts";

const SECRET = "cannot open /home/somebody/secret.bin";

/** Begins like a PNG, which is all that the in-memory engine asks. */
const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);

const HOST = { host: "localhost:8000" };

function fail(): never {
  throw new TypeError(SECRET);
}

/** What of a server is not the default. */
interface ServerChanges {
  readonly engine?: MemoryEngineOptions;
  readonly log?: LogStore;
  readonly clips?: ClipStore;
}

function serverWith({ engine = {}, log, clips }: ServerChanges) {
  const logger = new MemoryLogger();
  const hub = new Hub({
    models: soleModel(createMemoryEngine(engine)),
    clock: systemClock,
    logger,
    ...(log === undefined ? {} : { log: { store: log } }),
  });
  const loopDelay = watchLoopDelay();
  const app = createApp({
    hub,
    origins: { host: "localhost", origins: [] },
    loopDelay,
    logger,
    clips: clips ?? null,
  });
  const dispose = () => {
    hub.shutdown();
    loopDelay.stop();
  };
  return { logger, hub, app, [Symbol.dispose]: dispose };
}

/** What was logged as an error, with its causes. */
function loggedErrors(logger: MemoryLogger): readonly string[] {
  return logger.lines.filter(({ level }) => level === "error").map(({ message, fields }) =>
    `${message}: ${errorText(fields.error)}`
  );
}

function assertHidden(answer: string, code: keyof typeof ERRORS, logger: MemoryLogger): void {
  const error = JSON.parse(answer);
  assert.deepEqual([error.code, error.message], [code, ERRORS[code].words]);
  assert.doesNotMatch(answer, /secret|\.ts\b|\bat /);
  const logged = loggedErrors(logger);
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
      using server = serverWith({ engine: options });
      const answer = await server.app.request(`http://localhost/api/explain${query}`, {
        method: "POST",
        headers: HOST,
        body: PNG,
      });
      assertHidden((await answer.text()).trim().split("\n").at(-1) ?? "", code, server.logger);
    });
  }

  Deno.test(`a socket: what is thrown ${place} is logged, and nothing of it is sent`, async () => {
    using server = serverWith({ engine: options });
    const socket = new MemorySocket();
    const viewer = server.hub.connect(socket);
    viewer.receive(JSON.stringify({ type: "hello", version: PROTOCOL_VERSION, view: GRAD_CAM_VIEW }));
    viewer.receive(encodeFrame({ id: 1, capturedMs: 0, format: "png", still: false, picture: PNG }));
    const errors = () => socket.texts.filter((text) => JSON.parse(text).type === "error");
    while (errors().length === 0) await new Promise((resolve) => setTimeout(resolve, 0));
    assertHidden(errors()[0] ?? "", code, server.logger);
    viewer.closed();
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
});

/** A request as the listener hands it on that comes from the server's own machine. */
const OWN_MACHINE = { remoteAddr: { hostname: "127.0.0.1" }, httpVersion: "1.1" };

/** A PNG whose rows do not inflate: what zlib says of them is thrown in the worker that draws the answer. */
function damagedPng(): Uint8Array<ArrayBuffer> {
  const png = encodePng({ width: 6, height: 4, rgb: new Uint8Array(72).fill(100) });
  const at = new TextDecoder("latin1").decode(png).indexOf("IDAT");
  const view = new DataView(png.buffer);
  const length = view.getUint32(at - 4);
  png.fill(0xff, at + 4, at + 4 + length);
  view.setUint32(at + 4 + length, crc32(png.subarray(at, at + 4 + length)));
  return png;
}

for (const format of ["html", "png"]) {
  Deno.test(`HTTP, ${format}: what a library throws in the answer's worker is logged, and nothing of it is answered`, async () => {
    using server = serverWith({});
    const url = `http://localhost/api/explain?format=${format}`;
    const answer = await server.app.request(url, { method: "POST", headers: HOST, body: damagedPng() });
    const error = JSON.parse((await answer.text()).trim().split("\n").at(-1) ?? "");
    assert.equal(error.code, "frame-corrupt");
    assert.match(error.message, /^Cannot decode the picture: expected its rows to inflate/);
    assert.doesNotMatch(JSON.stringify(error), /incorrect header check|\.ts\b/);
    const logged = loggedErrors(server.logger);
    assert.equal(logged.length, 1, logged.join("\n"));
    assert.match(logged[0] ?? "", /incorrect header check/);
  });
}

Deno.test("HTTP, html: nothing that libjpeg says of a damaged picture is answered", async () => {
  const jpeg = await Deno.readFile(
    new URL("../../server/engine/image/_fixtures/baseline.jpg", import.meta.url),
  );
  using server = serverWith({});
  const answer = await server.app.request("http://localhost/api/explain?format=html", {
    method: "POST",
    headers: HOST,
    body: new Uint8Array([...jpeg.subarray(0, -100), 0xff, 0xd9]),
  });
  const { code, message } = JSON.parse(await answer.text());
  assert.equal(code, "frame-corrupt");
  assert.equal(
    message,
    "Cannot decode the picture: expected data that is whole, got some that is damaged or cut short",
  );
});

Deno.test("HTTP, lines: what is thrown after the first line is logged, and nothing of it is answered", async () => {
  let batches = 0;
  using server = serverWith({ engine: { beforeRun: () => ++batches > 1 ? fail() : undefined } });
  const answer = await server.app.request(
    "http://localhost/api/feature?layer=features&channel=1&of=channel",
    { headers: HOST },
  );
  assert.equal(answer.status, 200);
  const lines = (await answer.text()).trim().split("\n");
  assert.ok(lines.length > 1, "the first line reports a step");
  assert.equal(JSON.parse(lines[0] ?? "").done, false);
  assertHidden(lines.at(-1) ?? "", "engine-failed", server.logger);
});

/** A store all of whose calls throw. */
function throwingStore<Store extends object>(thrown: () => unknown): Store {
  const call = () => Promise.reject(thrown());
  return new Proxy({} as Store, { get: () => call });
}

const STORE_ERRORS: readonly (readonly [string, keyof typeof ERRORS, () => unknown])[] = [
  ["an error of the code", "server-fault", () => new TypeError(SECRET)],
  [
    "what the disk said",
    "data-unusable",
    () => new GradcastError("data-unusable", `Cannot use it: ${SECRET}`, { cause: new Error(SECRET) }),
  ],
];

for (const [what, code, thrown] of STORE_ERRORS) {
  for (const path of ["log", "log/7/picture", "log/trash", "clips", "clips/abc", "clips/abc/media"]) {
    Deno.test(`HTTP, /api/${path}: ${what} is logged, and nothing of it is answered`, async () => {
      using server = serverWith({ log: throwingStore(thrown), clips: throwingStore(thrown) });
      const answer = await server.app.request(`http://localhost/api/${path}`, { headers: HOST }, OWN_MACHINE);
      assert.equal(answer.status, ERRORS[code].status);
      assertHidden(await answer.text(), code, server.logger);
    });
  }
}

Deno.test("HTTP, stores: what SQLite says of a file that is no database is logged, and nothing of it is answered", async () => {
  const data = await Deno.makeTempDir();
  for (const name of ["log", "clips"]) {
    await Deno.writeTextFile(`${data}/${name}.sqlite`, "no database at all, only a text file\n".repeat(100));
  }
  const folder = openDataFolder(data);
  const log = reopeningLog({ folder, bounds: { maxAgeMs: 1e9, maxBytes: 1e6 }, onFailure: () => {} });
  const clips = reopeningClips(folder, { maxAgeMs: 1e9, maxBytes: 1e6 }, () => {}, () => {});
  try {
    for (const name of ["log", "clips"]) {
      using server = serverWith({ log, clips });
      const answer = await server.app.request(`http://localhost/api/${name}`, { headers: HOST }, OWN_MACHINE);
      const text = await answer.text();
      const error = JSON.parse(text);
      assert.deepEqual([error.code, error.message], ["data-unusable", ERRORS["data-unusable"].words]);
      assert.ok(!text.includes(data) && !text.includes("not a database"), text);
      const logged = loggedErrors(server.logger);
      assert.equal(logged.length, 1, logged.join("\n"));
      assert.match(logged[0] ?? "", /not a database/);
    }
  } finally {
    await log.close();
    await clips.close();
    await folder.close();
    await Deno.remove(data, { recursive: true });
  }
});
