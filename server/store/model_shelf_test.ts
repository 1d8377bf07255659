/** Uploaded models on the disk: whole or not there, bounded, and never outside their folder. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { openModelShelf } from "./model_shelf.ts";

const MODEL = new Uint8Array(300).fill(7);

/** Runs a check on a shelf of 1,000 bytes; `again` opens it as the next server does. */
async function onShelf(
  check: (again: () => ReturnType<typeof openModelShelf>, root: string) => Promise<void>,
  now: () => number = () => 0,
) {
  const root = await Deno.makeTempDir({ prefix: "gradcast-models-" });
  try {
    await check(() => openModelShelf({ root: () => Promise.resolve(root), maxBytes: 1_000, now }), root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

async function* pieces(bytes: Uint8Array, breaks = false) {
  yield bytes.subarray(0, 100);
  if (breaks) throw new Error("the line broke");
  yield bytes.subarray(100);
}

async function upload(shelf: ReturnType<typeof openModelShelf>, name = "My Net.onnx"): Promise<string> {
  const id = await shelf.begin(name, [{ path: name, bytes: MODEL.byteLength }]);
  await shelf.receive(id, name, pieces(MODEL));
  await shelf.complete(id);
  return id;
}

Deno.test("an uploaded model is there after a restart, under a name for addresses", () =>
  onShelf(async (again) => {
    const id = await upload(again());
    assert.equal(id, "my-net");
    const [model, ...others] = await again().list();
    assert.deepEqual(others, []);
    assert.equal(model?.bytes, MODEL.byteLength);
    assert.deepEqual(await Deno.readFile(model.path), MODEL);
    assert.equal(await upload(again()), "my-net-2", "no upload takes another one's place");
  }));

Deno.test("a folder is opened as one, a file with its data beside it by the file", () =>
  onShelf(async (again) => {
    const shelf = again();
    const send = async (name: string, paths: readonly string[]) => {
      const id = await shelf.begin(name, paths.map((path) => ({ path, bytes: 1 })));
      for (const path of paths) await shelf.receive(id, path, pieces(new Uint8Array(1)));
      return shelf.received(id).path;
    };
    assert.match(await send("net", ["model.json", "group1-shard1of1.bin"]), /incoming.net$/);
    assert.match(await send("big.onnx", ["big.onnx", "big.onnx.data", "labels.txt"]), /big\.onnx$/);
    assert.match(await send("weights.pt", ["weights.pt", "labels.txt"]), /weights\.pt$/);
  }));

Deno.test("a half upload leaves nothing behind, broken off or left by a server that ended", () =>
  onShelf(async (again, root) => {
    const shelf = again();
    const id = await shelf.begin("a.onnx", [{ path: "a.onnx", bytes: 300 }]);
    await assert.rejects(shelf.receive(id, "a.onnx", pieces(MODEL, true)), /the line broke/);
    await assert.rejects(shelf.receive(id, "a.onnx", pieces(MODEL)), { code: "not-found" });
    assert.deepEqual(await Array.fromAsync(Deno.readDir(join(root, ".incoming"))), []);
    await shelf.begin("b.onnx", [{ path: "b.onnx", bytes: 300 }]);
    assert.throws(() => shelf.received("b"), { code: "model-incomplete" });
    assert.deepEqual(await again().list(), []);
    await assert.rejects(Deno.stat(join(root, ".incoming")), Deno.errors.NotFound);
  }));

Deno.test("an upload of which nothing comes for ten minutes gives its room to others, and no other one does", () => {
  let nowMs = 0;
  return onShelf(async (again) => {
    const shelf = again();
    const begin = (name: string, bytes: number) => shelf.begin(name, [{ path: name, bytes }]);
    const gone = await begin("gone.onnx", 300);
    const slow = await begin("slow.onnx", 300);
    const { promise: rest, resolve: sendRest } = Promise.withResolvers<void>();
    const sending = shelf.receive(
      slow,
      "slow.onnx",
      async function* () {
        yield MODEL.subarray(0, 100);
        await rest;
        yield MODEL.subarray(100);
      }(),
    );
    nowMs = 599_999;
    await assert.rejects(begin("next.onnx", 500), { code: "model-bytes" });
    nowMs = 600_000;
    await begin("next.onnx", 500);
    assert.throws(() => shelf.received(gone), { code: "not-found" });
    sendRest();
    await sending;
    assert.equal(shelf.received(slow).bytes, 300);
  }, () => nowMs);
});

Deno.test("the size is checked before a byte is taken, and again as they come", () =>
  onShelf(async (again) => {
    const shelf = again();
    await assert.rejects(shelf.begin("a.onnx", [{ path: "a.onnx", bytes: 1_001 }]), { code: "model-bytes" });
    for (const bytes of [299, 301]) {
      const id = await shelf.begin("a.onnx", [{ path: "a.onnx", bytes }]);
      await assert.rejects(shelf.receive(id, "a.onnx", pieces(MODEL)), { code: "model-bytes" });
    }
    await shelf.begin("a.onnx", [{ path: "a.onnx", bytes: 600 }]);
    await assert.rejects(shelf.begin("b.onnx", [{ path: "b.onnx", bytes: 600 }]), { code: "model-bytes" });
  }));

Deno.test("no path leads out of a model's folder", () =>
  onShelf(async (again) => {
    const shelf = again();
    const paths = [
      "../a.onnx",
      "/etc/a",
      "a/../../b",
      ".hidden",
      "a\\b",
      "",
      "a//b",
      "a/b/c/d/e",
      "x\u0000.onnx",
    ];
    for (const path of paths) {
      await assert.rejects(shelf.begin("a", [{ path, bytes: 1 }]), { code: "message-shape" }, path);
    }
    await assert.rejects(shelf.begin("a", [{ path: "A.onnx", bytes: 1 }, { path: "a.onnx", bytes: 1 }]), {
      code: "message-shape",
    });
    await assert.rejects(shelf.begin("a", [{ path: "a", bytes: 1 }, { path: "A/b.json", bytes: 1 }]), {
      code: "message-shape",
      message: 'Cannot take the model: expected a file or a folder, got both by the name "a"',
    });
    for (const id of ["..", "../kept", "my-net/x"]) {
      await assert.rejects(shelf.remove(id), { code: "not-found" }, id);
      await assert.rejects(shelf.card(id), { code: "not-found" }, id);
    }
  }));

Deno.test("a card is kept beside its model", () =>
  onShelf(async (again) => {
    const shelf = again();
    const id = await upload(shelf);
    assert.equal(await shelf.card(id), null);
    await shelf.writeCard(id, '{"name":"Net"}');
    assert.equal(await again().card(id), '{"name":"Net"}');
    const [model] = await again().list();
    assert.match(model?.path ?? "", /My Net\.onnx$/);
  }));

Deno.test("what is removed can be restored, until the room is needed", () =>
  onShelf(async (again) => {
    const shelf = again();
    const id = await upload(shelf);
    await shelf.remove(id);
    assert.deepEqual(await shelf.list(), []);
    assert.equal((await shelf.restore(id)).id, id);
    await shelf.remove(id);
    await shelf.begin("large.onnx", [{ path: "large.onnx", bytes: 900 }]);
    await assert.rejects(shelf.restore(id), { code: "not-found" });
  }));

Deno.test("every name becomes an id by which the model is found again", () =>
  onShelf(async (again) => {
    const shelf = again();
    const long = "a".repeat(59);
    const ids = [
      [`${long} b.onnx`, long],
      [`${long}bc.onnx`, `${long}b`],
      [`${long}bd.onnx`, `${"a".repeat(58)}-2`],
      ["room", "room-2"],
      ["__proto__", "proto"],
    ] as const;
    for (const [name, id] of ids) {
      assert.equal(await shelf.begin(name, [{ path: "m.onnx", bytes: 1 }]), id);
      await shelf.receive(id, "m.onnx", pieces(new Uint8Array(1)));
      await shelf.complete(id);
      assert.equal(await shelf.card(id), null);
    }
    assert.equal(
      await shelf.begin("vit.onnx", [{ path: "m.onnx", bytes: 1 }], ["Vit"]),
      "vit-2",
      "case aside",
    );
  }));

Deno.test("an upload is completed once, whoever asks for it at the same time", () =>
  onShelf(async (again) => {
    const shelf = again();
    const id = await shelf.begin("a.onnx", [{ path: "a.onnx", bytes: 300 }]);
    await shelf.receive(id, "a.onnx", pieces(MODEL));
    const completed = shelf.complete(id);
    await assert.rejects(shelf.complete(id), { code: "not-found" });
    await shelf.abandon(id);
    assert.equal((await completed).bytes, 300);
    assert.equal((await shelf.list()).length, 1);
  }));

Deno.test("what is no model in the folder is left alone", () =>
  onShelf(async (again, root) => {
    const id = await upload(again());
    await Deno.writeTextFile(join(root, "stray.txt"), "");
    await Deno.mkdir(join(root, "Of Mine"));
    assert.deepEqual((await again().list()).map((one) => one.id), [id]);
  }));
