/** Keras files from somebody who means harm, or who copied half of one. */
import assert from "node:assert/strict";
import { openModel } from "../model.ts";
import { encode, writeFolder } from "../testing/model_folder.ts";
import { type Packed, zipOf } from "../testing/zip.ts";

const KERAS = new URL("../../../../tests/reference/keras/", import.meta.url).pathname;

/** Bytes that a refusal may take of memory, those of the test itself left out. */
const MOST_TAKEN = 3e8;

async function refusal(path: string, mostBytes?: number): Promise<string> {
  const before = Deno.memoryUsage().rss;
  const [start, error] = [
    performance.now(),
    await openModel(path, mostBytes === undefined ? {} : { mostBytes }).then(
      () => null,
      (error: unknown) => error,
    ),
  ];
  assert.ok(error instanceof Error, `${path} was read`);
  assert.match(error.message, /^Cannot load the model: /u);
  assert.ok(Deno.memoryUsage().rss - before < MOST_TAKEN, "no memory is taken for it");
  assert.ok(performance.now() - start < 20_000);
  return error.message;
}

const METADATA = encode({ keras_version: "3.15.1" });

/** A .keras file of these layers; `weights` are not looked at before they are wanted. */
async function archive(layers: readonly unknown[], weights: Packed, config: Partial<Packed> = {}) {
  const bytes = encode({ class_name: "Sequential", config: { name: "model", layers } });
  return await writeFolder({
    "m.keras": await zipOf({
      "metadata.json": { bytes: METADATA },
      "config.json": { bytes, ...config },
      "model.weights.h5": weights,
    }),
  });
}

const input = (shape: readonly (number | null)[]) => ({
  class_name: "InputLayer",
  config: { name: "input", batch_shape: shape },
});
const layer = (class_name: string, config: object = {}) => ({
  class_name,
  config: { name: class_name, ...config },
});

/** Weights that any model without layers with weights has. */
const WEIGHTS: Packed = { bytes: await Deno.readFile(`${KERAS}grey.h5`) };

for (const name of ["convolutional", "tokens"]) {
  for (const ending of ["keras", "h5"]) {
    Deno.test(`openModel() refuses ${name}.${ending} cut off at every tenth of its length`, async () => {
      const whole = await Deno.readFile(`${KERAS}${name}.${ending}`);
      for (let tenth = 1; tenth < 10; tenth++) {
        const bytes = whole.slice(0, Math.floor(whole.length * tenth / 10));
        await using folder = await writeFolder({ [`m.${ending}`]: bytes });
        await refusal(`${folder.path}/m.${ending}`);
      }
    });
  }
}

const HOSTILE: Readonly<Record<string, RegExp>> = {
  soft: /weights lack kernel of Conv2D layer conv2d|damaged HDF5/u,
  hard: /weights lack kernel of Conv2D layer conv2d/u,
  external: /weights lack kernel of Conv2D layer conv2d/u,
  huge: /takes 8,589,934,592 bytes, but hostile-huge\.h5 has/u,
};

for (const [what, message] of Object.entries(HOSTILE)) {
  Deno.test(`openModel() refuses an HDF5 file with a ${what} fault`, async () => {
    assert.match(await refusal(`${KERAS}hostile-${what}.h5`), message);
  });
}

Deno.test("openModel() refuses a zip bomb, whether its directory says so or not", async () => {
  const zeros = new Uint8Array(5e7);
  const parts = [input([null, 8, 8, 3]), layer("Flatten")];
  await using honest = await archive(parts, { bytes: zeros, deflate: true });
  assert.match(
    await refusal(`${honest.path}/m.keras`, 1e6),
    /at most 1,000,000 bytes, got 50,000,000/u,
  );
  await using lying = await archive(parts, { bytes: zeros, deflate: true, says: 1000 });
  assert.match(await refusal(`${lying.path}/m.keras`), /model\.weights\.h5 unpacks to more than it says/u);
  await using claiming = await archive(parts, {
    bytes: new Uint8Array(10),
    deflate: true,
    says: 2 ** 32 - 2,
  });
  assert.match(
    await refusal(`${claiming.path}/m.keras`, 1e9),
    /at most 1,000,000,000 bytes, got 4,294,967,294/u,
  );
  await using config = await archive(parts, WEIGHTS, { deflate: true, says: 2 ** 31 });
  assert.match(
    await refusal(`${config.path}/m.keras`),
    /config\.json in m\.keras .*at most 33,554,432 bytes/u,
  );
});

