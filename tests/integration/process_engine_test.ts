/** The engine in a process of its own gives what the one in a worker of this process gives, to the bit. */
import assert from "node:assert/strict";
import {
  decodePicture,
  fitInput,
  openEngine,
  type Probe,
  type Score,
  type Want,
} from "../../server/engine/mod.ts";
import { openProcessEngine } from "../support/process_engine.ts";

const MODEL_DIR = "models/efficientnet-lite0";

const SCORE: Score = { kind: "target", target: { kind: "rank", rank: 1 }, score: "logit" };

const WANTS: readonly Want[] = [
  { kind: "logits" },
  { kind: "projection", top: 5, also: [13] },
  { kind: "layer", layer: "head_relu6", score: SCORE },
  { kind: "layer", layer: "head_relu6", score: null },
  { kind: "input", score: SCORE, rule: "guided" },
  { kind: "bias-terms", score: SCORE },
  { kind: "fixations", target: { kind: "rank", rank: 1 } },
];

Deno.test("every kind of row comes from the engine's process as from a worker of the server", async () => {
  const photo = await Deno.readFile("tests/fixtures/photos/coffee.png");
  await using process = await openProcessEngine(MODEL_DIR);
  const own = await openEngine({ modelDir: MODEL_DIR });
  try {
    assert.deepEqual(process.engine.model, own.model);
    const { rgb } = fitInput(await decodePicture(photo), own.model.width, own.model.height);
    const noise = {
      kind: "input",
      values: Float32Array.from({ length: rgb.length }, (_, at) => (at % 7) / 7),
    } as const;
    const batches: Probe[][] = [
      WANTS.map((want) => ({ frame: 2 ** 32 + 1, variation: { kind: "none" }, want })),
      [{ frame: 2 ** 32 + 2, variation: noise, want: { kind: "logits" } }],
      [{ frame: 3, variation: { kind: "none" }, want: { kind: "logits" } }],
    ];
    for (const engine of [process.engine, own]) {
      await engine.admit(2 ** 32 + 1, "png", photo);
      await engine.admit(2 ** 32 + 2, "rgb", rgb.slice());
    }
    for (const batch of batches) {
      const [there, here] = [await process.engine.run(batch), await own.run(batch)];
      assert.deepEqual(there.rows, here.rows);
      assert.equal(there.rows.length, batch.length);
    }
    const { frames, batches: count } = await process.engine.stats();
    assert.deepEqual([frames, count], [2, batches.length]);
  } finally {
    await own.close();
  }
});

Deno.test("a picture that cannot be decoded fails alone, with the same code", async () => {
  await using process = await openProcessEngine(MODEL_DIR);
  await assert.rejects(process.engine.admit(1, "png", new Uint8Array(100)), { code: "frame-format" });
  assert.equal((await process.engine.stats()).frames, 0);
  assert.equal(process.engine.vitals().restarts, 0);
});
