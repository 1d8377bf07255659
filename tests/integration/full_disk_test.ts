/** A real server on a real disk that is full, or gets full: it says so, loses nothing, and works again. */
import assert from "node:assert/strict";
import { announce, announceClip, completeClip, type Key, sendPart, webm } from "../support/clips.ts";
import { SMALL_MODEL, startServer } from "../support/server.ts";
import { variantsOf } from "../support/taught_pictures.ts";
import { hasSmallDisks, withSmallDisk } from "../support/small_disk.ts";

const PART_BYTES = 1_000_000;

/** Mounting needs user namespaces, which some systems do not give. */
const ignore = !await hasSmallDisks();

async function inData(run: (data: string) => Promise<void>): Promise<void> {
  const data = `data/test-${crypto.randomUUID()}`;
  await Deno.mkdir(data, { recursive: true });
  try {
    await run(data);
  } finally {
    await Deno.remove(data, { recursive: true });
  }
}

async function codeOf(answer: Response): Promise<[number, string]> {
  return [answer.status, (await answer.json()).code];
}

async function reasonsOf(url: string): Promise<string[]> {
  return (await (await fetch(`${url}/healthz`)).json()).reasons;
}

async function offsetOf(url: string, { id, token }: Key): Promise<number> {
  const answer = await fetch(`${url}/api/clips/${id}/upload`, { headers: { "upload-token": token } });
  await answer.body?.cancel();
  return Number(answer.headers.get("upload-offset"));
}

Deno.test({
  name: "C12: a disk that gets full ends an upload with its reason, and takes the next when there is room",
  ignore,
  fn: () =>
    inData(async (data) => {
      const disk = withSmallDisk({ at: data, bytes: 8_000_000 });
      await using server = await startServer(0, [...SMALL_MODEL, "--data", data], disk);
      const bytes = 20_000_000;
      const key = await announceClip(server.url, { bytes });
      const whole = webm(bytes);
      let offset = 0;
      for (;;) {
        const answer = await sendPart(server.url, key, offset, whole.subarray(offset, offset + PART_BYTES));
        if (!answer.ok) {
          assert.deepEqual(await codeOf(answer), [507, "disk-full"]);
          break;
        }
        offset = Number(answer.headers.get("upload-offset"));
      }
      assert.ok(offset >= 5 * PART_BYTES, `${offset}`);
      assert.equal(await offsetOf(server.url, key), offset, "what was acknowledged counts, and nothing more");
      const part = await sendPart(server.url, key, offset, whole.subarray(offset, offset + PART_BYTES));
      assert.deepEqual(await codeOf(part), [507, "disk-full"]);
      assert.ok((await reasonsOf(server.url)).includes("clips-failed"));
      const headers = { "upload-token": key.token };
      const given = await fetch(`${server.url}/api/clips/${key.id}/upload`, { method: "DELETE", headers });
      assert.equal(given.status, 204);
      const small = await announceClip(server.url);
      assert.equal((await sendPart(server.url, small, 0, webm(100))).status, 204);
      await (await completeClip(server.url, small)).json();
      assert.ok(!(await reasonsOf(server.url)).includes("clips-failed"));
    }),
});

Deno.test({
  name:
    "C12: a server starts on a disk that is full: its clips can be seen, and new ones are refused with the reason",
  ignore,
  fn: () =>
    inData(async (from) => {
      let key: Key;
      {
        await using server = await startServer(0, [...SMALL_MODEL, "--data", from]);
        key = await announceClip(server.url);
        assert.equal((await sendPart(server.url, key, 0, webm(100))).status, 204);
        await (await completeClip(server.url, key)).json();
      }
      await inData(async (data) => {
        const disk = withSmallDisk({ at: data, bytes: 2_000_000, from, full: true });
        await using server = await startServer(0, [...SMALL_MODEL, "--data", data], disk);
        const { clips } = await (await fetch(`${server.url}/api/clips`)).json();
        assert.deepEqual(clips.map(({ id }: { id: string }) => id), [key.id]);
        assert.deepEqual(await (await fetch(`${server.url}/api/clips/${key.id}/media`)).bytes(), webm(100));
        assert.deepEqual(await codeOf(await announce(server.url)), [507, "disk-full"]);
      });
    }),
});

Deno.test({
  name: "C12: a server starts on a disk that was full before it kept anything, and says so",
  ignore,
  fn: () =>
    inData(async (data) => {
      const disk = withSmallDisk({ at: data, bytes: 100_000, full: true });
      await using server = await startServer(0, [...SMALL_MODEL, "--data", data], disk);
      assert.deepEqual(await codeOf(await fetch(`${server.url}/api/clips`)), [507, "disk-full"]);
      assert.ok((await reasonsOf(server.url)).includes("clips-failed"));
    }),
});

Deno.test({
  name:
    "O4: a disk that gets full while a model is taught loses no picture, and removing a collection makes room again",
  ignore,
  fn: () =>
    inData(async (data) => {
      const disk = withSmallDisk({ at: data, bytes: 2_000_000 });
      await using server = await startServer(0, ["--data", data], disk);
      const taught = `${server.url}/api/taught`;
      const post = (url: string, body: unknown) =>
        fetch(url, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        });
      const { id } = await (await post(taught, { name: "Mugs" })).json();
      const { key } = await (await post(`${taught}/${id}/classes`, { name: "Mug" })).json();
      const [picture = new Uint8Array()] = await variantsOf("coffee", 1);
      const send = () =>
        fetch(`${taught}/${id}/classes/${key}/pictures`, {
          ...{ method: "POST", headers: { "content-type": "image/png" }, body: picture },
        });
      const kept: number[] = [];
      for (;;) {
        const answer = await send();
        if (!answer.ok) {
          assert.deepEqual(await codeOf(answer), [507, "disk-full"]);
          break;
        }
        kept.push(...(await answer.json()).ids);
      }
      assert.ok(kept.length > 10, `${kept.length}`);
      const { pictures } = await (await fetch(`${taught}/${id}/pictures`)).json();
      assert.deepEqual(pictures.map(({ id }: { id: number }) => id).sort(), kept.sort());
      assert.deepEqual(await (await fetch(`${taught}/${id}/pictures/${kept.at(-1)}`)).bytes(), picture);
      assert.equal((await fetch(`${taught}/${id}`, { method: "DELETE" })).status, 204);
      assert.deepEqual((await (await fetch(taught)).json()).taught, []);
      assert.deepEqual(await (await post(taught, { name: "Again" })).json(), { id: "again" });
    }),
});
