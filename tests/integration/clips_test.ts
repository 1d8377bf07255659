/** Clips over HTTP (PROTOCOL.md, C): the routes, and a server that is killed in the middle of an upload. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { Hono } from "hono";
import type { NewUploadMessage } from "../../shared/clip_wire.ts";
import { createApp, Hub } from "../../server/app/mod.ts";
import { FakeClock } from "../../server/clock/testing/fake_clock.ts";
import { openMemoryClips } from "../../server/store/testing/memory_clips.ts";
import { announcement, JPEG, type Key, webm } from "../support/clips.ts";
import { asker } from "../support/from_here.ts";
import { SMALL_MODEL, startServer } from "../support/server.ts";
import { EMPTY_SIDECAR } from "../support/sidecar.ts";
import { slowEngine } from "../support/slow_engine.ts";
import { soleModel } from "../../server/pool/testing/memory_models.ts";

async function makeApp(): Promise<Hono> {
  const clock = new FakeClock();
  const loopDelay = { read: () => ({ p50: 0, p99: 0, max: 0 }), stop: () => {} };
  const hub = new Hub({ models: soleModel(slowEngine(clock, 1)), clock });
  const clips = await openMemoryClips({ maxBytes: 1_000_000, maxAgeMs: 1e9 });
  return createApp({ hub, origins: { host: "localhost", origins: [] }, loopDelay, clips });
}

type Fetcher = (path: string, init?: RequestInit) => Response | Promise<Response>;

async function create(ask: Fetcher, some: Partial<NewUploadMessage> = {}): Promise<Key> {
  const answer = await ask("/api/clips", { method: "POST", body: JSON.stringify(announcement(some)) });
  assert.equal(answer.status, 201);
  return await answer.json();
}

function append(ask: Fetcher, { id, token }: Key, offset: number, body: BodyInit) {
  const headers = { "upload-offset": String(offset), "upload-token": token };
  return ask(`/api/clips/${id}/upload`, { method: "PATCH", headers, body });
}

function complete(ask: Fetcher, { id, token }: Key) {
  return ask(`/api/clips/${id}/complete`, { method: "POST", headers: { "upload-token": token } });
}

async function send(ask: Fetcher): Promise<string> {
  const key = await create(ask);
  assert.equal((await append(ask, key, 0, webm(100))).headers.get("upload-offset"), "100");
  assert.equal((await complete(ask, key)).status, 200);
  return key.id;
}

async function refused(answer: Response, status: number, code: string): Promise<void> {
  assert.equal(answer.status, status);
  assert.equal((await answer.json()).code, code);
}

Deno.test("C1: a clip is an MP4 or a WebM, a JPEG and perhaps a sidecar, under an id and a token that the server makes", async () => {
  const ask = asker(await makeApp());
  const mp4 = new Uint8Array([0, 0, 0, 24, ...new TextEncoder().encode("ftypisom"), ...webm(88).subarray(4)]);
  const { views: [view], ...head } = EMPTY_SIDECAR;
  const first = { ...head, ...view, gradcast: 1, scale: 3 };
  const keys: string[] = [];
  for (
    const [type, media, sidecar] of [
      ["video/webm", webm(100), null],
      ["video/webm", webm(100), EMPTY_SIDECAR],
      ["video/mp4", mp4, first],
    ] as const
  ) {
    const bytes = new TextEncoder().encode(sidecar === null ? "" : JSON.stringify(sidecar));
    const key = await create(ask, { type, bytes: media.length, sidecarBytes: bytes.length });
    keys.push(key.id, key.token);
    await append(ask, key, 0, new Uint8Array([...media, ...bytes]));
    assert.equal((await complete(ask, key)).status, 200);
    const path = `/api/clips/${key.id}`;
    assert.deepEqual(await (await ask(`${path}/media`)).bytes(), media);
    const thumbnail = await ask(`${path}/thumbnail`);
    assert.equal(thumbnail.headers.get("content-type"), "image/jpeg");
    assert.equal((await thumbnail.bytes()).toBase64(), JPEG);
    if (sidecar === null) await refused(await ask(`${path}/sidecar`), 404, "not-found");
    else assert.deepEqual(await (await ask(`${path}/sidecar`)).json(), sidecar);
  }
  assert.ok(keys.every((key) => /^[0-9a-f]{32}$/.test(key)), keys.join());
  assert.equal(new Set(keys).size, keys.length);
  const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47]).toBase64();
  for (const wrong of [{ type: "video/ogg" }, { thumbnail: png }]) {
    const body = JSON.stringify({ ...announcement(), ...wrong });
    const answer = await ask("/api/clips", { method: "POST", body });
    assert.ok(answer.status >= 400 && answer.status < 500, `${JSON.stringify(wrong)}: ${answer.status}`);
    await answer.body?.cancel();
  }
});

Deno.test("C2 to C7: a clip is sent in parts, listed, changed, deleted and restored", async () => {
  const ask = asker(await makeApp());
  const key = await create(ask);
  const path = `/api/clips/${key.id}`;
  assert.equal((await append(ask, key, 0, webm(100).subarray(0, 40))).status, 204);
  const where = await ask(`${path}/upload`, { method: "HEAD", headers: { "upload-token": key.token } });
  assert.equal(where.headers.get("upload-offset"), "40");
  assert.deepEqual(await (await ask("/api/clips")).json(), { clips: [] });
  await append(ask, key, 40, webm(100).subarray(40));
  const clip = await (await complete(ask, key)).json();
  const { thumbnail: _, ...facts } = announcement();
  assert.deepEqual(clip, { ...facts, id: key.id, pinned: false });
  const changed = await ask(path, { method: "PATCH", body: '{"name":"Mug","pinned":true}' });
  assert.deepEqual(await changed.json(), { ...clip, name: "Mug", pinned: true });
  assert.equal((await (await ask("/api/clips?q=MUG")).json()).clips.length, 1);
  assert.equal((await (await ask("/api/clips?q=cat")).json()).clips.length, 0);
  assert.equal((await ask(path, { method: "DELETE" })).status, 204);
  await refused(await ask(`${path}/media`), 404, "unknown-clip");
  const { clips: [trashed] } = await (await ask("/api/clips/trash")).json();
  assert.deepEqual({ ...trashed, removedMs: 0 }, {
    ...clip,
    name: "Mug",
    pinned: true,
    removedMs: 0,
    byAge: false,
  });
  assert.equal((await ask(`${path}/restore`, { method: "POST" })).status, 200);
  assert.equal((await ask(path)).status, 200);
  assert.deepEqual(await (await ask("/api/clips/trash")).json(), { clips: [] });
  await ask(path, { method: "DELETE" });
  assert.equal((await ask("/api/clips/trash", { method: "DELETE" })).status, 204);
  await refused(await ask(`${path}/restore`, { method: "POST" }), 404, "unknown-clip");
});

Deno.test("C8: media comes whole or in parts, with a tag that conditions are held to", async () => {
  const ask = asker(await makeApp());
  const path = `/api/clips/${await send(ask)}/media`;
  const whole = await ask(path);
  assert.equal(whole.status, 200);
  assert.equal(whole.headers.get("accept-ranges"), "bytes");
  assert.equal(whole.headers.get("content-type"), "video/webm");
  assert.deepEqual(await whole.bytes(), webm(100));
  const etag = whole.headers.get("etag") ?? "";
  for (
    const [headers, first, last] of [
      [{ range: "bytes=10-19" }, 10, 19],
      [{ range: "bytes=90-" }, 90, 99],
      [{ range: "bytes=-10", "if-range": etag }, 90, 99],
    ] as const
  ) {
    const part = await ask(path, { headers });
    assert.equal(part.status, 206);
    assert.equal(part.headers.get("content-range"), `bytes ${first}-${last}/100`);
    assert.equal(part.headers.get("content-length"), String(last - first + 1));
    assert.deepEqual(await part.bytes(), webm(100).slice(first, last + 1));
  }
  const other = await ask(path, { headers: { range: "bytes=10-19", "if-range": '"other"' } });
  assert.equal(other.status, 200);
  await other.body?.cancel();
  const beyond = await ask(path, { headers: { range: "bytes=100-" } });
  assert.equal(beyond.headers.get("content-range"), "bytes */100");
  await refused(beyond, 416, "clip-range");
  assert.equal((await ask(path, { headers: { "if-none-match": etag } })).status, 304);
  const saved = await ask(`${path}?download=1`, { method: "HEAD" });
  assert.equal(saved.headers.get("content-length"), "100");
  assert.equal(
    saved.headers.get("content-disposition"),
    `attachment; filename="Cup -_-.webm"; filename*=UTF-8''Cup%20-%C3%BC-.webm`,
  );
});

