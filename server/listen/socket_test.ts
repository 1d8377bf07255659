/** WebSockets on real connections: their bounds (N6, N8), and closes that arrive (E3). */
import assert from "node:assert/strict";
import { MAX_MESSAGE_BYTES } from "../../shared/limits.ts";
import { Wire } from "../../tests/support/wire.ts";
import { listenForTest, type TestListener } from "./testing/test_listener.ts";
import type { Answer, OpenSocket, SocketUser } from "./port.ts";

const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;

const FIRST_BYTES = 1_000;

/** Asks for a socket, perhaps with further headers. */
function handshake(more = "", method = "GET"): string {
  return `${method} /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
    `${more || "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"}\r\n`;
}

/** A client's frame with a mask of zeros, of which perhaps only the beginning is sent. */
function frame(
  opcode: number,
  payload: Uint8Array,
  { final = true, length = payload.length, reserved = 0 } = {},
): Uint8Array {
  const head = new DataView(new ArrayBuffer(14));
  head.setUint8(0, (final ? 0x80 : 0) | reserved | opcode);
  head.setUint8(1, 0x80 | 127);
  head.setBigUint64(2, BigInt(length));
  const small = length < 126;
  if (small) head.setUint8(1, 0x80 | length);
  const bytes = new Uint8Array(head.buffer, 0, small ? 6 : 14);
  if (small) bytes.fill(0, 2);
  return Uint8Array.from([...bytes, ...payload]);
}

function text(words: string): Uint8Array {
  return frame(TEXT, new TextEncoder().encode(words));
}

/** Code and words of the close frame among what a server has sent after its handshake; null: none has come. */
function closeOf(sent: string): { code: number; reason: string } | null {
  const bytes = Uint8Array.from(sent, (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  for (let at = sent.indexOf("\r\n\r\n") + 4; at + 4 <= bytes.length;) {
    const short = view.getUint8(at + 1);
    const [header, length] = short < 126 ? [2, short] : [4, view.getUint16(at + 2)];
    const payload = bytes.subarray(at + header, at + header + length);
    if (payload.length < length) return null;
    if ((view.getUint8(at) & 15) === CLOSE) {
      return { code: view.getUint16(at + header), reason: new TextDecoder().decode(payload.subarray(2)) };
    }
    at += header + length;
  }
  return null;
}

const hasClosed = (sent: string): boolean => closeOf(sent) !== null;

/** Opens sockets that refuse with words which say whether it was the first message. */
function sockets(use: (socket: OpenSocket) => Partial<SocketUser>): Answer {
  return (_request, { upgrade }) => {
    if (upgrade === undefined) return new Response("no upgrade", { status: 426 });
    const refuse = (socket: OpenSocket, isFirst: boolean) => {
      socket.send("too large");
      socket.close(isFirst ? 4001 : 1009, isFirst ? "first" : "later");
    };
    return upgrade({ firstBytes: FIRST_BYTES, laterBytes: MAX_MESSAGE_BYTES, refuse }, (socket) => ({
      receive: () => {},
      closed: () => {},
      ...use(socket),
    }));
  };
}

/** Answers each message with its length. */
const LENGTHS = sockets((socket) => ({ receive: ({ length }) => socket.send(`<${length}>`) }));

async function open(server: TestListener): Promise<Wire> {
  const wire = await Wire.open(server.port, handshake());
  assert.match(await wire.until(/\r\n\r\n/), /^HTTP\/1\.1 101 /);
  return wire;
}

Deno.test("N6: of a first message that is too large nothing is waited for, later ones may be as large as a frame", async () => {
  await using server = listenForTest(LENGTHS);
  using first = await open(server);
  await first.send(frame(BINARY, new Uint8Array(FIRST_BYTES + 100), { length: MAX_MESSAGE_BYTES }));
  assert.deepEqual(closeOf(await first.until(hasClosed)), { code: 4001, reason: "first" });
  using huge = await open(server);
  await huge.send(frame(BINARY, new Uint8Array(0), { length: 2 ** 40 }));
  assert.deepEqual(closeOf(await huge.until(hasClosed)), { code: 4001, reason: "first" });

  using later = await open(server);
  await later.send(text("hello"));
  await later.until(/<5>/);
  await later.send(frame(BINARY, new Uint8Array(MAX_MESSAGE_BYTES)));
  await later.until(new RegExp(`<${MAX_MESSAGE_BYTES}>`));
  await later.send(frame(BINARY, new Uint8Array(0), { length: MAX_MESSAGE_BYTES + 1 }));
  const sent = await later.until(hasClosed);
  assert.match(sent, /too large/);
  assert.deepEqual(closeOf(sent), { code: 1009, reason: "later" });
});

Deno.test("N6: a message's fragments count together, pings between them do not", async () => {
  await using server = listenForTest(LENGTHS);
  using wire = await open(server);
  const part = new Uint8Array(400);
  await wire.send(frame(BINARY, part, { final: false }));
  for (let count = 0; count < 50; count++) await wire.send(frame(PING, new Uint8Array(100)));
  await wire.send(frame(0, part));
  await wire.until(/<800>/);

  using large = await open(server);
  await large.send(frame(BINARY, part, { final: false }));
  await large.send(frame(0, part, { final: false }));
  await large.send(frame(0, part, { final: false }));
  assert.deepEqual(closeOf(await large.until(hasClosed)), { code: 4001, reason: "first" });
});

Deno.test("N6: twenty sockets that send 60 MB of one message each take no memory", async () => {
  await using server = listenForTest(LENGTHS);
  const wires = await Promise.all(Array.from({ length: 20 }, () => open(server)));
  const piece = new Uint8Array(1024 * 1024);
  const before = Deno.memoryUsage().rss;
  let most = before;
  await Promise.all(wires.map(async (wire) => {
    await wire.send(frame(BINARY, new Uint8Array(0), { length: MAX_MESSAGE_BYTES }));
    try {
      for (let sent = 0; sent < 60; sent++) {
        await wire.send(piece);
        most = Math.max(most, Deno.memoryUsage().rss);
      }
    } catch {
      // The server has closed.
    }
    wire[Symbol.dispose]();
  }));
  assert.ok(most - before < 100e6, `${Math.round((most - before) / 1e6)} MB more`);
});

Deno.test("N6: messages are not compressed", async () => {
  await using server = listenForTest(LENGTHS);
  using wire = await Wire.open(
    server.port,
    handshake(
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
        "Sec-WebSocket-Extensions: permessage-deflate\r\n",
    ),
  );
  assert.doesNotMatch(await wire.until(/\r\n\r\n/), /permessage-deflate/);
  await wire.send(frame(BINARY, new Uint8Array(10), { reserved: 0x40 }));
  assert.equal(closeOf(await wire.until(hasClosed))?.code, 1002);
});

Deno.test("E3: words and close code arrive while the client sends without a pause, 12 times of 12", async () => {
  await using server = listenForTest(sockets((socket) => ({
    receive(data) {
      if (data !== "close") return;
      socket.send("the reason");
      socket.close(4002, "hello-twice");
    },
  })));
  for (let time = 0; time < 12; time++) {
    using wire = await open(server);
    await wire.send(text("hello"));
    await wire.send(text("close"));
    let closed = false;
    const picture = frame(BINARY, new Uint8Array(150_528));
    const sending = (async () => {
      while (!closed) await wire.send(picture);
    })().catch(() => {});
    const sent = await wire.until(hasClosed);
    closed = true;
    assert.match(sent, /the reason/);
    assert.deepEqual(closeOf(sent), { code: 4002, reason: "hello-twice" });
    await sending;
  }
});

Deno.test("E3: what comes after the close is not taken, and a client that does not answer it is waited for 1 s", async () => {
  const taken: unknown[] = [];
  const ended = Promise.withResolvers<void>();
  await using server = listenForTest(sockets((socket) => ({
    receive(data) {
      taken.push(data);
      socket.close(4002, "hello-twice");
      socket.send("ignored");
    },
    closed: () => ended.resolve(),
  })));
  using wire = await open(server);
  const startMs = performance.now();
  await wire.send(text("one"));
  await wire.send(text("two"));
  const sent = await wire.end();
  await ended.promise;
  const tookMs = performance.now() - startMs;
  assert.ok(tookMs >= 900 && tookMs < 5_000, `${tookMs} ms`);
  assert.doesNotMatch(sent, /ignored/);
  assert.deepEqual(taken, ["one"]);

  using polite = await open(server);
  await polite.send(text("one"));
  await polite.until(hasClosed);
  await polite.send(frame(CLOSE, Uint8Array.of(0x0f, 0xa2)));
  await polite.end();
});

Deno.test("a fault of who takes a message closes the socket with 1011 and is reported", async () => {
  await using server = listenForTest(sockets(() => ({
    receive() {
      throw new Error("the user's own");
    },
  })));
  using wire = await open(server);
  await wire.send(text("hello"));
  assert.deepEqual(closeOf(await wire.until(hasClosed)), { code: 1011, reason: "server-fault" });
  assert.match(String(server.faults), /the user's own/);
});

Deno.test("N3: a handshake that is none is refused, and so is an address without sockets", async () => {
  await using server = listenForTest((request, bindings) =>
    request.url.endsWith("/ws") ? LENGTHS(request, bindings) : new Response("a page")
  );
  const cases: readonly (readonly [text: string, status: number, words: RegExp])[] = [
    [handshake("Sec-WebSocket-Version: 12\r\n"), 400, /Version must be 13, got 12/],
    [handshake("Sec-WebSocket-Version: 13\r\n"), 400, /Key is no nonce/],
    [handshake("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short\r\n"), 400, /Key is no nonce/],
    [handshake().replace("/ws", "/"), 400, /this address has none/],
    [handshake().replace("Host: localhost", "Host: a b"), 400, /Host/],
    [handshake("", "POST"), 426, /no upgrade/],
    ["GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n\r\n", 426, /no upgrade/],
  ];
  for (const [request, status, words] of cases) {
    using wire = await Wire.open(server.port, request);
    const answer = await wire.until(words);
    assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), request);
    assert.match(answer, words);
  }
  assert.deepEqual(server.faults, []);
});

Deno.test("N7: a server that stops closes sockets with 1001 and waits for their close", async () => {
  await using server = listenForTest(LENGTHS);
  using wire = await open(server);
  await wire.send(text("hello"));
  await wire.until(/<5>/);
  const closed = server.close();
  assert.deepEqual(closeOf(await wire.until(hasClosed)), { code: 1001, reason: "server-closing" });
  await wire.send(frame(CLOSE, Uint8Array.of(0x03, 0xe9)));
  await wire.end();
  await closed;
});
