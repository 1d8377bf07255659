import assert from "node:assert/strict";
import { maxDifference, random, readPhoto } from "../../testing/goldens.ts";
import { ModelWriter } from "../../graph/testing/model_writer.ts";
import { needsOf } from "../../graph/native_needs.ts";
import { folderFiles, writeFolder } from "../../model/testing/model_folder.ts";
import { openModel } from "../../model/model.ts";
import { startNative } from "../../native/start.ts";
import type { Probe, Row, Score, Variation, Want } from "../../port.ts";
import { startBackend, stopBackend } from "../../threads/backend.ts";
import { EngineCore } from "./core.ts";
import { HEAP_BYTES, heapBytes } from "./room.ts";

const SIDE = 64;
const LOGIT: Score = { kind: "target", target: { kind: "class", index: 1 }, score: "logit" };

/** In the manner of VGG: a value of the first layers has 262 KB, the weights all together less. */
function vgg(): ModelWriter {
  const writer = new ModelWriter(1);
  writer.input(SIDE, SIDE);
  writer.conv([3, 3, 3, 16], { name: "first", activation: "relu" });
  writer.conv([3, 3, 16, 16], { name: "second", activation: "relu" });
  writer.add("MaxPooling2D", { name: "halved" });
  writer.conv([3, 3, 16, 16], { name: "third", activation: "relu" });
  writer.add("MaxPooling2D", { name: "quartered", pool_size: 4 });
  writer.add("Flatten");
  writer.dense([8 * 8 * 16, 20], { name: "hidden", activation: "relu" });
  writer.dense([20, 3], { name: "logits" });
  return writer;
}

async function withCore(
  heapBytes: number,
  test: (core: EngineCore) => void | Promise<void>,
  takesFolder = false,
): Promise<void> {
  const { layers, weights } = vgg();
  const source = { layers, weights, labels: ["a", "b", "c"], defaultLayer: "third", logitsLayer: "logits" };
  await using files = await writeFolder(await folderFiles(source));
  const [folder, backend] = await Promise.all([openModel(files.path), startBackend(2)]);
  const native = await startNative({ ...backend, needs: needsOf(folder.graph) });
  try {
    await test(new EngineCore(folder, backend, native, { heapBytes, takesFolder }));
  } finally {
    native?.end();
    stopBackend();
  }
}

const WANTS: Readonly<Record<string, (row: number) => Pick<Probe, "variation" | "want">>> = {
  "logits": () => ({ variation: input(1), want: { kind: "logits" } }),
  "gradients at the input": (row) => ({
    variation: input(row),
    want: { kind: "input", score: LOGIT, rule: "plain" },
  }),
  "guided gradients": (row) => ({
    variation: input(row),
    want: { kind: "input", score: LOGIT, rule: "guided" },
  }),
  "gradients past dead rectifiers": (row) => ({
    variation: input(row),
    want: { kind: "input", score: LOGIT, rule: "redirected" },
  }),
  "gradients at a layer": (row) => ({
    variation: input(row),
    want: { kind: "layer", layer: "second", score: LOGIT },
  }),
  "values of a layer": (row) => ({
    variation: input(row),
    want: { kind: "layer", layer: "first", score: null },
  }),
  "hidden windows": (row) => ({
    variation: { kind: "fill", window: { top: 4 * row, left: 8, height: 8, width: 8 }, fill: "black" },
    want: { kind: "logits" },
  }),
  "biases": (row) => ({ variation: input(row), want: { kind: "bias-terms", score: LOGIT } }),
  "drawings": (row) => ({
    variation: input(row),
    want: { kind: "network", layers: ["first", "second"], score: LOGIT, drawn: 2, lines: true },
  }),
  "features": (row) => ({ variation: input(row), want: { kind: "features" } }),
  "fixations": (row) => ({
    variation: input(row),
    want: { kind: "fixations", target: { kind: "class", index: 1 } },
  }),
};

function input(seed: number): Variation {
  const next = random(seed);
  return { kind: "input", values: Float32Array.from({ length: SIDE * SIDE * 3 }, () => 2 * next() - 1) };
}

/** Runs eight rows of each kind, each of a frame of its own, twice, and gives what they say and how much they took. */
async function runAll(heapBytes: number) {
  const found = new Map<string, readonly Row[]>();
  const most = new Map<string, number>();
  await withCore(heapBytes, async (core) => {
    const photo = await readPhoto("coffee");
    for (let frame = 0; frame < 8; frame++) await core.admit(frame, "png", photo);
    for (const [what, probe] of Object.entries(WANTS)) {
      const batch = Array.from({ length: 8 }, (_, row): Probe => ({ frame: row, ...probe(row) }));
      core.run(batch);
      found.set(what, core.run(batch).rows);
      most.set(what, core.stats().mostBytes);
    }
  });
  return { found, most };
}