Deno.test("C9: a clip has its thumbnail, and one without a sidecar says so", async () => {
  const ask = asker(await makeApp());
  const path = `/api/clips/${await send(ask)}`;
  const thumbnail = await ask(`${path}/thumbnail`);
  assert.equal(thumbnail.headers.get("content-type"), "image/jpeg");
  assert.equal((await thumbnail.bytes()).toBase64(), JPEG);
  await refused(await ask(`${path}/sidecar`), 404, "not-found");
});

Deno.test("C10: bad input is refused with its code", async () => {
  const ask = asker(await makeApp());
  const id = await send(ask);
  for (const bad of ["..%2f..%2fetc%2fpasswd", "%2e%2e%2fclips.sqlite", "0".repeat(32)]) {
    for (const part of ["", "/media", "/sidecar", "/thumbnail"]) {
      await refused(await ask(`/api/clips/${bad}${part}`), 404, "unknown-clip");
    }
  }
  const post = (body: string) => ask("/api/clips", { method: "POST", body });
  await refused(await post("{"), 400, "message-syntax");
  await refused(await post(JSON.stringify({ ...announcement(), path: "x" })), 400, "message-shape");
  await refused(await post(JSON.stringify(announcement({ bytes: 0 }))), 400, "message-shape");
  await refused(await post(JSON.stringify(announcement({ thumbnail: "R0lG" }))), 400, "message-shape");
  await refused(await post(JSON.stringify(announcement({ bytes: 3 * 2 ** 30 }))), 413, "clip-bytes");
  await refused(await post(JSON.stringify(announcement({ bytes: 2_000_000 }))), 507, "clips-full");
  await refused(await post("x".repeat(300_000)), 413, "message-size");
  await refused(await ask(`/api/clips/${id}`, { method: "PATCH", body: '{"id":"x"}' }), 400, "message-shape");
  const key = await create(ask);
  const other = await create(ask);
  await refused(await append(ask, { ...key, token: other.token }, 0, webm(100)), 403, "clip-token");
  await refused(await append(ask, { ...key, token: "" }, 0, webm(100)), 403, "clip-token");
  await refused(await append(ask, key, 50, webm(50)), 409, "clip-offset");
  await refused(await append(ask, key, NaN, webm(50)), 400, "message-shape");
  await append(ask, key, 0, webm(60));
  await refused(await complete(ask, key), 409, "clip-incomplete");
  await refused(await append(ask, key, 60, webm(60)), 413, "clip-bytes");
  await append(ask, other, 0, new Uint8Array(100));
  await refused(await complete(ask, other), 415, "clip-format");
  const beside = await create(ask, { bytes: 50, sidecarBytes: 50 });
  await append(ask, beside, 0, webm(100));
  await refused(await complete(ask, beside), 422, "clip-sidecar");
  const headers = { origin: "https://evil.example" };
  await refused(await ask("/api/clips", { headers }), 403, "origin-refused");
  await refused(await ask(`/api/clips/${id}`, { method: "DELETE", headers }), 403, "origin-refused");
});

