/** EfficientNet-Lite1, the second model that ships, held to PyTorch with its original weights. */
import assert from "node:assert/strict";
import { decodePicture, openEngine, type Picture } from "../../server/engine/mod.ts";
import { drive, explainFrame, resolveRequest } from "../../server/methods/mod.ts";
import { correlation, readGolden, readGoldenMap } from "../support/goldens.ts";

const FOLDER = "lite1";
const PHOTO = "coffee";

/** Largest difference of a logit, and least correlation of a map, as for the first model. */
const LOGIT_GAP = 1e-4;
const CORRELATION = 0.9999;

Deno.test("EfficientNet-Lite1 agrees with PyTorch in logits and Grad-CAM", async () => {
  const engine = await openEngine({ modelDir: "models/efficientnet-lite1", threads: 1 });
  try {
    const { model } = engine;
    assert.deepEqual([model.width, model.height, model.labels.length], [240, 240, 1000]);
    const photo = await decodePicture(await Deno.readFile(`tests/fixtures/photos/${PHOTO}.png`));
    await engine.admit(1, "rgb", widened(photo, model.width));
    const golden = await readGolden(`${FOLDER}/${PHOTO}`);

    const { rows: [row] } = await engine.run([{
      frame: 1,
      variation: { kind: "none" },
      want: { kind: "logits" },
    }]);
    assert.ok(row?.ok);
    const gap = Math.max(
      ...golden.logits.map((logit, index) => Math.abs(logit - (row.logits[index] ?? NaN))),
    );
    assert.ok(gap < LOGIT_GAP, `logits are ${gap} apart`);

    for (const { method, class: index, file, shape } of golden.maps) {
      const request = resolveRequest(model, { method, target: { kind: "class", index }, options: {} });
      const context = { ...request, frame: 1, model, carry: new Map(), still: true };
      const map = await drive(engine, explainFrame(request.method, context));
      assert.deepEqual([map.height, map.width], shape);
      const r = correlation(map.values, (await readGoldenMap(`${FOLDER}/${file}`)).values);
      assert.ok(r >= CORRELATION, `${method}: correlation ${r}`);
    }
  } finally {
    await engine.close();
  }
});

/** The picture as a square of this side in pixels, its outermost pixels repeated all round; as the reference has it. */
function widened({ width, height, rgb }: Picture, side: number): Uint8Array<ArrayBuffer> {
  const [left, top] = [(side - width) / 2, (side - height) / 2];
  const wide = new Uint8Array(3 * side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const from = Math.min(height - 1, Math.max(0, y - top)) * width +
        Math.min(width - 1, Math.max(0, x - left));
      wide.set(rgb.subarray(3 * from, 3 * from + 3), 3 * (y * side + x));
    }
  }
  return wide;
}
