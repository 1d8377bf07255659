/** A transformer in the real engine, held to the maps of tests/reference/transformer.py. */
import assert from "node:assert/strict";
import { EngineCore } from "../../server/engine/worker/batch/core.ts";
import { openModel } from "../../server/engine/model/model.ts";
import type { Probe } from "../../server/engine/port.ts";
import { startBackend, stopBackend } from "../../server/engine/threads/backend.ts";
import { networkStages } from "../../server/inside/mod.ts";
import { offerOf, resolveRequest } from "../../server/methods/mod.ts";
import { contextOf, runCourse } from "../../server/methods/testing/course.ts";
import { correlation, readGolden, readGoldenMap } from "../support/goldens.ts";
import { type HeadName, openTransformer } from "../support/transformer.ts";

/** As a share of the reference's range. */
const DIFFERENCE = 1e-4;

const PHOTO = await Deno.readFile("tests/fixtures/photos/coffee.png");

for (const head of ["class", "mean"] as const) {
  Deno.test(`a transformer that reads a ${head} agrees with PyTorch in logits and in every map`, async (t) => {
    await withTransformer(head, async ({ core, answer, map }) => {
      const { logits, maps } = await readGolden(`transformer/${head}`);
      const row = answer({ frame: 1, variation: { kind: "none" }, want: { kind: "logits" } });
      assert.ok([...row.logits].every((logit, at) => Math.abs(logit - (logits[at] ?? NaN)) < 1e-4));
      assert.deepEqual(
        [...new Set(maps.map(({ method }) => method))].filter((id) => !offers(core).includes(id)),
        [],
      );
      for (const golden of maps) {
        await t.step(`${golden.method} of ${golden.class}`, async () => {
          const wanted = await readGoldenMap(golden.file.replace(/^/, "transformer/"));
          const { height, width, values } = map(golden.method, golden.class, golden.options);
          assert.deepEqual([height, width], wanted.shape);
          const range = Math.max(...wanted.values) - Math.min(...wanted.values);
          assert.ok(correlation(values, wanted.values) >= 0.9999);
          for (const [at, value] of values.entries()) {
            const difference = Math.abs(value - (wanted.values[at] ?? NaN)) / range;
            assert.ok(difference < DIFFERENCE, `place ${at} differs by ${difference} of the range`);
          }
        });
      }
    });
  });
}

Deno.test("I11: a drawn transformer's lines out of a channel add up to its value, whatever reads the classes", async () => {
  for (const head of ["class", "mean"] as const) {
    await withTransformer(head, ({ core }) => {
      const layers = networkStages(core.model);
      assert.equal(layers.length, 4);
      assert.equal(layers.at(-1), head === "class" ? "blocks.2.norm1" : "norm");
      assertAddsUp(core, layers);
    });
  }
});

Deno.test("I11: so do those of models from ONNX and Keras files", async () => {
  const files = ["tests/fixtures/onnx/convnext.new.onnx", "tests/reference/keras/operations.keras"];
  for (const file of files) {
    const core = new EngineCore(await openModel(file), await startBackend(1));
    await core.admit(1, "png", PHOTO);
    assertAddsUp(core, networkStages(core.model));
    stopBackend();
  }
});

/** Draws every channel of every stage: what leaves a channel is what it is worth. */
function assertAddsUp(core: EngineCore, layers: readonly string[]): void {
  assert.ok(layers.length >= 3, layers.join());
  const drawn = layers.map((layer) => {
    const channels = core.model.layers.find(({ name }) => name === layer)?.shape.at(-1) ?? 0;
    return Array.from({ length: channels }, (_, channel) => channel);
  });
  const score = { kind: "target", target: { kind: "rank", rank: 1 }, score: "logit" } as const;
  const want = { kind: "network", layers, score, drawn, lines: true } as const;
  const { rows: [row] } = core.run([{ frame: 1, variation: { kind: "none" }, want }]);
  assert.ok(row?.ok && row.detail?.kind === "network");
  for (const { layer, sums, lines } of row.detail.stages) {
    if (lines === null) continue;
    const largest = Math.max(...sums.map(Math.abs));
    const width = lines.length / sums.length;
    assert.ok(largest > 0, layer);
    for (const [channel, sum] of sums.entries()) {
      const out = lines.slice(channel * width, (channel + 1) * width).reduce((a, b) => a + b, 0);
      assert.ok(Math.abs(out - sum) < 1e-4 * largest, `${layer}, channel ${channel}: ${out} of ${sum}`);
    }
  }
}

Deno.test("a transformer's layers of tokens are listed as pictures, those of its heads are not", async () => {
  await withTransformer("class", ({ core: { model } }) => {
    const layer = (name: string) => model.layers.find((one) => one.name === name);
    const grid = { height: 3, width: 5, skip: 1 };
    assert.equal(model.defaultLayer, "blocks.2.norm1");
    assert.deepEqual(layer("blocks.2.norm1")?.shape, [3, 5, 12]);
    assert.deepEqual(layer("blocks.2.norm1")?.grid, grid);
    assert.deepEqual(layer("patches")?.shape, [3, 5, 12]);
    assert.equal(layer("patches")?.grid, undefined);
    assert.equal(layer("blocks.0.shares")?.unplaced, true);
    assert.equal(layer("positions"), undefined);
    assert.deepEqual(model.attention, { blocks: 3, tokens: 16, grid, readouts: true });
    const { layers, methods } = offerOf(model);
    assert.ok(layers.some(({ name }) => name === "blocks.0.middle"));
    assert.ok(!layers.some(({ name }) => name === "blocks.0.shares" || name === "blocks.0.q"));
    assert.ok(!methods.some(({ id }) => id === "cnn-fixations"));
  });
});

