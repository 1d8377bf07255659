/** A network as large in its values as VGG16, in a memory that holds few of them: every method, live. */
import assert from "node:assert/strict";
import { openEngine, type Probe } from "../../server/engine/mod.ts";
import { METHODS, refusalOf } from "../../server/methods/mod.ts";
import type { OptionValues } from "../../shared/protocol.ts";
import { GRAD_CAM_VIEW, LiveClient, serve } from "../support/live_client.ts";
import { NARROW_VGG, writeVgg } from "../support/vgg_folder.ts";

const COFFEE = "tests/fixtures/photos/coffee.png";

/** Less than eight rows of gradients take, which record 24 MB each and have 40 MB of gradients on their way. */
const MEMORY_BYTES = 300_000_000;

/** The fewest samples, windows and steps: each allocates what many do. */
const SHORT: Readonly<Record<string, OptionValues>> = {
  smoothgrad: { samples: 8 },
  "integrated-gradients": { steps: 8 },
  occlusion: { budget: 16, window: 112, stride: 56 },
  "score-cam": { "top-channels": 8 },
  rise: { masks: 8 },
  "feature-visualization": { steps: 2 },
};

Deno.test("a network of VGG16's values explains live with every method within the memory that it is given", async (t) => {
  const folder = await Deno.makeTempDir();
  await writeVgg(folder, NARROW_VGG);
  const engine = await openEngine({ modelDir: folder, threads: 2, memoryBytes: MEMORY_BYTES });
  await using server = serve(engine);

  const picture = await Deno.readFile(COFFEE);
  for (const { id } of METHODS.filter((method) => refusalOf(engine.model, method) === null)) {
    await t.step(id, async () => {
      const view = { ...GRAD_CAM_VIEW, method: id, options: SHORT[id] ?? {} };
      await using client = await LiveClient.greet(server.port, view);
      client.frame(1, picture);
      const answer = await client.tileOrError(({ complete }) => complete);
      assert.ok(!("type" in answer), JSON.stringify(answer));
      assert.ok(answer.values.every(Number.isFinite));
      const { mostBytes, heapBytes } = await engine.stats();
      assert.ok(mostBytes <= MEMORY_BYTES, `${mostBytes} bytes`);
      assert.ok(heapBytes <= 1.3 * MEMORY_BYTES, `the heap ends at ${heapBytes}`);
    });
  }

  await t.step("a batch of eight rows of gradients is computed in parts", async () => {
    await engine.admit(1, "png", picture);
    const batch = Array.from({ length: 8 }, (_, seed): Probe => ({
      frame: 1,
      variation: { kind: "noise", seed, level: 0.1 },
      want: {
        kind: "input",
        rule: "plain",
        score: { kind: "target", target: { kind: "rank", rank: 1 }, score: "logit" },
      },
    }));
    const { rows } = await engine.run(batch);
    assert.deepEqual(rows.map(({ ok }) => ok), batch.map(() => true));
    assert.ok((await engine.stats()).mostBytes <= MEMORY_BYTES);
  });

  assert.equal(engine.vitals().restarts, 0);
  await engine.close();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("openEngine() refuses a model that does not fit, with numbers", async () => {
  const folder = await Deno.makeTempDir();
  await writeVgg(folder, NARROW_VGG);
  await assert.rejects(
    openEngine({ modelDir: folder, threads: 1, memoryBytes: 20_000_000 }),
    /^GradcastError: Cannot load the model: it needs \d\d MB for one picture, and 20 MB are there$/u,
  );
  await Deno.remove(folder, { recursive: true });
});
