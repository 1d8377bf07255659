import assert from "node:assert/strict";
import { assertClose } from "../testing/gradient_cases.ts";
import { contextOf, runCourse } from "../testing/course.ts";
import { SmallNetwork } from "../../engine/testing/small_network.ts";
import { finerCam, finerSlopes } from "./finer_cam.ts";

const network = new SmallNetwork({ width: 8, height: 8, classes: 6, seed: 4, biases: true });

/** y_c − Σ q·y over the rivals that are named, as the article has it. */
function finer(logits: readonly number[], classIndex: number, rivals: readonly number[]): number {
  const powers = rivals.map((index) => Math.exp(logits[index] ?? NaN));
  const total = powers.reduce((sum, power) => sum + power);
  const own = logits[classIndex] ?? NaN;
  return rivals.reduce(
    (sum, index, place) => sum + (powers[place] ?? 0) / total * (own - (logits[index] ?? NaN)),
    0,
  );
}

/** The three classes whose logits are nearest. */
function rivalsOf(logits: readonly number[], classIndex: number): readonly number[] {
  const gap = (index: number) => Math.abs((logits[index] ?? NaN) - (logits[classIndex] ?? NaN));
  return Object.keys(logits).map(Number).filter((index) => index !== classIndex)
    .sort((a, b) => gap(a) - gap(b)).slice(0, 3);
}

Deno.test("finerSlopes() are what small differences of the score say, for every class", () => {
  const logits = [0.3, 2, -1, 1.5, 0.9, 4];
  for (const classIndex of logits.keys()) {
    const rivals = rivalsOf(logits, classIndex);
    const slopes = finerSlopes(Float32Array.from(logits), classIndex);
    for (const index of logits.keys()) {
      const moved = (by: number) => logits.map((logit, at) => at === index ? logit + by : logit);
      const wanted = (finer(moved(1e-5), classIndex, rivals) - finer(moved(-1e-5), classIndex, rivals)) /
        2e-5;
      assert.ok(Math.abs((slopes.get(index) ?? 0) - wanted) < 1e-6, `${index} of ${classIndex}`);
    }
  }
});

Deno.test("finerSlopes() takes two classes, and logits that a power cannot hold", () => {
  assert.deepEqual([...finerSlopes(Float32Array.of(1, 3), 0)], [[0, 1], [1, -1]]);
  const slopes = finerSlopes(Float32Array.of(1000, 999, 998, 0), 0);
  assert.ok([...slopes.values()].every(Number.isFinite));
});

for (const layer of ["early", "features"]) {
  Deno.test(`finer-cam equals Grad-CAM of its score at ${layer}, for each class and sign`, () => {
    const signs = new Set<number>();
    for (let index = 0; index < 6; index++) {
      const rows = Array.from({ length: 6 }, (_, of) =>
        network.answer({
          frame: 1,
          variation: { kind: "none" },
          want: {
            kind: "layer",
            layer,
            score: { kind: "target", target: { kind: "class", index: of }, score: "logit" },
          },
        }));
      const slopes = finerSlopes(rows[0]?.logits ?? new Float32Array(), index);
      const details = rows.map(({ detail }) => detail?.kind === "layer" ? detail : assert.fail("no layer"));
      const { height, width, channels, values } = details[0]?.activation ?? assert.fail("no activation");
      const weights = Array.from({ length: channels }, (_, k) =>
        details.reduce((sum, { gradient }, of) => {
          const own = [...gradient?.values ?? []].filter((_, at) => at % channels === k);
          return sum +
            (slopes.get(of) ?? 0) * own.reduce((total, value) => total + value, 0) / (height * width);
        }, 0));
      const wanted = Array.from(
        { length: height * width },
        (_, place) =>
          weights.reduce((sum, weight, k) => sum + weight * (values[place * channels + k] ?? NaN), 0),
      );
      for (const value of wanted) signs.add(Math.sign(value));
      for (const signed of [false, true]) {
        const target = { kind: "class", index } as const;
        const context = contextOf(network, { layer, target, options: { signed } });
        const { map } = runCourse(network, finerCam.attribute(context));
        assert.deepEqual([map?.classIndex, map?.layer, map?.height, map?.width], [
          index,
          layer,
          height,
          width,
        ]);
        assertClose(map?.values ?? [], signed ? wanted : wanted.map((value) => Math.max(0, value)));
      }
    }
    assert.ok(signs.has(1) && signs.has(-1));
  });
}

Deno.test("finer-cam follows the rank of the frame's own ranking", () => {
  const context = contextOf(network, {
    layer: "early",
    target: { kind: "rank", rank: 2 },
    options: { signed: false },
  });
  const { map } = runCourse(network, finerCam.attribute(context));
  const { logits } = network.answer({ frame: 1, variation: { kind: "none" }, want: { kind: "logits" } });
  assert.equal(logits[map?.classIndex ?? -1], logits.toSorted().at(-2));
});
