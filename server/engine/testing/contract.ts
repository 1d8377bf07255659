/** What every engine has to do, run on the real one and on its in-memory twin. */
import assert from "node:assert/strict";
import { GradcastError } from "../../../shared/errors.ts";
import { readPhoto } from "./goldens.ts";
import { testGradients } from "./_contract_gradients.ts";
import { admit, ask, bad, type Case, filled, good, mean, projection } from "./_contract_rows.ts";
import { testVariations } from "./_contract_variations.ts";
import type { Engine } from "../port.ts";

/** Registers the contract's tests for one engine, opened again for each. */
export function testContract(name: string, open: () => Promise<Engine>): void {
  const test = (what: string, run: (engine: Engine) => Promise<void>) =>
    Deno.test(`${name}: ${what}`, async () => {
      const engine = await open();
      try {
        await run(engine);
      } finally {
        await engine.close();
      }
    });

  /** Cases that leave nothing behind but their frames share one engine: starting one takes longer than they do. */
  const together = (what: string, register: (test: Case) => void) =>
    Deno.test(`${name}: ${what}`, async (context) => {
      const cases: Parameters<Case>[] = [];
      register((...one) => void cases.push(one));
      const engine = await open();
      try {
        for (const [step, run] of cases) {
          await context.step(step, () => run(engine));
          for (const frame of [1, 2]) engine.release(frame);
        }
      } finally {
        await engine.close();
      }
    });

  test("the model names its classes and its layers", ({ model, threads }) => {
    assert.equal(model.labels.length, model.classes);
    assert.ok(model.layers.some((layer) => layer.name === model.defaultLayer));
    assert.ok(model.layers.some((layer) => layer.name === model.projectionLayer));
    assert.ok(threads >= 1);
    return Promise.resolve();
  });

  test("a row has the logits of all classes, other pictures other ones", async (engine) => {
    await admit(engine, 1, "coffee");
    await admit(engine, 2, "camera");
    const { rows, computeMs } = await engine.run([ask(1), ask(2), ask(1)]);
    assert.ok(computeMs >= 0);
    assert.equal(rows.length, 3);
    const [first, second, third] = rows.map(good);
    assert.equal(first?.logits.length, engine.model.classes);
    assert.equal(first?.projection, null);
    assert.notDeepEqual(first?.logits, second?.logits);
    assert.deepEqual(first?.logits, third?.logits);
  });

  test("frames are admitted, counted, released; what was released fails its row alone", async (engine) => {
    await admit(engine, 1, "coffee");
    await admit(engine, 2, "camera");
    assert.equal((await engine.stats()).frames, 2);
    engine.release(1);
    engine.release(77);
    assert.equal((await engine.stats()).frames, 1);
    const { rows } = await engine.run([ask(1), ask(2), ask(3)]);
    assert.deepEqual(rows.map(({ ok }) => ok), [false, true, false]);
    assert.match(bad(rows[0]), / got 1$/u);
    assert.equal((await engine.stats()).batches, 1);
  });

  test("an admission, a batch and a release keep their order though nobody waits", async (engine) => {
    const picture = await readPhoto("coffee");
    const admitted = engine.admit(1, "png", picture);
    const ran = engine.run([ask(1)]);
    engine.release(1);
    const late = engine.run([ask(1)]);
    await admitted;
    assert.equal((await ran).rows[0]?.ok, true);
    assert.equal((await late).rows[0]?.ok, false);
  });

  test("the caller's picture stays whole", async (engine) => {
    const picture = await readPhoto("coffee");
    const before = picture.slice();
    await engine.admit(1, "png", picture);
    assert.deepEqual(picture, before);
  });

  test("a picture in another format is refused, and the engine continues", async (engine) => {
    await assert.rejects(
      engine.admit(1, "jpeg", await readPhoto("coffee")),
      (error) => error instanceof GradcastError && error.code === "frame-format",
    );
    await admit(engine, 2, "coffee");
    assert.deepEqual((await engine.run([ask(1), ask(2)])).rows.map(({ ok }) => ok), [false, true]);
  });

  test("a projection's classes are the top ones in falling order, then the others asked for", async (engine) => {
    await admit(engine, 1, "coffee");
    const plain = good((await engine.run([ask(1)])).rows[0]);
    const order = [...plain.logits.keys()].sort((a, b) => (plain.logits[b] ?? 0) - (plain.logits[a] ?? 0));
    const [first = 0, second = 0, third = 0, last = 0] = [...order.slice(0, 3), order.at(-1) ?? 0];
    const { rows } = await engine.run([projection(1, 3, [last, second]), projection(1, 0, [third])]);
    const { projection: maps } = good(rows[0]);
    assert.deepEqual(maps?.classes, [first, second, third, last]);
    assert.equal(maps?.values.length, 4 * (maps?.height ?? 0) * (maps?.width ?? 0));
    assert.deepEqual(good(rows[1]).projection?.classes, [third]);
  });

  test("a projection averages to its logit, up to what the head adds whatever it sees", async (engine) => {
    await admit(engine, 1, "coffee");
    await admit(engine, 2, "camera");
    const rows = (await engine.run([projection(1, 0, [3]), projection(2, 0, [3])])).rows.map(good);
    const offsets = rows.map(({ logits, projection }) => (logits[3] ?? NaN) - mean(projection?.values ?? []));
    assert.ok(Math.abs((offsets[0] ?? NaN) - (offsets[1] ?? NaN)) < 1e-4, `offsets ${offsets}`);
  });

  test("a row that cannot be computed says why and leaves its neighbours alone", async (engine) => {
    await admit(engine, 1, "coffee");
    const { height, width, classes } = engine.model;
    const outside = [
      { top: height - 5, left: 0, height: 6, width: 1 },
      { top: 0, left: -1, height: 2, width: 2 },
      { top: 0.5, left: 0, height: 2, width: 2 },
      { top: 0, left: 0, height: 0, width: width },
    ];
    const probes = [
      ...outside.map((window) => filled(1, window, "grey")),
      projection(1, 1, [classes]),
      ask(1),
    ];
    const { rows } = await engine.run(probes);
    assert.deepEqual(rows.map(({ ok }) => ok), [false, false, false, false, false, true]);
    for (const row of rows.slice(0, 5)) {
      assert.match(bad(row), /^Cannot compute the row: expected .*, got /u);
    }
  });

  test("identical probes get identical rows, and an empty batch none", async (engine) => {
    await admit(engine, 1, "coffee");
    const probe = projection(1, 2, []);
    const { rows } = await engine.run([probe, ask(1), { ...probe }]);
    assert.deepEqual(rows[0], rows[2]);
    assert.deepEqual((await engine.run([])).rows, []);
  });

  together("variations", testVariations);
  together("gradients, layers, biases and fixations", testGradients);

  test("a closed engine refuses calls, and closing twice is no fault", async (engine) => {
    await engine.close();
    await engine.close();
    engine.release(1);
    await assert.rejects(
      engine.run([ask(1)]),
      (error) => error instanceof GradcastError && error.code === "engine-failed",
    );
  });
}
