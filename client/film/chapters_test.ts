/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { withChapters } from "./chapters.ts";

/** A box with a content of so many bytes. */
function box(type: string, content: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8 + content).fill(7);
  new DataView(bytes.buffer).setUint32(0, bytes.length);
  bytes.set(new TextEncoder().encode(type), 4);
  return bytes;
}

Deno.test("withChapters() adds chapters to the last box, and changes nothing before it", async () => {
  const before = [box("ftyp", 4), box("mdat", 30)];
  const film = new Blob([...before, box("moov", 10)], { type: "video/mp4" });
  const made = await withChapters(film, [{ fromS: 0, words: "cup" }, { fromS: 2.5, words: "Tür" }]);
  const bytes = new Uint8Array(await made.arrayBuffer());
  assert.equal(made.type, "video/mp4");
  assert.deepEqual(bytes.subarray(0, 50), new Uint8Array(await new Blob(before).arrayBuffer()));
  const view = new DataView(bytes.buffer);
  assert.equal(view.getUint32(50), bytes.length - 50);
  const text = new TextDecoder().decode(bytes.subarray(50 + 18));
  assert.match(text, /^.{4}udta.{4}chpl/s);
  // Version 1, no flags, reserved, two chapters: 0 s and 25,000,000 units of 100 ns.
  const list = 50 + 18 + 16;
  assert.deepEqual([...bytes.subarray(list, list + 9)], [1, 0, 0, 0, 0, 0, 0, 0, 2]);
  assert.equal(view.getBigUint64(list + 9), 0n);
  assert.equal(view.getBigUint64(list + 9 + 9 + 3), 25_000_000n);
  assert.equal(new TextDecoder().decode(bytes.subarray(list + 9 + 9 + 3 + 9)), "Tür");
});

Deno.test("withChapters() leaves a file alone that it does not know", async () => {
  for (const parts of [[box("moov", 4), box("mdat", 9)], [new Uint8Array(20)], []]) {
    const film = new Blob(parts);
    assert.equal(await withChapters(film, [{ fromS: 0, words: "x" }]), film);
  }
  const film = new Blob([box("moov", 4)]);
  assert.equal(await withChapters(film, []), film);
});
