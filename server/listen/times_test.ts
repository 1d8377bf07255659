/** Clients that keep the server waiting (N1), over real connections with short times. */
import assert from "node:assert/strict";
import { Wire } from "../../tests/support/wire.ts";
import { listenForTest } from "./testing/test_listener.ts";

const GET = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

function post(length: number): string {
  return `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${length}\r\n\r\n`;
}

async function lengthOf(request: Request): Promise<Response> {
  return new Response(`${(await request.bytes()).length} bytes`);
}

Deno.test("N1: a connection that says nothing is closed, one whose headers do not end gets request-timeout", async () => {
  await using server = listenForTest(() => new Response("there"), { times: { headerMs: 50 } });
  using silent = await Wire.open(server.port);
  assert.equal(await silent.end(), "");
  using slow = await Wire.open(server.port, "GET / HTTP/1.1\r\nHost: loc");
  const text = await slow.end();
  assert.match(text, /^HTTP\/1\.1 408 Request Timeout\r\n/);
  assert.match(
    text,
    /"code":"request-timeout","message":"Cannot serve the request: expected its headers within 0\.05 s, got a part of them"/,
  );
});

Deno.test("N1: headers that trickle after an answer get request-timeout as well", async () => {
  await using server = listenForTest(() => new Response("there"), { times: { headerMs: 50 } });
  using wire = await Wire.open(server.port, GET);
  await wire.until(/there$/);
  await wire.send("GET / HT");
  assert.match(await wire.end(), /there[^]*"request-timeout"/);
});

Deno.test("N1: a connection that stays idle after an answer is closed", async () => {
  await using server = listenForTest(() => new Response("there"), {
    times: { idleMs: 50, headerMs: 60_000 },
  });
  using wire = await Wire.open(server.port, GET);
  const text = await wire.end();
  assert.match(text, /^HTTP\/1\.1 200 OK\r\n[^]*there$/);
});

Deno.test("N1: a body that pauses is answered with request-timeout", async () => {
  await using server = listenForTest(lengthOf, { times: { bodyMs: 50 } });
  using wire = await Wire.open(server.port, `${post(10)}ab`);
  const text = await wire.until(/words/);
  assert.match(text, /^HTTP\/1\.1 408 /);
  assert.match(
    text,
    /"request-timeout","message":"Cannot read the body: it paused or came too slowly after 2 bytes"/,
  );
});

Deno.test("N1: a body that trickles is answered with request-timeout, however short its pauses", async () => {
  await using server = listenForTest(lengthOf, { times: { bodyMs: 300, bodyRate: 1_000 } });
  using wire = await Wire.open(server.port, post(100_000));
  let answered = false;
  const answer = wire.until(/words/).finally(() => answered = true);
  // The answer comes while bytes are still being sent; each of them pays for 1 ms.
  while (!answered) {
    await wire.send("x");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.match(await answer, /^HTTP\/1\.1 408 /);
});

Deno.test("N1: an upload whose bytes keep coming takes as long as it takes", async () => {
  const bodyMs = 300;
  await using server = listenForTest(lengthOf, { times: { bodyMs, bodyRate: 1_000 } });
  const piece = "x".repeat(1_000);
  const pieces = 100;
  using wire = await Wire.open(server.port, post(pieces * piece.length));
  const startMs = performance.now();
  for (let sent = 0; sent < pieces; sent++) {
    await wire.send(piece);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.ok(performance.now() - startMs > 3 * bodyMs);
  assert.match(await wire.until(/bytes$/), /^HTTP\/1\.1 200 [^]*100000 bytes$/);
});

Deno.test("N1: time that the server takes to read is not the client's", async () => {
  const bodyMs = 100;
  const begun = Promise.withResolvers<void>();
  await using server = listenForTest(async (request) => {
    const reader = request.body?.getReader();
    await reader?.read();
    begun.resolve();
    await new Promise((resolve) => setTimeout(resolve, 3 * bodyMs));
    let length = 0;
    for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) {
      length += read.value.length;
    }
    return new Response(`${length} more`);
  }, { times: { bodyMs } });
  using wire = await Wire.open(server.port, `${post(6)}abc`);
  await begun.promise;
  await wire.send("def");
  assert.match(await wire.until(/more$/), /^HTTP\/1\.1 200 [^]*3 more$/);
});

Deno.test("N1: a WebSocket outlives the times of requests", async () => {
  const times = { headerMs: 50, idleMs: 50, bodyMs: 50 };
  const passed = Promise.withResolvers<void>();
  await using server = listenForTest((_request, { upgrade }) => {
    const limits = { firstBytes: 100, laterBytes: 100, refuse: () => {} };
    return upgrade?.(limits, (socket) => {
      setTimeout(() => {
        socket.send("still there");
        passed.resolve();
      }, 4 * times.idleMs);
      return { receive: () => {}, closed: () => {} };
    }) ?? new Response(null, { status: 426 });
  }, { times });
  using wire = await Wire.open(
    server.port,
    "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  );
  assert.match(await wire.until(/still there/), /still there$/);
  await passed.promise;
});

Deno.test("N1: an answer that nobody reads ends, and with it what makes it", async () => {
  const stopped = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  await using server = listenForTest(({ signal }) => {
    signal.addEventListener("abort", () => gone.resolve());
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
      cancel: () => stopped.resolve(),
    });
    return new Response(body);
  }, { times: { stallMs: 100 } });
  using wire = await Wire.open(server.port, GET);
  await Promise.all([stopped.promise, gone.promise]);
  assert.match(await wire.end(), /^HTTP\/1\.1 200 /);
});
