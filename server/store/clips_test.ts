/** What every store of clips holds to, in memory and on the disk: uploads, reading, changes. */
import assert from "node:assert/strict";
import { bytesOf, contract, send } from "./testing/clip_places.ts";
import { pieces, SIDECAR, uploadOf, webm } from "./testing/small_clip.ts";

contract("gives back what it was sent, in parts, and after it was opened again", async (place) => {
  const store = await place.open();
  const clip = await send(store, { name: " Cup\n" }, true);
  await store.close();
  const again = await place.open();
  assert.deepEqual(await again.list(""), [clip]);
  assert.equal(clip.name, "Cup");
  assert.deepEqual(await bytesOf(await again.read(clip.id, "media", 0, 64)), webm());
  assert.deepEqual(await bytesOf(await again.read(clip.id, "media", 10, 5)), webm().subarray(10, 15));
  assert.deepEqual(await bytesOf(await again.read(clip.id, "sidecar", 0, SIDECAR.byteLength)), SIDECAR);
  assert.deepEqual(await again.thumbnail(clip.id), new Uint8Array([0xff, 0xd8, 0xff, 0xe0]));
  await again.close();
});

contract("continues with an upload where it broke off, after it was opened again too", async (place) => {
  const whole = new Uint8Array([...webm(), ...SIDECAR]);
  const first = await place.open();
  const key = await first.create(uploadOf({ sidecarBytes: SIDECAR.byteLength }));
  async function* broken() {
    yield* pieces(whole.subarray(0, 70));
    throw new Error("the line broke");
  }
  assert.equal(await first.append(key, 0, broken()), 70);
  await assert.rejects(first.complete(key), { code: "clip-incomplete" });
  await first.close();
  const second = await place.open();
  assert.equal(await second.offset(key), 70);
  await assert.rejects(second.append(key, 0, pieces(whole)), { code: "clip-offset" });
  await assert.rejects(second.append(key, 71, pieces(whole)), { code: "clip-offset" });
  assert.equal(await second.append(key, 70, pieces(whole.subarray(70))), whole.byteLength);
  const { id } = await second.complete(key);
  assert.equal((await second.complete(key)).id, id, "an answer that got lost is asked for again");
  assert.deepEqual(await bytesOf(await second.read(id, "media", 0, 64)), webm());
  assert.deepEqual(await bytesOf(await second.read(id, "sidecar", 0, SIDECAR.byteLength)), SIDECAR);
  await second.close();
});

contract("lets a newer request take over from one that hangs", async (place) => {
  const store = await place.open();
  const key = await store.create(uploadOf());
  const begun = Promise.withResolvers<void>();
  async function* hanging() {
    yield webm().subarray(0, 30);
    begun.resolve();
    await new Promise(() => {});
  }
  const old = store.append(key, 0, hanging());
  const lost = assert.rejects(old, { code: "clip-offset" });
  await begun.promise;
  await assert.rejects(store.append(key, 0, pieces(webm())), { code: "clip-offset" });
  await lost;
  assert.equal(await store.offset(key), 30, "what had come was kept");
  assert.equal(await store.append(key, 30, pieces(webm().subarray(30))), 64);
  await store.close();
});

contract("takes an upload only from who began it, and no more than was said", async (place) => {
  const store = await place.open();
  const key = await store.create(uploadOf());
  const foreign = { ...key, token: (await store.create(uploadOf())).token };
  for (const token of [foreign.token, ""]) {
    await assert.rejects(store.offset({ ...key, token }), { code: "clip-token" });
    await assert.rejects(store.append({ ...key, token }, 0, pieces(webm())), { code: "clip-token" });
    await assert.rejects(store.complete({ ...key, token }), { code: "clip-token" });
    await assert.rejects(store.abandon({ ...key, token }), { code: "clip-token" });
  }
  await assert.rejects(store.append(key, 0, pieces(webm(200))), { code: "clip-bytes" });
  assert.equal(await store.offset(key), 60, "whole pieces within the clip were kept");
  await store.abandon(key);
  await assert.rejects(store.offset(key), { code: "unknown-clip" });
  assert.deepEqual(await place.names(), []);
  await store.close();
});

