/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { Refusal } from "../../http/http.ts";
import type { UploadServer } from "./api.ts";
import { createMemoryShelf } from "./shelf/memory_shelf.ts";
import { sendClip, SLICE_BYTES } from "./send.ts";
import type { ClipUpload } from "./shelf/shelf.ts";
import { clipOf } from "./testing/shelf_contract.ts";

/** A server that keeps uploads in memory and fails once for each fault that it is given. */
class MemoryServer implements UploadServer {
  readonly received: Blob[] = [];
  readonly done: string[] = [];
  #offset = 0;
  #begun = 0;
  /** Calls to come that fail, by name; a lost one has been carried out. */
  readonly faults: { call: "append" | "complete" | "offset"; error: Error; lost?: boolean }[] = [];

  begin() {
    this.#offset = 0;
    this.received.length = 0;
    return Promise.resolve({ id: `clip ${++this.#begun}`, token: "t" });
  }
  offset() {
    return this.#act("offset", () => this.#offset);
  }
  append(_key: unknown, offset: number, bytes: Blob) {
    return this.#act("append", () => {
      assert.equal(offset, this.#offset);
      this.received.push(bytes);
      return this.#offset += bytes.size;
    });
  }
  complete({ id }: { id: string }) {
    return this.#act("complete", () => void this.done.push(id));
  }
  #act<Value>(call: "append" | "complete" | "offset", act: () => Value): Promise<Value> {
    const place = this.faults.findIndex((fault) => fault.call === call);
    const [fault] = place < 0 ? [] : this.faults.splice(place, 1);
    const value = fault === undefined || fault.lost === true ? act() : null;
    return fault === undefined && value !== null ? Promise.resolve(value) : Promise.reject(fault?.error);
  }
}

const OFFLINE = new TypeError("Failed to fetch");

async function upload(server: MemoryServer, upload: ClipUpload | null = null) {
  const shelf = createMemoryShelf();
  const media = new Blob([new Uint8Array(2.5 * SLICE_BYTES).fill(7)], { type: "video/webm" });
  const { id } = await shelf.add(clipOf({ media }));
  await shelf.noteUpload(id, upload);
  const [clip] = await shelf.list();
  assert.ok(clip !== undefined);
  const shares: number[] = [];
  const waits: number[] = [];
  const stop = new AbortController();
  const run = async () =>
    await sendClip({
      clip,
      media,
      sidecar: await shelf.sidecar(id),
      server,
      signal: stop.signal,
      note: (upload) => shelf.noteUpload(id, upload),
      onProgress: (share) => shares.push(share),
      wait: (milliseconds) => Promise.resolve(void waits.push(milliseconds)),
    });
  return {
    run,
    shares,
    waits,
    stop,
    noted: async () => (await shelf.list())[0]?.upload,
    size: media.size + 13,
  };
}

Deno.test("sendClip() sends media and sidecar in slices and notes where they lie", async () => {
  const server = new MemoryServer();
  const { run, shares, noted, size } = await upload(server);
  await run();
  assert.deepEqual(server.received.map((slice) => slice.size), [
    SLICE_BYTES,
    SLICE_BYTES,
    size - 2 * SLICE_BYTES,
  ]);
  assert.equal((await new Blob(server.received).text()).slice(-13), '{"frames":[]}');
  assert.deepEqual(shares, [0, SLICE_BYTES / size, 2 * SLICE_BYTES / size, 1]);
  assert.deepEqual(await noted(), { id: "clip 1", token: "t", done: true });
});

Deno.test("sendClip() asks where it stands after a break, and sends nothing twice", async () => {
  const server = new MemoryServer();
  server.faults.push(
    { call: "append", error: OFFLINE, lost: true },
    { call: "offset", error: OFFLINE },
    { call: "complete", error: OFFLINE, lost: true },
  );
  const { run, waits, size } = await upload(server);
  await run();
  assert.equal(new Blob(server.received).size, size);
  assert.deepEqual(server.done, ["clip 1", "clip 1"]);
  assert.deepEqual(waits, [400, 800, 400]);
});

Deno.test("sendClip() gives up after some tries and resumes from there the next time", async () => {
  const server = new MemoryServer();
  const first = await upload(server);
  server.faults.push({ call: "append", error: OFFLINE, lost: true });
  for (let time = 0; time < 3; time++) server.faults.push({ call: "offset", error: OFFLINE });
  await assert.rejects(first.run(), OFFLINE);
  const second = await upload(server, await first.noted() ?? null);
  await second.run();
  assert.ok((second.shares[0] ?? 0) > 0);
  assert.equal(new Blob(server.received).size, second.size);
});

Deno.test("sendClip() begins again where the server no longer knows the upload", async () => {
  const server = new MemoryServer();
  server.faults.push({ call: "offset", error: new Refusal("gone", "unknown-clip") });
  const { run, noted } = await upload(server, { id: "old", token: "x", done: false });
  await run();
  assert.deepEqual(await noted(), { id: "clip 1", token: "t", done: true });
});

Deno.test("sendClip() does not try again what the server refuses, and ends with its signal", async () => {
  const server = new MemoryServer();
  const full = new Refusal("full", "clips-full");
  server.faults.push({ call: "append", error: full });
  const { run, waits } = await upload(server);
  await assert.rejects(run(), full);
  assert.deepEqual(waits, []);
  const other = await upload(new MemoryServer());
  const reason = new Error("cancelled");
  other.stop.abort(reason);
  await assert.rejects(other.run(), reason);
});
