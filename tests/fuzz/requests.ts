/** HTTP: addresses, methods, headers and bodies that nearly fit, and bytes that are no HTTP at all. */
import { ask, type Kind, patiently, type Target } from "./target.ts";
import type { Random } from "../support/random.ts";

/** Addresses by the method that they know. */
const ADDRESSES: readonly (readonly [method: string, path: string])[] = [
  ...[
    "/",
    "/main.js",
    "/styles/base.css",
    "/samples/coffee.jpg",
    "/healthz",
    "/watch/abc",
    "/remote/abc",
    "/ws",
  ]
    .map((path) => ["GET", path] as const),
  ...["/api/model", "/api/methods", "/api/layers", "/api/log", "/api/log/export.csv", "/api/log/1/picture"]
    .map((path) => ["GET", path] as const),
  ...["/api/clips", "/api/clips/abc", "/api/clips/abc/media", "/api/clips/abc/upload", "/nothing"]
    .map((path) => ["GET", path] as const),
  ...["/api/explain", "/api/explain", "/api/inside", "/api/picture", "/api/origin", "/api/clips"]
    .map((path) => ["POST", path] as const),
  ...["/api/log/undo/1", "/api/clips/abc/complete", "/api/clips/abc/restore"]
    .map((path) => ["POST", path] as const),
  ...[["PATCH", "/api/clips/abc/upload"], ["PATCH", "/api/clips/abc"]] as const,
  ...[["DELETE", "/api/log/1"], ["DELETE", "/api/log"], ["DELETE", "/api/clips/abc"]] as const,
];

/** `/api/feature` computes for seconds: it is asked now and then, and given up. */
const LONG = "/api/feature?steps=16";

const NAMES = [
  ...[
    "method",
    "class",
    "layer",
    "score",
    "trust",
    "format",
    "window",
    "stride",
    "samples",
    "page",
    "channel",
  ],
  ...["from", "to", "label", "limit", "before", "q", "download", "of", "seed"],
];

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

const HEADERS = [
  ...["range", "if-range", "if-none-match", "upload-offset", "upload-token", "accept"],
  ...["x-forwarded-for", "forwarded", "authorization", "cookie", "sec-fetch-site"],
];

const VALUES = [
  ...[
    "application/json",
    "multipart/form-data; boundary=x",
    "image/png",
    "bytes=0-10",
    "bytes=-5",
    "bytes=5-1",
  ],
  ...[
    "constructor",
    "__proto__",
    "toString",
    "0",
    "-1",
    "1e9",
    "*",
    '"a"',
    "text/html; charset=__proto__",
    "x".repeat(2_000),
  ],
];

/** The beginning of a request that the parser has to take apart itself. */
const RAW = [
  "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
  "GET /healthz HTTP/1.0\r\n\r\n",
  "POST /api/explain HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
  "POST /api/explain HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
  "GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
  "GET http://localhost/healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
  "OPTIONS * HTTP/1.1\r\nHost: a b\r\n\r\n",
];

export const requests: Kind = { name: "requests", step };

async function step(target: Target, random: Random): Promise<void> {
  if (random.chance(0.3)) return await rawStep(target, random);
  if (random.chance(0.05)) {
    await ask(target, LONG, { signal: AbortSignal.timeout(random.below(500)) });
    return;
  }
  const query = new URLSearchParams();
  for (let count = random.below(3); count > 0; count--) {
    query.append(random.chance(0.8) ? random.pick(NAMES) : random.word(), random.word());
  }
  const headers = new Headers();
  if (random.chance(0.4)) headers.set("content-type", random.pick(VALUES));
  for (let count = random.below(3); count > 0; count--) {
    headers.set(random.pick(HEADERS), random.pick(VALUES));
  }
  const [known, path] = random.pick(ADDRESSES);
  const method = random.chance(0.1) ? random.pick(METHODS) : known;
  const body = method === "GET" || method === "HEAD" ? null : random.bytes(random.below(3_000));
  const suffix = random.chance(0.1) ? `/${encodeURIComponent(random.word().toWellFormed())}` : "";
  await ask(target, `${path}${suffix}?${query}`, { method, headers, body });
}

/** Sends bytes and reads what comes back until the server has nothing to say any more or closes. */
async function rawStep({ server, found }: Target, random: Random): Promise<void> {
  const text = new TextEncoder().encode(random.pick(RAW));
  const bytes = random.chance(0.5) ? text : random.chance(0.8) ? random.damageBytes(text) : random.bytes(200);
  try {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
    await connection.write(bytes);
    // The end of what is sent makes the server answer or close.
    await connection.closeWrite();
    const answer = await patiently(new Response(connection.readable).text());
    if (answer === null) found(`the server neither answered nor closed: ${JSON.stringify(decode(bytes))}`);
    if (answer?.startsWith("HTTP/1.1 500")) found(`500 for ${JSON.stringify(decode(bytes))}`);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

function isGone(error: unknown): boolean {
  const { ConnectionReset, ConnectionRefused, BrokenPipe, NotConnected, BadResource } = Deno.errors;
  return [ConnectionReset, ConnectionRefused, BrokenPipe, NotConnected, BadResource].some((one) =>
    error instanceof one
  );
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}