Deno.test("a transformer's scores are made up of the input's gradient and of what its layers add", async () => {
  for (const head of ["class", "mean"] as const) {
    await withTransformer(head, ({ answer }) => {
      for (const score of ["logit", "probability"] as const) {
        const { detail } = answer({
          frame: 1,
          variation: { kind: "none" },
          want: { kind: "bias-terms", score: { kind: "target", target: { kind: "class", index: 0 }, score } },
        });
        assert.ok(detail?.kind === "bias-terms");
        const reached = detail.gradient.values.reduce(
          (sum, slope, at) => sum + slope * (detail.input.values[at] ?? NaN),
          0,
        );
        assert.ok(
          Math.abs(detail.score - reached - detail.total) < 1e-3 * Math.max(1, Math.abs(detail.score)),
        );
        assert.ok(detail.terms.some(({ layer }) => layer === "blocks.1.norm2:implicit"));
        assert.ok(detail.terms.every(({ height, width }) => height === 3 && width === 5));
      }
    });
  }
});

Deno.test("a transformer's channels and neurons count patches alone", async () => {
  await withTransformer("class", ({ answer }) => {
    const layer = "blocks.1.output";
    const ask = (want: Probe["want"]) => answer({ frame: 1, variation: { kind: "none" }, want }).detail;
    const values = ask({ kind: "layer", layer, score: null });
    assert.ok(values?.kind === "layer");
    const { activation } = values;
    const channel = ask({ kind: "input", score: { kind: "channel", layer, channel: 4 }, rule: "plain" });
    const neuron = ask({
      kind: "input",
      score: { kind: "neuron", layer, row: 2, column: 3, channel: 4 },
      rule: "plain",
    });
    assert.ok(channel?.kind === "input" && neuron?.kind === "input");
    const own = activation.values.filter((_, at) => at % activation.channels === 4);
    assert.ok(Math.abs(channel.score - own.reduce((sum, value) => sum + value, 0) / own.length) < 1e-5);
    assert.ok(Math.abs(neuron.score - (own[2 * 5 + 3] ?? NaN)) < 1e-6);
  });
});

Deno.test("every method that a transformer is offered explains it, and with a random head as well", async () => {
  await withTransformer("class", ({ core, answer, map }) => {
    for (const id of offers(core)) {
      if (id === "grad-cam++") {
        assert.throws(() => map(id, 0, {}), /needs a layer without negative values/u);
        continue;
      }
      const options = id === "feature-visualization" ? { steps: 2 } : {};
      const { values, rgb } = map(id, 0, options);
      assert.ok([...values, ...rgb ?? []].every(Number.isFinite), id);
      assert.ok(values.some((value) => value !== values[0]) || rgb !== undefined, id);
    }
    const want = {
      kind: "attention",
      of: "readout-gradients",
      score: { kind: "target", target: { kind: "class", index: 0 }, score: "logit" },
    } as const;
    const [own, drawn] = [undefined, 7].map((randomHead) => {
      const { detail } = answer({
        frame: 1,
        variation: { kind: "none" },
        want,
        ...(randomHead === undefined ? {} : { randomHead }),
      });
      assert.ok(detail?.kind === "attention");
      return detail.maps.map((map) => [...map]);
    });
    assert.equal(own?.length, 3);
    assert.notDeepEqual(own, drawn);
  });
});

interface Bench {
  readonly core: EngineCore;
  answer(probe: Probe): ReturnType<Parameters<typeof runCourse>[0]["answer"]>;
  map(
    method: string,
    classIndex: number,
    options: Readonly<Record<string, number | boolean | string>>,
  ): RawMap;
}
type RawMap = NonNullable<ReturnType<typeof runCourse>["map"]>;

function offers({ model }: Pick<EngineCore, "model">): readonly string[] {
  return offerOf(model).methods.map(({ id }) => id);
}

async function withTransformer(head: HeadName, test: (bench: Bench) => void | Promise<void>): Promise<void> {
  const { core, input } = await openTransformer(head);
  const answer = (probe: Probe) => {
    const variation = probe.variation.kind === "none"
      ? { kind: "input" as const, values: input.values }
      : probe.variation;
    const [row] = core.run([{ ...probe, variation }]).rows;
    return row?.ok === true ? row : assert.fail(row?.reason ?? "no row");
  };
  try {
    await core.admit(1, "png", PHOTO);
    await test({
      core,
      answer,
      map(id, index, options) {
        const target = { kind: "class", index } as const;
        const { method, layer, options: resolved } = resolveRequest(core.model, {
          method: id,
          target,
          options,
        });
        const context = contextOf(core, { target, layer, options: resolved });
        return runCourse({ answer }, method.attribute(context)).map ?? assert.fail("no map");
      },
    });
  } finally {
    stopBackend();
  }
}
