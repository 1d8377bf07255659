/** What every engine has to do with variations of a frame and with a random head. */
import assert from "node:assert/strict";
import {
  admit,
  ask,
  assertClose,
  atInput,
  bad,
  type Case,
  detail,
  filled,
  mean,
  projection,
  run,
  target,
} from "./_contract_rows.ts";
import { COVER_CELLS, COVER_FILLS, coverOf } from "../../../shared/cover.ts";
import { coverPixels } from "../worker/input/cover.ts";
import { type Engine, FILLS, type Mask, type Probe, type Variation } from "../port.ts";

/** Logits may differ by what float32 makes of another order of sums. */
const TOLERANCE = 1e-4;

/** Registers the contract's cases about variations. */
export function testVariations(test: Case): void {
  test("a filled window changes the logits, each fill in its own way", async (engine) => {
    await admit(engine, 1, "coffee");
    const { height, width } = engine.model;
    const window = { top: height / 4, left: width / 8, height: height / 2, width: width / 2 };
    const rows = await run(engine, [ask(1), ...FILLS.map((fill) => filled(1, window, fill))]);
    assert.equal(new Set(rows.map(({ logits }) => logits.join())).size, 1 + FILLS.length);
    // The frame itself stays as it was.
    const [again] = await run(engine, [ask(1)]);
    assertClose(again?.logits, rows[0]?.logits, TOLERANCE, "the frame afterwards");
  });

  test("a window of everything leaves nothing of the picture, unless it only blurs", async (engine) => {
    await admit(engine, 1, "coffee");
    await admit(engine, 2, "camera");
    const window = { top: 0, left: 0, height: engine.model.height, width: engine.model.width };
    for (const fill of FILLS) {
      const [first, second] = await run(engine, [filled(1, window, fill), filled(2, window, fill)]);
      if (fill === "blur") assert.notDeepEqual(first?.logits, second?.logits);
      else assert.deepEqual(first?.logits, second?.logits);
    }
  });

  test("U3: a frame under a cover is another picture, for rows as they are and for windows of it", async (engine) => {
    await admit(engine, 1, "coffee");
    const size = { height: engine.model.height, width: engine.model.width };
    const everything = { top: 0, left: 0, ...size };
    const window = { top: 0, left: size.width / 8, height: size.height / 2, width: size.width / 4 };
    const [pixels, black] = (await runVaried(engine, [
      { kind: "none" },
      { kind: "fill", window: everything, fill: "black" },
    ], atInput(target(0)))).map((row) => detail(row, "input").input.values);
    assert.ok(pixels !== undefined && black !== undefined);
    const cells = Uint8Array.from({ length: COVER_CELLS }, (_, cell) => cell % 32 > 9 ? 1 : 0);
    const covers = COVER_FILLS.map((fill) => coverOf(cells, fill));
    const seen = covers.map((cover) => coverPixels({ pixels, size, black }, cover));
    const windowed = seen.map((values) =>
      values.map((value, at) => {
        const [row, column] = [Math.floor(at / 3 / size.width), Math.floor(at / 3) % size.width];
        const isHidden = row < window.height && column >= window.left && column < window.left + window.width;
        return isHidden ? 0 : value;
      })
    );
    const rows = await run(engine, [
      ...covers.map((cover) => ({ ...ask(1), cover })),
      ...covers.map((cover) => ({ ...filled(1, window, "grey"), cover })),
    ]);
    const wanted = await runVaried(
      engine,
      [...seen, ...windowed].map((values) => ({ kind: "input", values })),
    );
    for (const [place, row] of rows.entries()) {
      assertClose(row.logits, wanted[place]?.logits, TOLERANCE, `row ${place}`);
    }
    // The frame itself stays as it was.
    const [own, copy] = await runVaried(engine, [{ kind: "none" }, { kind: "input", values: pixels }]);
    assertClose(own?.logits, copy?.logits, TOLERANCE, "the frame afterwards");
    assert.equal(new Set([own, ...rows].map((row) => row?.logits.join())).size, 1 + rows.length);
  });

  test("variations that change nothing leave the logits as they are", async (engine) => {
    await admit(engine, 1, "coffee");
    const [plain] = await runVaried(engine, [{ kind: "none" }], atInput(target(0)));
    const { values } = detail(plain, "input").input;
    const rows = await runVaried(engine, [
      ...FILLS.map((base): Variation => ({ kind: "scale", alpha: 1, base })),
      ...FILLS.map((base): Variation => ({ kind: "mix", mask: constant(1), base })),
      { kind: "noise", seed: 3, level: 0 },
      { kind: "input", values },
    ]);
    for (const row of rows) assertClose(row.logits, plain?.logits, TOLERANCE, "unchanged frame");
  });

  test("nothing of the frame is left where alpha or the mask is 0, and half of it where they are ½", async (engine) => {
    await admit(engine, 1, "coffee");
    const window = { top: 0, left: 0, height: engine.model.height, width: engine.model.width };
    for (const base of FILLS) {
      const [hidden] = await run(engine, [filled(1, window, base)]);
      const [gone, masked, half, halved] = await runVaried(engine, [
        { kind: "scale", alpha: 0, base },
        { kind: "mix", mask: constant(0), base },
        { kind: "scale", alpha: 0.5, base },
        { kind: "mix", mask: constant(0.5), base },
      ]);
      assertClose(gone?.logits, hidden?.logits, TOLERANCE, `alpha 0 of ${base}`);
      assertClose(masked?.logits, hidden?.logits, TOLERANCE, `mask 0 of ${base}`);
      assertClose(half?.logits, halved?.logits, TOLERANCE, `half of ${base}`);
      assert.notDeepEqual(half?.logits, hidden?.logits);
    }
  });

  test("a mask of the input's size hides the pixels that it says, a moved corner others", async (engine) => {
    await admit(engine, 1, "coffee");
    const { height, width } = engine.model;
    const left = width / 2;
    const values = Float32Array.from({ length: height * width }, (_, px) => px % width < left ? 0 : 1);
    const mask: Mask = { height, width, values };
    const wide = { height, width: 2 * width, values: new Float32Array(2 * height * width).fill(1) };
    for (const [px] of values.entries()) {
      wide.values[Math.floor(px / width) * 2 * width + px % width] = values[px] ?? NaN;
    }
    const enlarged = { height, width: 2 * width };
    const [window] = await run(engine, [filled(1, { top: 0, left: 0, height, width: left }, "white")]);
    const [mixed, corner, moved] = await runVaried(engine, [
      { kind: "mix", mask, base: "white" },
      { kind: "mix", mask: { ...wide, enlarged, corner: { top: 0, left: 0 } }, base: "white" },
      { kind: "mix", mask: { ...wide, enlarged, corner: { top: 0, left: width } }, base: "white" },
    ]);
    assertClose(mixed?.logits, window?.logits, TOLERANCE, "left half");
    assertClose(corner?.logits, window?.logits, TOLERANCE, "left half of a wide mask");
    const [plain] = await run(engine, [ask(1)]);
    assertClose(moved?.logits, plain?.logits, TOLERANCE, "right half of a wide mask");
  });

  test("noise is the same for the same seed, another for another, and grows with its level", async (engine) => {
    await admit(engine, 1, "coffee");
    const noise = (seed: number, level: number): Variation => ({ kind: "noise", seed, level });
    const [plain, one, same, other, more] = await runVaried(engine, [
      { kind: "none" },
      noise(1, 0.01),
      noise(1, 0.01),
      noise(2, 0.01),
      noise(1, 0.02),
    ], atInput(target(0)));
    assert.deepEqual(one?.logits, same?.logits);
    assert.notDeepEqual(one?.logits, other?.logits);
    const added = (row: typeof one) =>
      detail(row, "input").input.values.map((value, i) =>
        value - (detail(plain, "input").input.values[i] ?? NaN)
      );
    assertClose(added(one).map((value) => 2 * value), added(more), 1e-3, "twice the noise");
  });

  test("another input counts alone, whatever its frame", async (engine) => {
    await admit(engine, 1, "coffee");
    await admit(engine, 2, "camera");
    const values = new Float32Array(3 * engine.model.height * engine.model.width).fill(0.25);
    const [one, two] = await run(
      engine,
      [1, 2].map((frame) => ask(frame, { kind: "logits" }, { kind: "input", values })),
    );
    assert.deepEqual(one?.logits, two?.logits);
  });

  test("a random head changes the logits by its seed, and what maps show, and no neighbour", async (engine) => {
    await admit(engine, 1, "coffee");
    const random = (probe: Probe, randomHead: number): Probe => ({ ...probe, randomHead });
    const maps = projection(1, 0, [3]);
    const rows = await run(engine, [maps, random(maps, 1), random(maps, 2), maps, random(maps, 1)]);
    const [own, first, second, neighbour, again] = rows;
    assert.deepEqual(own, neighbour);
    assert.deepEqual(first, again);
    assert.equal(new Set([own, first, second].map((row) => row?.logits.join())).size, 3);
    // Its biases are 0, so the map's mean is all of the logit.
    const whole = mean(first?.projection?.values ?? []);
    assertClose([whole], first?.logits.subarray(3, 4), TOLERANCE, "mean of the map");
    const [later] = await run(engine, [random(ask(1), 1)]);
    assertClose(later?.logits, first?.logits, TOLERANCE, "the same seed in another batch");
    const [gradient, other] = await run(engine, [
      ask(1, atInput(target(3))),
      random(ask(1, atInput(target(3))), 1),
    ]);
    assert.notDeepEqual(detail(gradient, "input").gradient, detail(other, "input").gradient);
    assertClose([detail(other, "input").score], first?.logits.subarray(3, 4), TOLERANCE, "score");
  });

  test("variations that cannot be made say why and leave their neighbours alone", async (engine) => {
    await admit(engine, 1, "coffee");
    const wrong: Variation[] = [
      { kind: "scale", alpha: 2, base: "grey" },
      { kind: "noise", seed: -1, level: 0.1 },
      { kind: "noise", seed: 1, level: NaN },
      { kind: "mix", mask: { height: 2, width: 2, values: new Float32Array(3) }, base: "grey" },
      { kind: "mix", mask: constant(2), base: "grey" },
      { kind: "mix", mask: { ...constant(1), enlarged: { height: 1, width: 1 } }, base: "grey" },
      { kind: "mix", mask: { ...constant(1), corner: { top: 1, left: 0 } }, base: "grey" },
      { kind: "input", values: new Float32Array(3) },
    ];
    const probes = [...wrong.map((variation) => ask(1, { kind: "logits" }, variation)), ask(1), {
      ...ask(1),
      randomHead: 0.5,
    }];
    const { rows } = await engine.run(probes);
    assert.deepEqual(rows.map(({ ok }) => ok), [...wrong.map(() => false), true, false]);
    for (const row of rows.filter(({ ok }) => !ok)) {
      assert.match(bad(row), /^Cannot compute the row: expected .*, got /u);
    }
  });
}

function runVaried(engine: Engine, variations: readonly Variation[], want?: Probe["want"]) {
  return run(engine, variations.map((variation) => ask(1, want, variation)));
}

/** A mask of 2×2 equal values. */
function constant(value: number): Mask {
  return { height: 2, width: 2, values: new Float32Array(4).fill(value) };
}