/** Less than eight rows of gradients take, more than one. */
const TIGHT_BYTES = 10_500_000;

Deno.test("EngineCore computes in as many parts as the memory needs, and the numbers are the same", async () => {
  const ample = await runAll(HEAP_BYTES);
  const tight = await runAll(TIGHT_BYTES);
  assert.ok((ample.most.get("gradients at the input") ?? 0) > 1.3 * TIGHT_BYTES, "the bound binds");
  for (const what of Object.keys(WANTS)) {
    const rows = tight.found.get(what) ?? [];
    assert.equal(rows.length, 8);
    for (const [place, row] of rows.entries()) {
      const other = ample.found.get(what)?.[place];
      assert.ok(row.ok && other?.ok, `${what}: ${JSON.stringify(row).slice(0, 200)}`);
      const difference = maxDifference(numbersOf(row), numbersOf(other));
      assert.ok(difference < 1e-4, `${what}, row ${place}: differs by ${difference}`);
    }
    const most = tight.most.get(what) ?? Infinity;
    assert.ok(most <= TIGHT_BYTES, `${what}: ${most} bytes`);
  }
});

function numbersOf(row: Extract<Row, { ok: true }>): number[] {
  const { logits, detail } = row;
  switch (detail?.kind) {
    case undefined:
      return [...logits];
    case "layer":
      return [...logits, ...detail.activation.values, ...detail.gradient?.values ?? []];
    case "input":
      return [...logits, ...detail.gradient.values];
    case "bias-terms":
      return [...logits, ...detail.gradient.values, detail.total];
    case "fixations":
      return [...logits, ...detail.points];
    case "features":
      return [...logits, ...detail.values];
    case "network":
      return [
        ...logits,
        ...detail.stages.flatMap(({ sums, planes, lines }) => [...sums, ...planes.values, ...lines ?? []]),
      ];
    case "attention":
      return [...logits, ...detail.maps.flatMap((map) => [...map])];
    default:
      return assert.fail(`unknown detail ${detail satisfies never}`);
  }
}

Deno.test("EngineCore refuses a row that does not fit alone, with numbers, and computes the next", async () => {
  await withCore(6_300_000, async (core) => {
    await core.admit(1, "png", await readPhoto("coffee"));
    const ask = (want: Want) => core.run([{ frame: 1, variation: { kind: "none" }, want }]).rows[0];
    const refused = ask({ kind: "bias-terms", score: LOGIT });
    assert.ok(refused !== undefined && !refused.ok);
    assert.match(refused.reason, /^Cannot compute the row: it needs \d+ MB, and \d+ MB are there$/u);
    assert.equal(ask({ kind: "logits" })?.ok, true);
    assert.ok(core.stats().mostBytes <= 6_300_000);
  });
});

Deno.test("EngineCore refuses a model of which one picture does not fit, before it takes memory", async () => {
  await assert.rejects(
    withCore(4_000_000, () => {}),
    /^Error: Cannot load the model: it needs 5 MB for one picture, and 4 MB are there$/u,
  );
});

Deno.test("EngineCore that takes the folder keeps large weights once, and computes the same", async () => {
  const rows: Row[][] = [];
  for (const takesFolder of [false, true]) {
    await withCore(
      HEAP_BYTES,
      async (core) => {
        await core.admit(1, "png", await readPhoto("coffee"));
        const batch = Object.values(WANTS).map((probe): Probe => ({ frame: 1, ...probe(1) }));
        rows.push([
          ...core.run(batch).rows,
          ...core.run([{ frame: 1, variation: input(1), want: { kind: "logits" }, randomHead: 3 }]).rows,
        ]);
      },
      takesFolder,
    );
  }
  const [kept = [], moved = []] = rows;
  for (const [place, row] of kept.entries()) {
    const other = moved[place];
    assert.ok(row.ok && other?.ok);
    assert.deepEqual(numbersOf(other), numbersOf(row));
  }
});

Deno.test("heapBytes() is what 31 bits address, or what the machine has left beside the process", () => {
  assert.equal(heapBytes(null), HEAP_BYTES);
  assert.equal(heapBytes(2 ** 40), HEAP_BYTES);
  assert.equal(heapBytes(2 ** 30), 2 ** 30 - 2 ** 28);
  assert.equal(heapBytes(1000), 0);
});
