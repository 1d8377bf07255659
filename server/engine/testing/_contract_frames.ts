/** What every engine has to do with the pictures that it is given. */
import assert from "node:assert/strict";
import { GradcastError } from "../../../shared/errors.ts";
import { admit, ask, bad, type Case } from "./_contract_rows.ts";
import { readPhoto } from "./goldens.ts";

/** Registers the contract's cases about frames: admitted, counted, kept in order, released. */
export function testFrames(test: Case): void {
  test("frames are admitted, counted, released; what was released fails its row alone", async (engine) => {
    const { batches } = await engine.stats();
    await admit(engine, 1, "coffee");
    await admit(engine, 2, "camera");
    assert.equal((await engine.stats()).frames, 2);
    engine.release(1);
    engine.release(77);
    assert.equal((await engine.stats()).frames, 1);
    const { rows } = await engine.run([ask(1), ask(2), ask(3)]);
    assert.deepEqual(rows.map(({ ok }) => ok), [false, true, false]);
    assert.match(bad(rows[0]), / got 1$/u);
    assert.equal((await engine.stats()).batches, batches + 1);
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
}