Deno.test("openModel() refuses more layers than any model has", async () => {
  const many = Array.from(
    { length: 300_000 },
    (_, number) => ({ class_name: "ReLU", config: { name: `r${number}` } }),
  );
  await using folder = await archive(many, WEIGHTS, { deflate: true });
  assert.match(await refusal(`${folder.path}/m.keras`), /at most 10,000 layers, got 300,000/u);
});

const SHAPES: Readonly<Record<string, readonly unknown[]>> = {
  "an input of 2^31 pixels a side": [input([null, 2 ** 31, 2 ** 31, 3]), layer("Flatten")],
  "a padding of 2^31 cells": [
    input([null, 8, 8, 3]),
    layer("ZeroPadding2D", { padding: 2 ** 31 }),
    layer("Flatten"),
  ],
  "a shape of 2^31": [input([null, 8, 8, 3]), layer("Reshape", { target_shape: [2 ** 31, 2 ** 31] })],
  "an input of two channels": [input([null, 8, 8, 2]), layer("Flatten")],
  "a Lambda layer with code": [
    input([null, 8, 8, 3]),
    layer("Lambda", { function: { class_name: "__lambda__", config: { code: "4wEAAAA=" } } }),
    layer("Flatten"),
  ],
};

for (const [what, layers] of Object.entries(SHAPES)) {
  Deno.test(`openModel() refuses ${what}`, async () => {
    await using folder = await archive(layers, WEIGHTS);
    await refusal(`${folder.path}/m.keras`);
  });
}

Deno.test("openModel() reads a card and labels beside a file, and holds them to the classes", async () => {
  const bytes = await Deno.readFile(`${KERAS}nested.keras`);
  const html = ["<script>alert(1)</script>", "b", "c", "d"];
  await using named = await writeFolder({
    "m.keras": bytes,
    "m.gradcast.json": encode({ name: "<b>M</b>", input: { normalisation: "torch" } }),
    "m.labels.txt": new TextEncoder().encode("0 one\r\n1 two\r\n2 three\r\n3 four\r\n"),
    "labels.json": encode(html),
  });
  const { card, labels, labelsFrom, normalisationFrom } = await openModel(`${named.path}/m.keras`);
  assert.deepEqual([card.name, labels, labelsFrom], [
    "<b>M</b>",
    ["one", "two", "three", "four"],
    "m.labels.txt",
  ]);
  assert.equal(normalisationFrom, "set in m.gradcast.json");

  await using shared = await writeFolder({ "m.keras": bytes, "labels.json": encode(html) });
  assert.deepEqual((await openModel(`${shared.path}/m.keras`)).labels, html);

  await using other = await writeFolder({
    "m.keras": bytes,
    "labels.txt": new TextEncoder().encode("a\nb\n"),
  });
  const { labelsFrom: none, notes } = await openModel(`${other.path}/m.keras`);
  assert.equal(none, null);
  assert.ok(notes.some((note) => /labels\.txt has 2 names, but the model has 4 classes/u.test(note)));

  await using wrong = await writeFolder({ "m.keras": bytes, "m.labels.json": encode(["a", "b"]) });
  assert.match(await refusal(`${wrong.path}/m.keras`), /m\.labels\.json must name 4 classes, got 2/u);
});

Deno.test("openModel() says of weights alone how to save the whole model", async () => {
  const path = `${KERAS}weights-only.h5`;
  assert.match(
    await refusal(path),
    /holds weights alone, without the layers; .*model\.save\("model\.keras"\)/u,
  );
});
