/** Requests as nobody should write them (N3), and how connections end (N2, N7). */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { setImmediate } from "node:timers/promises";
import { MAX_HEADER_BYTES, MAX_PIPELINED } from "../../shared/limits.ts";
import { Wire } from "../../tests/support/wire.ts";
import { acceptAll } from "./_accept.ts";
import { listenForTest } from "./testing/test_listener.ts";

const HOST = "Host: localhost\r\n";
const GET = `GET / HTTP/1.1\r\n${HOST}\r\n`;

/** Answers with what came, so that a request that is taken for another one shows. */
async function echo(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  return new Response(`<${request.method} ${pathname}${search} ${await request.text()}>`);
}

const REFUSED: Readonly<Record<string, readonly [text: string, status: number, code: string]>> = {
  "bad chunks": [
    `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n`,
    400,
    "bad-request",
  ],
  "no host": ["GET / HTTP/1.1\r\n\r\n", 400, "bad-request"],
  "a host with a space": ["GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400, "bad-request"],
  "a host with a path": ["GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, "bad-request"],
  "a host with a name and a password": ["GET / HTTP/1.1\r\nHost: a:b@c\r\n\r\n", 400, "bad-request"],
  "two hosts": [`GET / HTTP/1.1\r\n${HOST}${HOST}\r\n`, 400, "bad-request"],
  "a version that there is not": [`GET / HTTP/2.0\r\n${HOST}\r\n`, 400, "bad-request"],
  "a target that is another server's": [
    `GET http://evil.example/ HTTP/1.1\r\n${HOST}\r\n`,
    400,
    "bad-request",
  ],
  "a target that is no path": [`OPTIONS * HTTP/1.1\r\n${HOST}\r\n`, 400, "bad-request"],
  "a method that does not exist": [`FOO / HTTP/1.1\r\n${HOST}\r\n`, 400, "bad-request"],
  "a method that no address knows": [`PROPFIND / HTTP/1.1\r\n${HOST}\r\n`, 405, "method-not-allowed"],
  TRACE: [`TRACE / HTTP/1.1\r\n${HOST}\r\n`, 405, "method-not-allowed"],
  CONNECT: [`CONNECT a:443 HTTP/1.1\r\n${HOST}\r\n`, 405, "method-not-allowed"],
  "two lengths": [
    `POST / HTTP/1.1\r\n${HOST}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`,
    400,
    "bad-request",
  ],
  "a length beside chunks": [
    `POST / HTTP/1.1\r\n${HOST}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`,
    400,
    "bad-request",
  ],
  "a negative length": [`POST / HTTP/1.1\r\n${HOST}Content-Length: -3\r\n\r\nabc`, 400, "bad-request"],
  "an endless length": [
    `POST / HTTP/1.1\r\n${HOST}Content-Length: 9${"9".repeat(30)}\r\n\r\n`,
    400,
    "bad-request",
  ],
  "NUL in a header": [`GET / HTTP/1.1\r\n${HOST}X: a\0b\r\n\r\n`, 400, "bad-request"],
  "a header's name with a space": [`GET / HTTP/1.1\r\n${HOST}X y: a\r\n\r\n`, 400, "bad-request"],
  "TLS": ["\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400, "bad-request"],
  "HTTP/2": ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "bad-request"],
  "a long address": [`GET /${"a".repeat(MAX_HEADER_BYTES)} HTTP/1.1\r\n${HOST}\r\n`, 431, "headers-size"],
  "a very long address": [`GET /${"a".repeat(1_000_000)} HTTP/1.1\r\n${HOST}\r\n`, 431, "headers-size"],
  "long headers": [
    `GET / HTTP/1.1\r\n${HOST}X: ${"a".repeat(MAX_HEADER_BYTES)}\r\n\r\n`,
    431,
    "headers-size",
  ],
};

Deno.test("N3: what is no request in HTTP/1.1 is refused by its code, and the next connection is served", async (t) => {
  await using server = listenForTest(echo);
  for (const [name, [text, status, code]] of Object.entries(REFUSED)) {
    await t.step(name, async () => {
      using wire = await Wire.open(server.port);
      // The server may have closed before all of it is sent.
      await wire.send(text).catch(() => {});
      const answer = await wire.until(/words/);
      assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `));
      assert.ok(answer.includes(`"code":"${code}"`), answer);
      assert.equal(answer.match(/^HTTP\/1\.1 /gm)?.length, 1, "one answer alone");
    });
  }
  using wire = await Wire.open(server.port, GET);
  assert.match(await wire.until(/>/), /<GET \/ >$/);
  assert.deepEqual(server.faults, []);
});

const SERVED: Readonly<Record<string, readonly [text: string, answer: RegExp]>> = {
  "a whole address as target": ["GET http://a:80/x?y=1 HTTP/1.1\r\nHost: a\r\n\r\n", /<GET \/x\?y=1 >$/],
  "HTTP/1.0 without a host": ["GET /a HTTP/1.0\r\n\r\n", /<GET \/a >$/],
  "an upgrade to HTTP/2": [
    `POST / HTTP/1.1\r\n${HOST}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nContent-Length: 3\r\n\r\nabc`,
    /<POST \/ abc>$/,
  ],
  "a WebSocket's header alone": [`GET / HTTP/1.1\r\n${HOST}Upgrade: websocket\r\n\r\n`, /<GET \/ >$/],
  "two slashes": [`GET //a/b HTTP/1.1\r\n${HOST}\r\n`, /<GET \/\/a\/b >$/],
  "a body with 100-continue": [
    `POST / HTTP/1.1\r\n${HOST}Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc`,
    /100 Continue[^]*<POST \/ abc>$/,
  ],
  "an expectation that nobody knows": [`GET /a HTTP/1.1\r\n${HOST}Expect: b\r\n\r\n`, /<GET \/a >$/],
  "a body that GET does not have": [`GET / HTTP/1.1\r\n${HOST}Content-Length: 3\r\n\r\nabc`, /<GET \/ >$/],
};

Deno.test("N3: what is unusual but right is answered", async (t) => {
  await using server = listenForTest(echo);
  for (const [name, [text, answer]] of Object.entries(SERVED)) {
    await t.step(name, async () => {
      using wire = await Wire.open(server.port, text);
      assert.match(await wire.until(/>$/), answer);
    });
  }
  assert.deepEqual(server.faults, []);
});

Deno.test("N3: requests that do not wait are answered in turn, too many close the connection", async () => {
  const first = Promise.withResolvers<void>();
  await using server = listenForTest(async (request) => {
    if (request.url.endsWith("/1")) await first.promise;
    return new Response(`<${new URL(request.url).pathname}>`);
  });
  const get = (path: string) => `GET /${path} HTTP/1.1\r\n${HOST}\r\n`;
  using wire = await Wire.open(server.port, get("1") + get("2") + get("3"));
  first.resolve();
  assert.deepEqual((await wire.until(/<\/3>/)).match(/<.*?>/g), ["</1>", "</2>", "</3>"]);

  await using slow = listenForTest(({ signal }) =>
    new Promise((resolve) => signal.addEventListener("abort", () => resolve(new Response("late"))))
  );
  using many = await Wire.open(slow.port, GET.repeat(MAX_PIPELINED + 1));
  assert.equal(await many.end(), "");
});

Deno.test("a fault of the app is reported and answered, and the next request is served", async () => {
  await using server = listenForTest((request) => {
    if (request.url.endsWith("/bad")) throw new Error("the app's own");
    return new Response("<good>");
  });
  using wire = await Wire.open(server.port, `GET /bad HTTP/1.1\r\n${HOST}\r\n`);
  assert.match(await wire.until(/words/), /^HTTP\/1\.1 500 [^]*"code":"server-fault"/);
  await wire.send(GET);
  assert.match(await wire.until(/good/), /<good>$/);
  assert.match(String(server.faults), /the app's own/);
});

Deno.test("an answer that turns out shorter than it said is broken off", async () => {
  await using server = listenForTest(() => {
    const body = ReadableStream.from([new TextEncoder().encode("<half")]);
    return new Response(body, { headers: { "content-length": "10" } });
  });
  using wire = await Wire.open(server.port, GET);
  assert.match(await wire.end(), /content-length: 10[^]*\r\n\r\n(<half)?$/i);
});

Deno.test("the rest of a body that is refused is thrown away, and the connection continues", async () => {
  await using server = listenForTest(({ method }) => new Response(`<${method}>`));
  const length = 3_000_000;
  using wire = await Wire.open(server.port, `POST / HTTP/1.1\r\n${HOST}Content-Length: ${length}\r\n\r\n`);
  assert.match(await wire.until(/>/), /<POST>$/);
  await wire.send(new Uint8Array(length));
  await wire.send(GET);
  assert.match(await wire.until(/<GET>/), /<GET>$/);
});

Deno.test("N2: a connection too many is answered with busy; one that waits for a request gives way to it", async () => {
  const open = Promise.withResolvers<void>();
  let waiting = 0;
  await using server = listenForTest(async (request) => {
    if (request.url.endsWith("/wait")) {
      waiting++;
      await open.promise;
    }
    return new Response("<there>");
  }, { maxConnections: 4 });
  // Of four places this machine has three.
  const busy = `GET /wait HTTP/1.1\r\n${HOST}\r\n`;
  using first = await Wire.open(server.port, busy);
  using second = await Wire.open(server.port, busy);
  using third = await Wire.open(server.port, GET);
  await third.until(/there/);
  using fourth = await Wire.open(server.port, GET);
  assert.match(await fourth.until(/there/), /<there>$/);
  assert.match(await third.end(), /<there>$/);
  await fourth.send(busy);
  while (waiting < 3) await setImmediate();
  using fifth = await Wire.open(server.port);
  assert.match(await fifth.end(), /^HTTP\/1\.1 503 [^]*retry-after: 2[^]*"busy","message":"[^"]*serves 3 /i);
  open.resolve();
  assert.match(await first.until(/there/), /<there>$/);
  assert.match(await second.until(/there/), /<there>$/);
});

Deno.test("N2: connections that are broken off before they are accepted keep nobody waiting", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  for (let count = 0; count < 60; count++) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const socket = connect(port, "127.0.0.1", () => socket.resetAndDestroy());
    socket.once("close", () => resolve());
    await promise;
  }
  using wire = await Wire.open(port);
  const faults: unknown[] = [];
  const begunMs = performance.now();
  const { promise: taken, resolve } = Promise.withResolvers<void>();
  const accepting = acceptAll(listener, (connection) => {
    connection.close();
    resolve();
  }, (fault) => faults.push(fault));
  await taken;
  const tookMs = performance.now() - begunMs;
  await accepting.end();
  assert.equal(await wire.end(), "");
  assert.deepEqual(faults, []);
  assert.ok(tookMs < 2_000, `it took ${tookMs} ms`);
});

Deno.test("N7: a server that stops closes idle connections at once, finishes answers, and cuts off what takes too long", async () => {
  const begun: (() => void)[] = [];
  await using server = listenForTest((request) =>
    new Promise((resolve) => {
      begun.push(() => resolve(new Response(`<${new URL(request.url).pathname}>`)));
    }), { times: { stopMs: 200 } });
  using idle = await Wire.open(server.port);
  using quick = await Wire.open(server.port, `GET /quick HTTP/1.1\r\n${HOST}\r\n`);
  while (begun.length < 1) await setImmediate();
  using slow = await Wire.open(server.port, `GET /slow HTTP/1.1\r\n${HOST}\r\n`);
  while (begun.length < 2) await setImmediate();
  const closed = server.close();
  assert.equal(await idle.end(), "");
  begun[0]?.();
  assert.match(await quick.end(), /connection: close[^]*<\/quick>$/i);
  await closed;
  assert.equal(await slow.end(), "");
  await assert.rejects(Wire.open(server.port), Deno.errors.ConnectionRefused);
  assert.equal(server.connections, 0);
});
