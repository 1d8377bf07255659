/** HEAD on a real port: what GET answers, without the body. */
import assert from "node:assert/strict";
import { createApp, Hub } from "../../server/app/mod.ts";
import { systemClock } from "../../server/clock/mod.ts";
import { createMemoryEngine } from "../../server/engine/testing/memory_engine.ts";
import { listen } from "../../server/listen/mod.ts";
import { openLogStore } from "../../server/store/mod.ts";
import { openMemoryClips } from "../../server/store/testing/memory_clips.ts";
import { MAX_FEATURE_RUNS } from "../../shared/limits.ts";
import { soleModel } from "../../server/pool/testing/memory_models.ts";

/** Status and headers as they come over the wire; fetch would hide the length of a body that it does not get. */
async function headOf(port: number, path: string): Promise<string> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const request = `HEAD ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`;
  await connection.write(new TextEncoder().encode(request));
  return await new Response(connection.readable).text();
}

async function withApp(use: (port: number) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "gradcast-head-" });
  const store = await openLogStore(`${folder}/log.sqlite`, { maxAgeMs: 1e12, maxBytes: 1e6 });
  const log = { store };
  const hub = new Hub({ models: soleModel(createMemoryEngine()), clock: systemClock, log });
  const clips = await openMemoryClips({ maxBytes: 1_000_000, maxAgeMs: 1e9 });
  const loopDelay = { read: () => ({ p50: 0, p99: 0, max: 0 }), stop: () => {} };
  const app = createApp({ hub, origins: { host: "localhost", origins: [] }, loopDelay, clips });
  const server = listen({
    host: "127.0.0.1",
    port: 0,
    answer: app.fetch,
    onFault: (fault) => assert.fail(String(fault)),
  });
  try {
    await use(server.port);
  } finally {
    hub.shutdown();
    await server.close();
    await store.close();
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("A12: HEAD has the status and the length of every GET whose length is known", async () => {
  await withApp(async (port) => {
    const url = `http://127.0.0.1:${port}`;
    const clip = await makeClip(url);
    const paths = [
      "/",
      "/watch/abc",
      "/remote/abc",
      "/styles/base.css",
      "/samples/coffee.jpg",
      "/favicon.svg",
      "/no-such-thing",
      "/healthz",
      "/api/model",
      "/api/methods",
      "/api/layers",
      "/api/log",
      "/api/log/1/picture",
      "/api/clips",
      ...["", "/media", "/sidecar", "/thumbnail"].map((part) => `/api/clips/${clip}${part}`),
    ];
    for (const path of paths) {
      const answer = await fetch(`${url}${path}`);
      const { byteLength } = await answer.arrayBuffer();
      assert.ok(byteLength > 0, path);
      const [head, body, ...more] = (await headOf(port, path)).split("\r\n\r\n");
      assert.deepEqual([body, more], ["", []], path);
      assert.ok(head?.startsWith(`HTTP/1.1 ${answer.status} `), `${path}: ${head}`);
      const length = Number(/^content-length: (\d+)$/im.exec(head ?? "")?.[1]);
      // Times in the answer may have a digit more.
      assert.ok(
        Math.abs(length - byteLength) <= (path === "/healthz" ? 40 : 0),
        `${path}: ${length}, not ${byteLength}`,
      );
    }
  });
});

Deno.test("A12: HEAD of what is made while it is read claims no length, and leaves nothing running", async () => {
  await withApp(async (port) => {
    const paths = ["/api/log/export.csv", "/api/log/export.jsonl", "/api/feature?steps=5000"];
    for (const path of paths) {
      for (let time = 0; time <= MAX_FEATURE_RUNS; time++) {
        const head = await headOf(port, path);
        assert.match(head, /^HTTP\/1\.1 200 /, path);
        assert.doesNotMatch(head, /content-length/i);
      }
    }
  });
});

/** Id of a clip of a hundred bytes. */
async function makeClip(url: string): Promise<string> {
  const media = new Uint8Array(100).fill(7);
  media.set([0x1a, 0x45, 0xdf, 0xa3]);
  const begun = await fetch(`${url}/api/clips`, {
    method: "POST",
    body: JSON.stringify({
      ...{ name: "Cup", type: "video/webm", bytes: 100, sidecarBytes: 0, durationMs: 1_500 },
      ...{ width: 640, height: 480, createdMs: 1_000 },
      thumbnail: new Uint8Array([0xff, 0xd8, 0xff, 0xe0]).toBase64(),
    }),
  });
  const { id, token } = await begun.json();
  const headers = { "upload-offset": "0", "upload-token": token };
  await (await fetch(`${url}/api/clips/${id}/upload`, { method: "PATCH", headers, body: media })).body
    ?.cancel();
  const done = await fetch(`${url}/api/clips/${id}/complete`, { method: "POST", headers });
  assert.equal(done.status, 200, await done.text());
  return id;
}
