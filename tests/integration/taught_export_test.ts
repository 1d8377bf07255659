/** A taught model that is exported: the same probabilities in stock TensorFlow.js, by `--model`, and as a collection again. */
import "@tensorflow/tfjs-backend-wasm";
import assert from "node:assert/strict";
import { basename, dirname, join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { loadLayersModel } from "@tensorflow/tfjs-layers";
import { systemClock } from "../../server/clock/mod.ts";
import { decodePicture, type Engine, fitInput, openEngine, PictureReader } from "../../server/engine/mod.ts";
import { ModelWriter } from "../../server/engine/graph/testing/model_writer.ts";
import { folderFiles, writeFolder } from "../../server/engine/model/testing/model_folder.ts";
import { openHeadWorker } from "../../server/heads/mod.ts";
import type { ExplanationDocument } from "../../server/explain/mod.ts";
import { NO_LOGGER } from "../../server/logger/mod.ts";
import { soleModel } from "../../server/pool/testing/memory_models.ts";
import { openTaughtStore } from "../../server/store/mod.ts";
import {
  exportedFiles,
  importCollection,
  type OpenCollection,
  Taught,
  whyOf,
  writeZip,
} from "../../server/teach/mod.ts";
import type { HeadKind } from "../../shared/head_model.ts";
import { probabilityOf } from "../../shared/logits.ts";
import { variantsOf } from "../support/taught_pictures.ts";

/** Side of the network's input, in pixels. */
const SIDE_PX = 32;

/** Writes a base model: two convolutions, their mean, and a dense layer. */
async function writeBase() {
  const writer = new ModelWriter(1);
  writer.input(SIDE_PX, SIDE_PX);
  const kernel = { kernel_size: [3, 3], activation: "relu" };
  writer.conv([3, 3, 3, 8], { ...kernel, filters: 8, strides: [2, 2] });
  writer.conv([3, 3, 8, 16], { ...kernel, filters: 16, name: "features" });
  writer.add("GlobalAveragePooling2D");
  writer.dense([16, 3], { name: "logits", units: 3, activation: "softmax" });
  const { layers, weights } = writer;
  const files = await folderFiles({
    ...{ layers, weights, labels: ["a", "b", "c"], defaultLayer: "features", logitsLayer: "logits" },
  });
  return await writeFolder({ ...files, LICENSE: new TextEncoder().encode("Nobody's.") });
}

/** Probabilities of an engine's model. */
async function probabilitiesOf(engine: Engine, picture: Uint8Array<ArrayBuffer>): Promise<readonly number[]> {
  await engine.admit(1, "png", picture);
  const { rows: [row] } = await engine.run([{
    frame: 1,
    variation: { kind: "none" },
    want: { kind: "logits" },
  }]);
  assert.ok(row?.ok);
  return [...row.logits.keys()].map((index) => probabilityOf(row.logits, index));
}

/** Probabilities of stock TensorFlow.js, for the same pixels. */
async function stockProbabilities(
  folder: string,
  picture: Uint8Array<ArrayBuffer>,
): Promise<readonly number[]> {
  await tf.setBackend("wasm");
  const { modelTopology, weightsManifest } = JSON.parse(await Deno.readTextFile(join(folder, "model.json")));
  const manifest: tf.io.WeightsManifestConfig = weightsManifest;
  const parts = await Promise.all(
    manifest.flatMap(({ paths }) => paths).map((path) => Deno.readFile(join(folder, path))),
  );
  const weightData = await new Blob(parts).arrayBuffer();
  const weightSpecs = manifest.flatMap(({ weights }) => weights);
  const model = await loadLayersModel({
    load: () => Promise.resolve({ modelTopology, weightSpecs, weightData }),
  });
  const { rgb } = fitInput(await decodePicture(picture), SIDE_PX, SIDE_PX);
  const pixels = Float32Array.from(rgb, (value) => (value - 127) / 128);
  const input = tf.tensor4d(pixels, [1, SIDE_PX, SIDE_PX, 3]);
  const answer = model.predict(input);
  assert.ok(!Array.isArray(answer));
  return [...await answer.data()];
}

/** Writes an export as a folder. */
async function writeExport(collection: OpenCollection, kind: HeadKind, basePath: string, folder: string) {
  const files = await exportedFiles(collection, { kind, pictures: false, basePath });
  for (const { path, read } of files) {
    await Deno.mkdir(dirname(join(folder, path)), { recursive: true });
    await Deno.writeFile(join(folder, path), await read());
  }
  return files;
}

function assertClose(found: readonly number[], wanted: readonly number[], what: string): void {
  assert.equal(found.length, wanted.length, what);
  for (const [place, one] of found.entries()) {
    const difference = Math.abs(one - (wanted[place] ?? NaN));
    assert.ok(difference < 1e-5, `${what}: class ${place} differs by ${difference}`);
  }
}

/** What the command prints of a picture. */
async function explained(...args: readonly string[]): Promise<ExplanationDocument> {
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: ["task", "--quiet", "explain", "--json", ...args],
    stdin: "null",
    env: { NO_COLOR: "1" },
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

const { signal } = new AbortController();

/** What a test works with. */
interface Desk {
  readonly taught: Taught;
  /** A collection of two classes with six pictures each. */
  readonly collection: OpenCollection;
  /** A picture that is none of them. */
  readonly picture: Uint8Array<ArrayBuffer>;
  /** A folder for exports. */
  readonly data: string;
  /** What a head of the collection says of the picture. */
  own(kind: HeadKind): Promise<readonly number[]>;
}

/** Teaches a model at `basePath`. */
async function withCollection(basePath: string, work: (desk: Desk) => Promise<void>): Promise<void> {
  const data = await Deno.makeTempDir({ prefix: "gradcast-export-" });
  const engine = await openEngine({ modelDir: basePath, threads: 1 });
  const store = await openTaughtStore(data);
  const reader = new PictureReader();
  const taught = new Taught({
    ...{ pool: soleModel(engine), store, reader, clock: systemClock, date: Date.now, logger: NO_LOGGER },
    openWorker: openHeadWorker,
    maxBytes: 1e8,
  });
  const [cups, cats] = [await variantsOf("coffee", 7, 1), await variantsOf("chelsea", 7, 2)];
  const picture = cats[6] ?? assert.fail("no picture");
  try {
    const id = await taught.create({ name: "Mine" }, signal);
    const collection = await taught.open(id);
    for (const [name, pictures] of [["Cup", cups], ["Cat", cats]] as const) {
      const key = await collection.addClass(name);
      await collection.add(key, 1, pictures.slice(0, 6).map((bytes) => ({ name: "", bytes })), signal);
    }
    const own = async (kind: HeadKind) => {
      const { explanation } = await whyOf(collection, kind, picture, { reader, signal });
      return explanation.probabilities;
    };

    await work({ taught, collection, picture, data, own });
  } finally {
    await taught.close();
    await store.close();
    await engine.close();
    reader[Symbol.dispose]();
    await Deno.remove(data, { recursive: true });
  }
}

Deno.test("a taught model is exported, and is the same elsewhere", async (t) => {
  await using base = await writeBase();
  await withCollection(base.path, async ({ taught, collection, picture, data, own }) => {
    await t.step("O11: pca-linear: stock TensorFlow.js says the same", async () => {
      const folder = join(data, "pca-linear");
      await writeExport(collection, "pca-linear", base.path, folder);
      assertClose(await stockProbabilities(folder, picture), await own("pca-linear"), "TensorFlow.js");
    });

    for (const kind of ["linear", "tree", "nearest"] as const) {
      await t.step(`O11: ${kind}: the folder opens by --model and says the same`, async () => {
        const folder = join(data, kind);
        await writeExport(collection, kind, base.path, folder);
        const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
        const isDense = kind === "linear";
        assert.equal(names.includes("head.json"), !isDense);
        assert.ok(names.includes("LICENSE"));
        if (isDense) {
          // As Teachable Machine's exports have it.
          const metadata = JSON.parse(await Deno.readTextFile(join(folder, "metadata.json")));
          assert.deepEqual(
            [metadata.modelName, metadata.labels, metadata.imageSize],
            ["Mine", ["Cup", "Cat"], SIDE_PX],
          );
        }
        const opened = await openEngine({ modelDir: folder, threads: 1 });
        try {
          assert.deepEqual([opened.model.name, opened.model.labels], ["Mine", ["Cup", "Cat"]]);
          assert.equal(opened.model.withoutGradients === true, !isDense);
          assertClose(await probabilitiesOf(opened, picture), await own(kind), kind);
        } finally {
          await opened.close();
        }
        if (isDense) assertClose(await stockProbabilities(folder, picture), await own(kind), "TensorFlow.js");
      });
    }

    await t.step("O11: the command explains with the folder, and knows it by its own hash", async () => {
      const image = join(data, "picture.png");
      await Deno.writeFile(image, picture);
      const [tree, nearest] = await Promise.all(
        ["tree", "nearest"].map((kind) =>
          explained(image, "--model", join(data, kind), "--method", "occlusion")
        ),
      );
      assert.deepEqual([tree?.model, tree?.predictions[0]?.label], ["mine", "Cat"]);
      assert.match(tree?.modelSha256 ?? "", /^[0-9a-f]{64}$/u);
      assert.notEqual(tree?.modelSha256, nearest?.modelSha256);
    });

    await t.step("O12: with its pictures it is a collection again, of a base that is there", async () => {
      const files = await Promise.all(
        (await exportedFiles(collection, { kind: "linear", pictures: true, basePath: base.path }))
          .map(async ({ path, read }) => ({ path, bytes: await read() })),
      );
      const copy = await taught.open(await importCollection(taught, files, signal));
      const { name, classes, kind } = copy.state;
      assert.deepEqual([name, kind, classes.map(({ name, pictures }) => [name, pictures])], [
        "Mine",
        "linear",
        [["Cup", 6], ["Cat", 6]],
      ]);
      assert.ok(copy.list(null).every(({ hold }) => hold === 1));
      const damaged = files.map((file) =>
        file.path === "taught.json" ? { ...file, bytes: new Uint8Array([123]) } : file
      );
      await assert.rejects(importCollection(taught, damaged, signal), { code: "archive-refused" });
    });

    await t.step("O11: the archive is one that other programs unpack", async () => {
      const files = await exportedFiles(collection, { kind: "tree", pictures: true, basePath: base.path });
      const bytes = await new Response(ReadableStream.from(writeZip(files))).bytes();
      const view = new DataView(bytes.buffer, bytes.byteLength - 22);
      assert.deepEqual([view.getUint32(0, true), view.getUint16(10, true)], [0x06054b50, files.length]);
    });
  });
});

Deno.test("O11: the head of a file lies beside it, and the file opens with it", async () => {
  const onnx = "tests/fixtures/onnx/convnext.new.onnx";
  const keras = "tests/reference/keras/convolutional.keras";
  for (const [basePath, kinds] of [[onnx, ["linear", "tree"]], [keras, ["tree"]]] as const) {
    const file = basename(basePath);
    await withCollection(basePath, async ({ collection, picture, data, own }) => {
      for (const kind of kinds) {
        const folder = join(data, kind);
        await writeExport(collection, kind, basePath, folder);
        const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
        assert.ok(names.includes(file.replace(/\.[^.]+$/u, ".head.json")), `${names}`);
        const opened = await openEngine({ modelDir: join(folder, file), threads: 1 });
        try {
          assert.deepEqual([opened.model.name, opened.model.labels], ["Mine", ["Cup", "Cat"]]);
          assertClose(await probabilitiesOf(opened, picture), await own(kind), `${file}, ${kind}`);
        } finally {
          await opened.close();
        }
      }
    });
  }
});