contract("refuses what cannot be played and a sidecar that does not fit, and forgets them", async (place) => {
  const store = await place.open();
  const gif = new TextEncoder().encode("GIF89a".padEnd(64));
  const unplayable = await store.create(uploadOf());
  await store.append(unplayable, 0, pieces(gif));
  await assert.rejects(store.complete(unplayable), { code: "clip-format" });
  const disguised = await store.create(uploadOf({ type: "video/mp4" }));
  await store.append(disguised, 0, pieces(webm()));
  await assert.rejects(store.complete(disguised), { code: "clip-format" });
  for (const text of ["{}", "[1", '{"gradcast":2}']) {
    const sidecar = new TextEncoder().encode(text);
    const key = await store.create(uploadOf({ sidecarBytes: sidecar.byteLength }));
    await store.append(key, 0, pieces(new Uint8Array([...webm(), ...sidecar])));
    await assert.rejects(store.complete(key), { code: "clip-sidecar" });
    await assert.rejects(store.offset(key), { code: "unknown-clip" });
  }
  assert.deepEqual(await place.names(), []);
  assert.deepEqual(await store.list(""), []);
  await store.close();
});

contract("lists the newest first, finds by words, renames and pins", async (place) => {
  const store = await place.open();
  const old = await send(store, { name: "Espresso cup", createdMs: 1 });
  await send(store, { name: "Cat", createdMs: 2 });
  await store.create(uploadOf({ name: "not all there" }));
  assert.deepEqual((await store.list("")).map(({ name }) => name), ["Cat", "Espresso cup"]);
  assert.deepEqual((await store.list("CUP esp")).map(({ name }) => name), ["Espresso cup"]);
  await store.change(old.id, { name: "Mug " });
  assert.deepEqual(await store.change(old.id, { pinned: true }), { ...old, name: "Mug", pinned: true });
  assert.deepEqual(await store.get(old.id), { ...old, name: "Mug", pinned: true });
  await store.close();
});

contract("says at once that a file is not what it was, and not in the middle of an answer", async (place) => {
  const store = await place.open();
  const { id } = await send(store);
  await place.cut(`${id}.media`, 20);
  await assert.rejects(store.read(id, "media", 0, 64), {
    code: "unknown-clip",
    message: /has 20 bytes, and 64/,
  });
  assert.deepEqual(await bytesOf(await store.read(id, "media", 0, 20)), webm().subarray(0, 20));
  await store.close();
});

contract("C4: says no more than its files hold", async (place) => {
  const store = await place.open();
  const key = await store.create(uploadOf());
  await store.append(key, 0, pieces(webm()));
  await place.cut(`${key.id}.media`, 20);
  assert.equal(await store.offset(key), 20);
  await assert.rejects(store.complete(key), { code: "clip-incomplete" });
  assert.equal(await store.append(key, 20, pieces(webm().subarray(20))), 64);
  const { id } = await store.complete(key);
  assert.deepEqual(await bytesOf(await store.read(id, "media", 0, 64)), webm());
  await store.close();
});

contract("knows no clip by what is no id of its own", async (place) => {
  const store = await place.open();
  await send(store);
  for (const id of ["", "..", "../clips.sqlite", "%2e%2e", "0".repeat(32)]) {
    for (
      const act of [
        () => store.get(id),
        () => store.thumbnail(id),
        () => store.read(id, "media", 0, 1),
        () => store.remove(id),
        () => store.restore(id),
        () => store.offset({ id, token: "" }),
      ]
    ) await assert.rejects(act, { code: "unknown-clip" }, id);
  }
  await store.close();
});
