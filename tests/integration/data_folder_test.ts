/** The data folder of real servers: in use, locked, deleted, and what they say of it. */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { type RunningServer, SMALL_MODEL, startServer } from "../support/server.ts";
import { announce, announceClip, completeClip, sendPart, webm } from "../support/clips.ts";
import { until } from "../support/until.ts";

/** Between two requests of who is not to wait, in ms. */
const PAUSE_MS = 20;

/** Runs a test with the name of a data folder of its own. */
async function inData(run: (data: string) => Promise<void>): Promise<void> {
  const data = `data/test-${crypto.randomUUID()}`;
  try {
    await run(data);
  } finally {
    await Deno.remove(data, { recursive: true });
  }
}

async function refusal(answer: Response): Promise<{ status: number; code: string; message: string }> {
  const { code, message } = await answer.json();
  return { status: answer.status, code, message };
}

/** Asks until the answer is a good one. */
function good(ask: () => Promise<Response>): Promise<Response> {
  return until(async () => {
    const answer = await ask();
    if (!answer.ok) await answer.body?.cancel();
    return answer;
  }, ({ ok }) => ok);
}

/** Bytes of all files below a folder. */
async function bytesIn(folder: string): Promise<number> {
  let bytes = 0;
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    bytes += isDirectory ? await bytesIn(path) : (await Deno.stat(path)).size;
  }
  return bytes;
}

async function health({ url }: RunningServer): Promise<{ status: string; reasons: string[] }> {
  const { status, reasons } = await (await fetch(`${url}/healthz`)).json();
  return { status, reasons };
}

Deno.test("C11: of two servers on one folder the second says who has it, and takes over when that one is killed", () =>
  inData(async (data) => {
    await using first = await startServer(0, [...SMALL_MODEL, "--data", data]);
    await using second = await startServer(0, [...SMALL_MODEL, "--data", data]);
    const { status, code, message } = await refusal(await fetch(`${second.url}/api/clips`));
    assert.deepEqual([status, code], [503, "data-in-use"]);
    assert.match(message, new RegExp(`the process ${first.pid} at ${first.url} uses it`));
    assert.deepEqual((await health(second)).reasons.includes("clips-failed"), true);
    const key = await announceClip(first.url);
    assert.equal((await sendPart(first.url, key, 0, webm(40))).headers.get("upload-offset"), "40");
    const foreign = await sendPart(second.url, key, 40, webm(60));
    assert.equal((await refusal(foreign)).code, "data-in-use");
    await first.kill();
    // A store that could not be had is tried again after a second.
    const taken = await good(() =>
      fetch(`${second.url}/api/clips/${key.id}/upload`, {
        headers: { "upload-token": key.token },
      })
    );
    assert.equal(taken.headers.get("upload-offset"), "40");
    assert.equal((await health(second)).reasons.includes("clips-failed"), false);
  }));

Deno.test("C12: a folder that is deleted while the server runs is noticed before anything is acknowledged", () =>
  inData(async (data) => {
    await using server = await startServer(0, [...SMALL_MODEL, "--data", data]);
    const key = await announceClip(server.url, { bytes: 8_000_000 });
    assert.equal((await sendPart(server.url, key, 0, webm(1_000))).status, 204);
    const begun = Promise.withResolvers<void>();
    const deleted = Promise.withResolvers<void>();
    const rest = new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue(new Uint8Array(1_000));
        begun.resolve();
        await deleted.promise;
        controller.enqueue(new Uint8Array(5_000_000));
        controller.close();
      },
    });
    const sending = sendPart(server.url, key, 1_000, rest);
    await begun.promise;
    // In one step: a folder that is written into meanwhile cannot be emptied.
    await Deno.rename(data, `${data}-away`);
    await Deno.remove(`${data}-away`, { recursive: true });
    deleted.resolve();
    assert.deepEqual((({ status, code }) => [status, code])(await refusal(await sending)), [
      503,
      "data-gone",
    ]);
    // The next one finds a new, empty folder.
    const answer = await good(() => fetch(`${server.url}/api/clips`));
    assert.deepEqual(await answer.json(), { clips: [] });
    assert.equal((await refusal(await sendPart(server.url, key, 1_000, webm(10)))).code, "unknown-clip");
    const fresh = await announceClip(server.url);
    assert.equal((await sendPart(server.url, fresh, 0, webm(100))).status, 204);
    assert.equal((await health(server)).reasons.includes("clips-failed"), false);
  }));

Deno.test("C12: clips that another program has locked keep nothing but themselves waiting", () =>
  inData(async (data) => {
    await using server = await startServer(0, [...SMALL_MODEL, "--data", data]);
    const other = new DatabaseSync(`${data}/clips.sqlite`);
    other.exec("BEGIN IMMEDIATE");
    let waiting = true;
    const refused = announce(server.url).finally(() => waiting = false);
    let slowestMs = 0;
    let asked = 0;
    while (waiting) {
      await pause(PAUSE_MS);
      const since = performance.now();
      await (await fetch(`${server.url}/healthz`)).body?.cancel();
      slowestMs = Math.max(slowestMs, performance.now() - since);
      asked++;
    }
    other.exec("ROLLBACK");
    other.close();
    assert.deepEqual((({ status, code }) => [status, code])(await refusal(await refused)), [
      503,
      "data-locked",
    ]);
    // Who waited for the lock would wait for 5 s.
    assert.ok(asked > 10 && slowestMs < 4_000, `${asked} answers, the slowest after ${slowestMs} ms`);
    assert.ok((await announceClip(server.url)).id);
  }));

Deno.test("C14: many uploads of one byte with large thumbnails stay within the bound, on the disk too", () =>
  inData(async (data) => {
    await using server = await startServer(0, [...SMALL_MODEL, "--data", data, "--clips-mb", "10"]);
    const jpeg = new Uint8Array(120_000);
    jpeg.set([0xff, 0xd8, 0xff]);
    const thumbnail = jpeg.toBase64();
    const bytes = 4;
    for (let upload = 0; upload < 100; upload++) {
      const key = await announceClip(server.url, { bytes, thumbnail });
      assert.equal((await sendPart(server.url, key, 0, webm(bytes))).status, 204);
      await (await completeClip(server.url, key)).json();
    }
    const announced = await Promise.all(
      Array.from(
        { length: 40 },
        async () => (await refusal(await announce(server.url, { bytes, thumbnail }))).code,
      ),
    );
    assert.ok(announced.filter((code) => code === "clips-busy").length >= 36, String(announced));
    const { clips } = await (await fetch(`${server.url}/api/clips`)).json();
    assert.ok(clips.length > 60, `${clips.length} clips`);
    const size = await bytesIn(data);
    assert.ok(size < 10_000_000, `${size} bytes on the disk`);
  }));

Deno.test("C13: a server that keeps no clips says so", () =>
  inData(async (data) => {
    await using server = await startServer(0, [...SMALL_MODEL, "--data", data, "--clips-mb", "0"]);
    const { status, code } = await refusal(await fetch(`${server.url}/api/clips`));
    assert.deepEqual([status, code], [404, "no-clips"]);
  }));
