/** What every engine has to do, run on the real one and on its in-memory twin. */
import assert from "node:assert/strict";
import { GradcastError } from "../../../shared/errors.ts";
import { testFrames } from "./_contract_frames.ts";
import { testGradients } from "./_contract_gradients.ts";
import { testHeads } from "./_contract_heads.ts";
import { testLogits } from "./_contract_logits.ts";
import { ask, type Case } from "./_contract_rows.ts";
import { testVariations } from "./_contract_variations.ts";
import type { Engine } from "../port.ts";

/** Registers the contract's tests for one engine, opened again for each. */
export function testContract(name: string, open: () => Promise<Engine>): void {
  const test: Case = (what, run) => Deno.test(`${name}: ${what}`, () => withEngine(open, run));

  /** Cases that leave nothing behind but their frames share one engine: starting one takes longer than they do. */
  const together = (what: string, register: (test: Case) => void) =>
    Deno.test(`${name}: ${what}`, async (context) => {
      const cases: Parameters<Case>[] = [];
      register((...one) => void cases.push(one));
      await withEngine(open, async (engine) => {
        for (const [step, run] of cases) {
          await context.step(step, () => run(engine));
          for (const frame of [1, 2]) engine.release(frame);
        }
      });
    });

  testLife(test);
  together("frames", testFrames);
  together("logits, projections and rows that fail", testLogits);
  together("variations", testVariations);
  together("heads of another kind", testHeads);
  together("gradients, layers, biases and fixations", testGradients);
}

async function withEngine(
  open: () => Promise<Engine>,
  run: (engine: Engine) => Promise<void>,
): Promise<void> {
  const engine = await open();
  try {
    await run(engine);
  } finally {
    await engine.close();
  }
}

/** What an engine says when it is open, and refuses when it is closed. */
function testLife(test: Case): void {
  test("the model names its classes and its layers", ({ model, threads }) => {
    assert.equal(model.labels.length, model.classes);
    assert.ok(model.layers.some((layer) => layer.name === model.defaultLayer));
    assert.ok(model.layers.some((layer) => layer.name === model.projectionLayer));
    assert.ok(threads >= 1);
    return Promise.resolve();
  });

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