Deno.test("C4: what was acknowledged outlives a server that is killed in the middle of an upload", async () => {
  const data = `data/test-${crypto.randomUUID()}`;
  const bytes = 12_000_000;
  const whole = webm(bytes);
  const acknowledged = 5_000_000;
  let key: Key;
  try {
    {
      await using server = await startServer(0, [...SMALL_MODEL, "--data", data]);
      const ask: Fetcher = (path, init) => fetch(`${server.url}${path}`, init);
      key = await create(ask, { bytes });
      const answer = await append(ask, key, 0, whole.subarray(0, acknowledged));
      assert.equal(answer.headers.get("upload-offset"), String(acknowledged));
      const begun = Promise.withResolvers<void>();
      let at = acknowledged;
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          controller.enqueue(whole.subarray(at, at + 65_536));
          at += 65_536;
          if (at > acknowledged + 4_500_000) {
            begun.resolve();
            return new Promise(() => {});
          }
          return Promise.resolve();
        },
      });
      const cut = assert.rejects(async () => await append(ask, key, acknowledged, body));
      await begun.promise;
      await server.kill();
      await cut;
    }
    await using server = await startServer(0, [...SMALL_MODEL, "--data", data]);
    const ask: Fetcher = (path, init) => fetch(`${server.url}${path}`, init);
    const where = await ask(`/api/clips/${key.id}/upload`, {
      method: "HEAD",
      headers: { "upload-token": key.token },
    });
    const offset = Number(where.headers.get("upload-offset"));
    assert.ok(offset >= acknowledged, `${offset} of ${acknowledged}`);
    assert.ok(offset < bytes);
    assert.equal((await append(ask, key, offset, whole.subarray(offset))).status, 204);
    assert.equal((await (await complete(ask, key)).json()).bytes, bytes);
    const media = `/api/clips/${key.id}/media`;
    assert.deepEqual(Buffer.compare(await (await ask(media)).bytes(), whole), 0);
    const head = await ask(media, { method: "HEAD" });
    assert.equal(head.headers.get("content-length"), String(bytes));
    assert.equal(head.headers.get("accept-ranges"), "bytes");
  } finally {
    await Deno.remove(data, { recursive: true });
  }
});

Deno.test("C10: another machine than the server's own neither lists nor deletes clips", async () => {
  const app = await makeApp();
  const id = await send(asker(app));
  for (
    const [path, method] of [["/api/clips", "GET"], [`/api/clips/${id}`, "DELETE"], ["/api/clips", "POST"]]
  ) {
    const answer = await asker(app, "192.168.1.20")(path ?? "", { method: method ?? "" });
    await refused(answer, 403, "own-machine-only");
  }
  assert.equal((await (await asker(app)("/api/clips")).json()).clips.length, 1);
});
