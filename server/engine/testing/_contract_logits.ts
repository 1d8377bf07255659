/** What every engine has to do where logits and projections are asked for. */
import assert from "node:assert/strict";
import { admit, ask, bad, type Case, filled, good, mean, projection } from "./_contract_rows.ts";

/** Registers the contract's cases about logits, projections and rows that fail. */
export function testLogits(test: Case): void {
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
}
